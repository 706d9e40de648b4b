//! Parts of the administration's lists: the search, the table, and the way to the next page.

use super::Asked;
use crate::app::components::button::{Button, ButtonLink, LINK, Size};
use crate::app::components::icon::{Glyph, Icon};
use crate::domain::administration::Listed;
use crate::domain::usage::{counted, grouped};
use leptos::prelude::*;

/// The look of a cell: a line of a card on a phone.
pub const CELL: &str = "py-2.5 pr-4 align-top max-md:block max-md:py-0.5 max-md:pr-0";
/// The look of a row: a card on a phone.
pub const ROW: &str = "border-b border-line max-md:relative max-md:block max-md:py-3 max-md:pr-24";
/// The look of the cell that holds what can be done with the row.
pub const ACTIONS: &str = "py-2 text-right align-top whitespace-nowrap max-md:absolute max-md:top-2 max-md:right-0 max-md:block";

/// A GET form: the question stands in the address.
#[component]
pub fn Search(
    list: &'static str,
    label: &'static str,
    placeholder: &'static str,
    asked: Asked,
) -> impl IntoView {
    view! {
        <form method="get" role="search" action=list class="mt-6 flex flex-wrap items-center gap-2">
            <div class="relative w-full md:w-72">
                <label for="search" class="sr-only">
                    {label}
                </label>
                <Glyph
                    icon=Icon::Search
                    class="pointer-events-none absolute top-1/2 left-2.5 size-4 shrink-0 -translate-y-1/2 text-ink-3"
                />
                <input
                    id="search"
                    name="search"
                    type="search"
                    value=asked.search
                    placeholder=placeholder
                    autocomplete="off"
                    class="h-9 w-full rounded border border-edge bg-paper pr-3 pl-8.5 text-ink max-md:h-10 max-md:text-field"
                />
            </div>
            <Button>"Search"</Button>
        </form>
    }
}

/// A table whose rows are cards on a phone. The last column has no heading that is seen.
#[component]
pub fn Table(
    caption: &'static str,
    columns: &'static [&'static str],
    children: Children,
) -> impl IntoView {
    let headings = columns.iter().map(|heading| {
        view! {
            <th
                role="columnheader"
                scope="col"
                class="h-8 pr-4 text-left align-middle text-sm font-normal text-ink-3"
            >
                {*heading}
            </th>
        }
    });
    view! {
        <table role="table" class="mt-4 w-full border-collapse max-md:block">
            <caption class="sr-only">{caption}</caption>
            <thead role="rowgroup" class="border-b border-line max-md:sr-only">
                <tr role="row">
                    {headings.collect_view()} <th role="columnheader" scope="col" class="h-8">
                        <span class="sr-only">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup" class="max-md:block max-md:border-t max-md:border-line">
                {children()}
            </tbody>
        </table>
    }
}

/// How many there are, and the ways to the first page and the next.
#[component]
pub fn Paging(
    list: &'static str,
    asked: Asked,
    shown: usize,
    total: i64,
    next: Option<String>,
    noun: &'static str,
) -> impl IntoView {
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    let narrowed = !asked.search.is_empty();
    let words = if !narrowed && total > shown {
        format!("{} of {} on this page", grouped(shown), counted(total, noun))
    } else {
        counted(shown, noun)
    };
    let first = (!asked.after.is_empty()).then(|| {
        let href = Asked { after: String::new(), ..asked.clone() }.at(list, &[]);
        view! { <ButtonLink href size=Size::Row>"First page"</ButtonLink> }
    });
    let next = next.map(|after| {
        let href = Asked { after, ..asked }.at(list, &[]);
        view! { <ButtonLink href size=Size::Row>"Next"</ButtonLink> }
    });
    let none = first.is_none() && next.is_none();
    view! {
        <div class="mt-4 flex items-center justify-between gap-4 text-sm text-ink-3 tabular-nums">
            <p role="status">{words}</p>
            <nav aria-label="Pages" class="flex gap-2" hidden=none>
                {first}
                {next}
            </nav>
        </div>
    }
}

/// Nothing fits the search, or the page lies behind the last one.
#[component]
pub fn NothingFound(list: &'static str, asked: Asked, searched: &'static str) -> impl IntoView {
    let title = if asked.search.is_empty() {
        "Nothing on this page".to_owned()
    } else {
        format!("Nothing matches \u{201c}{}\u{201d}", asked.search)
    };
    view! {
        <section class="mt-8 max-w-[40rem]" role="status">
            <h2 class="font-medium wrap-anywhere">{title}</h2>
            <p class="mt-1 text-ink-2">
                {searched} " " <a href=list class=LINK>
                    "Show all"
                </a> "."
            </p>
        </section>
    }
}

/// The heading of a list with its count.
#[component]
pub fn Heading<T: Clone + Send + Sync + 'static>(
    title: &'static str,
    of: Listed<T>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="flex flex-wrap items-start justify-between gap-4">
            <h1 class="flex items-baseline gap-2.5 text-xl font-semibold">
                {title} <span class="text-lg font-normal text-ink-3">{grouped(of.total)}</span>
            </h1>
            {children()}
        </div>
    }
}
