//! A dialog: open in the page as the server sent it, modal once the page is alive. Leaving it returns to the address without it.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// `back` is the page's address without the dialog: where Escape leads, and where the safe button in `children` should link.
#[component]
pub fn Dialog(
    #[prop(into)] title: String,
    #[prop(into)] back: String,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let modal = RwSignal::new(false);
    Effect::new(move || {
        if let Some(dialog) = node.get() {
            dialog.close();
            modal.set(dialog.show_modal().is_ok());
        }
    });
    // A modal that is taken out of the page loses the focus; one that is closed first gives it back to the link that opened it.
    on_cleanup(move || {
        if let Some(dialog) = node.try_get_untracked().flatten() {
            dialog.close();
        }
    });
    let navigate = use_navigate();
    let leave = move |event: ev::Event| {
        event.prevent_default();
        navigate(&back, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    view! {
        // What the backdrop will be once the dialog is modal.
        <div class="fixed inset-0 z-20 bg-scrim" class=("hidden", move || modal.get())></div>
        <dialog
            open
            node_ref=node
            aria-labelledby="dialog-title"
            class="fixed inset-0 z-30 m-auto h-fit max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] max-w-[36rem] overflow-y-auto rounded border border-line bg-raised p-6 text-ink shadow-float"
            on:cancel=leave
        >
            <h2 id="dialog-title" class="text-lg font-semibold">
                {title}
            </h2>
            {children()}
        </dialog>
    }
}

/// The foot of a dialog: the safe way first (on a phone the lower one).
#[component]
pub fn DialogFoot(children: Children) -> impl IntoView {
    view! { <div class="mt-6 flex justify-end gap-2 max-md:flex-col-reverse">{children()}</div> }
}
