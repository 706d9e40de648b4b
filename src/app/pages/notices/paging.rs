//! The ways to newer and older letters.

use crate::app::components::button::{ButtonLink, LINK, Size};
use crate::app::components::notice_links;
use crate::domain::notices_list::{NoticesPage, NoticesQuery};
use crate::domain::usage::counted;
use leptos::prelude::*;

#[component]
pub fn Paging(page: NoticesPage, query: NoticesQuery) -> impl IntoView {
    let workgroup = page.workgroup.slug;
    let link = |after: Option<String>, before: Option<String>| {
        notice_links::list(&workgroup, &NoticesQuery { after, before, ..query.first_page() })
    };
    let newest = link(None, None);
    let newer = page.newer.map(|place| link(None, Some(place)));
    let older = page.older.map(|place| link(Some(place), None));
    let only = newer.is_none() && older.is_none();
    let back = newer.is_some().then(|| {
        view! {
            " \u{b7} "
            <a href=newest class=LINK>
                "Back to the newest"
            </a>
        }
    });
    let button = |href: Option<String>, words: &'static str| {
        href.map(|href| {
            view! {
                <ButtonLink href=href size=Size::Row>
                    {words}
                </ButtonLink>
            }
        })
    };
    view! {
        <div class="mt-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm text-ink-3 tabular-nums">
            <p>
                <span role="status">
                    "Newest first \u{b7} " {counted(page.items.len() as i64, "letter")}
                </span>
                {back}
            </p>
            <nav aria-label="Pages" class="flex gap-2" hidden=only>
                {button(newer, "Newer")}
                {button(older, "Older")}
            </nav>
        </div>
    }
}
