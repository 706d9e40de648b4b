//! A menu of links and buttons: a `details` element that works before the page is alive. Then Escape and a click outside close it.

use super::icon::{Glyph, Icon};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;

/// A `details` element that closes by Escape, by a click outside and by following a link in it.
#[component]
pub fn Disclosure(
    #[prop(default = "relative")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(node) = node.get_untracked() {
            node.set_open(false);
        }
    };
    Effect::new(move || {
        let outside = window_event_listener(ev::click, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let inside = node.get_untracked().is_some_and(|node| node.contains(target.as_ref()));
            if !inside {
                close();
            }
        });
        on_cleanup(move || outside.remove());
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
            let summary =
                node.get_untracked().and_then(|node| node.query_selector("summary").ok()?);
            if let Some(summary) = summary.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = summary.focus();
            }
        }
    };
    view! {
        <details class=class node_ref=node on:keydown=on_key>
            {children()}
        </details>
    }
}

const PANEL: &str = "absolute z-20 w-52 rounded border border-line bg-raised p-1 shadow-float";

/// A menu behind three dots. `name` says what it belongs to, for those who do not see the row.
#[component]
pub fn Menu(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <Disclosure>
            <summary
                class="grid size-7 place-items-center rounded text-ink-3 transition-colors hover:bg-chosen hover:text-ink max-md:size-9"
                aria-label=name
            >
                <Glyph icon=Icon::More />
            </summary>
            <div class=format!("{PANEL} right-0 top-full mt-1")>{children()}</div>
        </Disclosure>
    }
}

/// The look of an item; the grave one is red and comes last, below a [`MenuLine`].
#[must_use]
pub fn item_class(grave: bool) -> &'static str {
    if grave {
        "flex h-8 w-full items-center gap-2.5 rounded-sm px-2 text-expired-ink transition-colors hover:bg-expired-wash max-md:h-11"
    } else {
        "flex h-8 w-full items-center gap-2.5 rounded-sm px-2 text-ink transition-colors hover:bg-chosen max-md:h-11"
    }
}

#[component]
pub fn MenuLink(
    #[prop(into)] href: String,
    icon: Icon,
    #[prop(default = false)] grave: bool,
    /// Leads to an address that the server answers alone, with a redirect.
    #[prop(default = false)]
    external: bool,
    children: Children,
) -> impl IntoView {
    let icon_class = if grave { "size-4 shrink-0" } else { "size-4 shrink-0 text-ink-3" };
    let rel = external.then_some("external");
    view! {
        <a href=href rel=rel class=item_class(grave)>
            <Glyph icon=icon class=icon_class />
            {children()}
        </a>
    }
}

#[component]
pub fn MenuLine() -> impl IntoView {
    view! { <div class="my-1 border-t border-line"></div> }
}
