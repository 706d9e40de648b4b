//! What goes out next, token by token.

use crate::app::components::button::LINK;
use crate::app::components::notice_links;
use crate::app::components::time::Ago;
use crate::app::components::token_links;
use crate::domain::notices_list::{NextRow, NoticesPage, NoticesQuery, stage_words};
use crate::domain::time::Time;
use leptos::either::Either;
use leptos::prelude::*;

#[component]
pub fn Next(page: NoticesPage, query: NoticesQuery) -> impl IntoView {
    let (slug, now) = (page.workgroup.slug, page.now);
    let more = (page.more_next && !query.all_next).then(|| {
        let href = notice_links::list(&slug, &NoticesQuery { all_next: true, ..query });
        view! {
            <p class="mt-3 text-sm">
                <a href=format!("{href}#next") class=LINK>
                    "Show more of what comes next"
                </a>
            </p>
        }
    });
    let body = if page.next.is_empty() {
        Either::Left(view! {
            <p class="mt-3 text-ink-2">
                "No token of this workgroup comes near an end of which anybody would be told."
            </p>
        })
    } else {
        let row = |row: NextRow| view! { <Row row=row workgroup=slug.clone() now=now /> };
        Either::Right(view! { <ul>{page.next.into_iter().map(row).collect_view()}</ul> })
    };
    view! {
        <section id="next" aria-labelledby="next-title" class="mt-10 max-w-[46rem]">
            <h2 id="next-title" class="border-b border-line pb-2 font-semibold">
                "Next"
            </h2>
            {body}
            {more}
        </section>
    }
}

#[component]
fn Row(row: NextRow, workgroup: String, now: Time) -> impl IntoView {
    let href = token_links::page(&workgroup, &row.token.id);
    // What is due goes with the next sweep.
    let when = if row.at <= now {
        Either::Left("with the next sweep")
    } else {
        Either::Right(view! { <Ago at=row.at now=now /> })
    };
    view! {
        <li
            data-testid="next-row"
            class="flex flex-wrap items-start justify-between gap-x-6 gap-y-1 border-b border-line py-2.5"
        >
            <div class="min-w-0 flex-1 basis-56">
                <a href=href class="font-medium wrap-anywhere underline-offset-3 hover:underline">
                    <bdi>{row.token.title}</bdi>
                </a>
                <div class="text-sm wrap-anywhere text-ink-2">
                    <bdi>{row.recipient}</bdi>
                </div>
            </div>
            <div class="text-right max-md:text-left">
                <div class="tabular-nums">{when}</div>
                <div class="text-sm text-ink-3">{stage_words(row.stage)}</div>
            </div>
        </li>
    }
}
