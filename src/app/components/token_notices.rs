//! What the address of a token was told of its end, and what it is told next.

use super::button::LINK;
use super::letter_links;
use super::letter_result::LetterResult;
use super::time::Exact;
use crate::domain::answers::TokenPage;
use crate::domain::letter_page::NoticeSent;
use crate::domain::notices_list::stage_words;
use crate::domain::time::Time;
use leptos::prelude::*;

#[component]
pub fn TokenNotices(page: TokenPage) -> impl IntoView {
    let TokenPage { notices, next_notice, workgroup, reads_record, token, now, .. } = page;
    // Of a token with one string it goes without saying which one ends.
    let numbered = token.strings.len() > 1;
    let rows = notices
        .into_iter()
        .map(|notice| {
            let slug = reads_record.then(|| workgroup.slug.clone());
            view! { <Row notice=notice slug=slug numbered=numbered /> }
        })
        .collect::<Vec<_>>();
    let next = next_notice.map(|next| view! { <Next next=next to=token.email now=now /> });
    (!rows.is_empty() || next.is_some()).then(|| {
        view! {
            <section aria-labelledby="notices" class="mt-10">
                <h2 id="notices" class="border-b border-line pb-2 font-semibold">
                    "Notices sent"
                </h2>
                <ul>{rows}</ul>
                {next}
            </section>
        }
    })
}

/// `slug`: for whoever may read the letter.
#[component]
fn Row(notice: NoticeSent, slug: Option<String>, numbered: bool) -> impl IntoView {
    let words = stage_words(notice.stage);
    let title = match slug.zip(notice.letter) {
        Some((slug, letter)) => view! {
            <a href=letter_links::page(&slug, &letter) class=LINK>
                {words}
            </a>
        }
        .into_any(),
        None => words.into_any(),
    };
    let number = numbered.then(|| format!(" \u{b7} string {}", notice.number));
    let result = match notice.delivery {
        Some(delivery) => view! { <LetterResult delivery=delivery /> }.into_any(),
        None => view! {
            <span class="text-ink-2">
                <Exact at=notice.at />
            </span>
        }
        .into_any(),
    };
    view! {
        <li class="grid gap-x-6 gap-y-1 border-b border-line py-2 sm:grid-cols-2">
            <div class="min-w-0">
                {title} {number} <span class="block text-sm wrap-anywhere text-ink-3">
                    "to " <bdi>{notice.address}</bdi>
                </span>
            </div>
            <div class="min-w-0 text-sm">{result}</div>
        </li>
    }
}

#[component]
fn Next(next: (Time, i64), to: String, now: Time) -> impl IntoView {
    let (at, stage) = next;
    let when = if at <= now {
        "at the next sweep".into_any()
    } else {
        view! { <Exact at=at /> }.into_any()
    };
    view! {
        <p class="mt-3 text-sm text-ink-2">
            "Next notice: " {stage_words(stage).to_lowercase()} ", " {when} ", to "
            <bdi class="wrap-anywhere">{to}</bdi> "."
        </p>
    }
}
