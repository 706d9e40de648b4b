//! What is about to be made: the live sentence and the dates that follow, with the button below them.

use crate::app::components::button::{Button, Look};
use crate::app::components::time::{Day, Exact};
use crate::domain::answers::NewTokenPage;
use crate::domain::sentence::{self, Prospect};
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::domain::token_draft::RawDraft;
use leptos::prelude::*;

/// Markup as text: a browser with script reads what is inside as text, which could not be hydrated.
const STANDS_STILL: &str = "<p class=\"mt-2 text-sm text-ink-3\">Without JavaScript this does not follow what you type. \
                            The next page says what was made.</p>";

#[component]
pub fn Outcome(
    draft: ReadSignal<RawDraft>,
    kind: Kind,
    page: NewTokenPage,
    /// The post was refused, so the page stands still: the sentence is about what was sent.
    still: bool,
) -> impl IntoView {
    let now = page.now;
    let stages = page.workgroup.policy.stages.clone();
    let prospect = Memo::new(move |_| {
        sentence::prospect(sentence::lifetime(&draft.read(), kind), &stages, now)
    });
    let pieces = Memo::new(move |_| sentence::of_draft(&draft.read(), kind, &page));
    let words = move || {
        let pieces = pieces.get().into_iter();
        pieces
            .map(|piece| {
                let class = if piece.strong { "font-medium text-ink" } else { "" };
                view! { <bdi class=class>{piece.text}</bdi> }
            })
            .collect_view()
    };
    let dates = move || match prospect.get() {
        Some(prospect) => view! { <Dates prospect=prospect now=now /> }.into_any(),
        None => view! { <NoEnd /> }.into_any(),
    };
    view! {
        <aside
            aria-labelledby="result"
            class="self-start max-xl:border-t max-xl:border-line max-xl:pt-6 xl:sticky xl:top-8"
        >
            <h2 id="result" class="text-sm text-ink-3">
                {if still { "What you were about to make" } else { "What you are about to make" }}
            </h2>
            <p class="mt-2 text-lg break-words text-ink-2" aria-live="polite" data-testid="sentence">
                {words}
            </p>
            <noscript inner_html=STANDS_STILL></noscript>
            {dates}
            <Button
                look=Look::Primary
                working="Generating…"
                class="mt-5 w-full md:max-xl:w-auto"
            >
                "Generate token"
            </Button>
            <p class="mt-3 text-sm text-ink-3">
                "The string is shown once, on the next page. " <NoticesTo draft=draft />
            </p>
        </aside>
    }
}

#[component]
fn NoticesTo(draft: ReadSignal<RawDraft>) -> impl IntoView {
    move || {
        let email = draft.read().email.trim().to_owned();
        let to = if email.is_empty() { "the e-mail address above".to_owned() } else { email };
        view! {
            "Notices go to "
            <bdi class="break-all">{to}</bdi>
            "."
        }
    }
}

#[component]
fn NoEnd() -> impl IntoView {
    view! {
        <p class="mt-5 border-t border-line pt-3 text-sm text-ink-2">
            "No notice is ever mailed about it, and it stays in the list until somebody revokes it."
        </p>
    }
}

#[component]
fn Dates(prospect: Prospect, now: Time) -> impl IntoView {
    let Prospect { notices, expires, leaves } = prospect;
    let count = notices.len();
    let bar = view! { <LifeAhead notices=notices.clone() now=now expires=expires /> };
    let rows = notices
        .into_iter()
        .enumerate()
        .map(|(index, (days, at))| {
            let before = format!("{days} day{} before", if days == 1 { "" } else { "s" });
            view! {
                <DateRow what=sentence::ordinal(index, count) aside=before>
                    <Day at=at />
                </DateRow>
            }
        })
        .collect_view();
    view! {
        {bar}
        <dl class="mt-4 border-t border-line text-sm">
            {rows}
            <DateRow what="Expires" aside="" strong=true>
                <Exact at=expires />
            </DateRow>
            <DateRow what="Leaves the list" aside="four weeks later">
                <Day at=leaves />
            </DateRow>
        </dl>
    }
}

#[component]
fn DateRow(
    what: &'static str,
    #[prop(into)] aside: String,
    #[prop(default = false)] strong: bool,
    children: Children,
) -> impl IntoView {
    let class = if strong { "font-medium" } else { "text-ink-2" };
    view! {
        <div class="grid grid-cols-[1fr_auto] gap-x-3 border-b border-line py-1.5">
            <dt class=class>
                {what} " " <span class="font-normal text-ink-3">{aside}</span>
            </dt>
            <dd class=class>{children()}</dd>
        </div>
    }
}

/// The life of the string from today on; the notice window in amber, a gap at each notice. Positions are percent: no script resizes it.
#[component]
fn LifeAhead(notices: Vec<(i64, Time)>, now: Time, expires: Time) -> impl IntoView {
    let life = (expires.0 - now.0).max(1) as f64;
    let part = move |at: Time| format!("{:.1}%", (at.0 - now.0) as f64 * 100.0 / life);
    let days = (expires.0 - now.0) / crate::domain::time::DAY;
    let before = notices.iter().map(|(days, _)| days.to_string()).collect::<Vec<_>>();
    let name = match before.len() {
        0 => format!("{days} days of life, without a notice before the end"),
        _ => format!(
            "{days} days of life; notices {} days before the end",
            sentence::listed(&before)
        ),
    };
    let first = notices.first().map(|(_, at)| *at).unwrap_or(expires);
    let width = format!("{:.1}%", (expires.0 - first.0) as f64 * 100.0 / life);
    let gaps = notices
        .into_iter()
        .map(|(_, at)| {
            view! { <rect x=part(at) y="2" width="1.5" height="10" class="fill-paper"></rect> }
        })
        .collect_view();
    view! {
        <svg
            class="mt-5 block w-full overflow-visible"
            width="100%"
            height="14"
            role="img"
            aria-label=name
        >
            <rect x="0" y="4" width="100%" height="6" rx="3" class="fill-active-mark"></rect>
            <rect
                x=part(first)
                y="4"
                width=width
                height="6"
                rx="3"
                class="fill-expiring-mark"
            ></rect>
            {gaps}
        </svg>
        <div class="mt-1 flex justify-between text-xs text-ink-3 tabular-nums">
            <span>"Today"</span>
            <span>{expires.date()}</span>
        </div>
    }
}
