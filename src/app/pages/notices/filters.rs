//! What narrows the letters: a search, and how they were taken. One GET form and links.

use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::notice_links;
use crate::domain::notices_list::{NoticesPage, NoticesQuery, Show};
use crate::domain::usage::grouped;
use leptos::prelude::*;

#[component]
pub fn Filters(page: NoticesPage, query: NoticesQuery) -> impl IntoView {
    let slug = page.workgroup.slug.clone();
    let show = Some(query.show.code()).filter(|code| !code.is_empty());
    let kept = show.map(|code| view! { <input type="hidden" name="show" value=code /> });
    view! {
        <form
            method="get"
            role="search"
            action=notice_links::posted(&slug)
            class="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line pb-2"
        >
            <div class="relative w-full md:w-72">
                <label for="search" class="sr-only">
                    "Search letters"
                </label>
                <Glyph
                    icon=Icon::Search
                    class="pointer-events-none absolute top-1/2 left-2.5 size-4 shrink-0 -translate-y-1/2 text-ink-3"
                />
                <input
                    id="search"
                    name="search"
                    type="search"
                    value=query.search.clone()
                    placeholder="Address or token owner"
                    autocomplete="off"
                    class="h-9 w-full rounded border border-edge bg-paper pr-3 pl-8.5 text-ink max-md:h-10 max-md:text-field"
                />
            </div>
            {kept}
            <button
                type="submit"
                class="inline-flex h-9 items-center rounded border border-line-2 bg-paper px-3.5 font-medium text-ink hover:bg-hover max-md:h-10"
            >
                "Search"
            </button>
            <Chips page=page query=query />
        </form>
    }
}

/// All, and what is not done yet, with how many there are.
#[component]
fn Chips(page: NoticesPage, query: NoticesQuery) -> impl IntoView {
    let slug = page.workgroup.slug;
    let chip = move |show: Show| {
        let on = query.show == show;
        let href = notice_links::list(&slug, &NoticesQuery { show, ..query.first_page() });
        let class = if on {
            "bg-chosen font-medium text-ink"
        } else {
            "text-ink-2 hover:bg-hover hover:text-ink"
        };
        let count = match show {
            Show::All => None,
            Show::Trying => Some(page.trying),
            Show::Undelivered => Some(page.undelivered),
        };
        let count = count.map(|count| {
            view! { <span class="font-normal text-ink-3 tabular-nums">{grouped(count)}</span> }
        });
        view! {
            <a
                href=href
                aria-current=on.then_some("true")
                class=format!(
                    "inline-flex h-8 shrink-0 items-center gap-1.5 rounded px-2.5 text-sm whitespace-nowrap transition-colors max-md:h-10 {class}",
                )
            >
                {show.label()}
                {count}
            </a>
        }
    };
    view! {
        <nav aria-label="Result" class="-mx-1 flex items-center gap-0.5">
            {Show::ALL.map(chip).into_iter().collect_view()}
        </nav>
    }
}
