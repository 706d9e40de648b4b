//! A letter on a page: as HTML in a frame that runs nothing, or as text; and the ways between its sides.

use super::letter_links;
use crate::domain::letter_page::Side;
use leptos::prelude::*;

/// The sides that can be looked at, each with its address; the one that is shown is marked.
#[component]
pub fn Sides(sides: Vec<(Side, String)>, shown: Side) -> impl IntoView {
    let links = sides.into_iter().map(|(side, href)| {
        let chosen = side == shown;
        let look = if chosen { "font-medium text-ink" } else { "text-ink-3 hover:text-ink" };
        view! {
            <a
                href=href
                aria-current=chosen.then_some("page")
                class=format!("rounded py-1 transition-colors {look}")
            >
                {side.label()}
            </a>
        }
    });
    view! {
        <nav aria-label="Sides of the letter" class="flex gap-4 text-sm">
            {links.collect_view()}
        </nav>
    }
}

/// The HTML, from an address of its own: the frame gives it neither scripts nor forms nor our origin.
#[component]
pub fn Framed(src: String) -> impl IntoView {
    view! {
        <iframe
            src=src
            title="The letter as HTML"
            sandbox=""
            class="mt-4 h-[70dvh] min-h-96 w-full rounded border border-line-2 bg-paper scheme-light"
        ></iframe>
    }
}

#[component]
pub fn Plain(text: String) -> impl IntoView {
    view! {
        <div
            class="mt-4 overflow-x-auto rounded border border-line-2 bg-paper p-4"
            role="region"
            aria-label="The letter as text"
            tabindex="0"
        >
            <pre class="font-mono text-sm whitespace-pre-wrap wrap-anywhere">{text}</pre>
        </div>
    }
}

/// A line of facts: what it is, and what it says.
#[component]
pub fn Fact(label: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-3 py-1">
            <dt class="text-ink-3">{label}</dt>
            <dd class="wrap-anywhere">{children()}</dd>
        </div>
    }
}

#[component]
pub fn BackToNotices(workgroup: String) -> impl IntoView {
    view! {
        <a
            href=letter_links::list(&workgroup)
            class="-ml-1 inline-flex items-center gap-1 rounded text-sm text-ink-3 hover:text-ink"
        >
            <super::icon::Glyph icon=super::icon::Icon::Back class="size-3.5 shrink-0" />
            "Notices"
        </a>
    }
}
