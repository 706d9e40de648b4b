//! What the pages of device groups share: the way back, the way to the pages before and after, and a section with its heading.

use super::button::{ButtonLink, Size};
use super::group_links;
use super::icon::{Glyph, Icon};
use crate::domain::device_groups::GroupQuery;
use leptos::prelude::*;

/// Above the title: back to the list.
#[component]
pub fn BackToGroups(#[prop(into)] workgroup: Signal<String>) -> impl IntoView {
    view! {
        <a
            href=move || group_links::list(&workgroup.get(), &GroupQuery::default())
            class="-ml-1 mb-2 inline-flex items-center gap-1 rounded text-sm text-ink-3 hover:text-ink"
        >
            <Glyph icon=Icon::Back class="size-3.5 shrink-0" />
            "Device groups"
        </a>
    }
}

/// `words` say what the page holds; the links are left out where there is no other page.
#[component]
pub fn Pager(
    #[prop(into)] words: String,
    previous: Option<String>,
    next: Option<String>,
) -> impl IntoView {
    let only = previous.is_none() && next.is_none();
    let link = |words: &'static str, href: String| {
        view! {
            <ButtonLink href=href size=Size::Row>
                {words}
            </ButtonLink>
        }
    };
    view! {
        <div class="mt-4 flex items-center justify-between gap-4 text-sm text-ink-3 tabular-nums">
            <p role="status">{words}</p>
            <nav aria-label="Pages" class="flex gap-2" hidden=only>
                {previous.map(|href| link("Previous", href))}
                {next.map(|href| link("Next", href))}
            </nav>
        </div>
    }
}

/// A part of a page under its own heading.
#[component]
pub fn Part(id: &'static str, #[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <section aria-labelledby=id class="mt-10 first:mt-0">
            <h2 id=id class="border-b border-line pb-2 font-semibold">
                {title}
            </h2>
            {children()}
        </section>
    }
}
