//! The form that every change is posted with: native, to its page's own address. Hydration only keeps it from being sent twice.

use leptos::ev;
use leptos::prelude::*;

/// Whether the form round a button is being sent.
#[derive(Clone, Copy)]
pub struct Working(pub RwSignal<bool>);

/// A native form post. Without `action` it goes to the page's own address.
#[component]
pub fn PostForm(
    #[prop(optional, into)] action: Option<String>,
    #[prop(default = "")] class: &'static str,
    /// `multipart/form-data` where a file is sent along.
    #[prop(optional, into)]
    enctype: Option<&'static str>,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Form>,
    children: Children,
) -> impl IntoView {
    let working = RwSignal::new(false);
    provide_context(Working(working));
    // A page that comes back by the back button is as it was left: its form can be sent again.
    Effect::new(move || {
        let back = window_event_listener_untyped("pageshow", move |_| working.set(false));
        on_cleanup(move || back.remove());
    });
    let send = move |event: ev::SubmitEvent| {
        if working.get_untracked() {
            event.prevent_default();
        }
        working.set(true);
    };
    view! {
        <form
            method="post"
            action=action
            enctype=enctype
            class=class
            node_ref=node_ref
            on:submit=send
        >
            {children()}
        </form>
    }
}

/// A value that the form carries unseen.
#[component]
pub fn Hidden(name: &'static str, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}
