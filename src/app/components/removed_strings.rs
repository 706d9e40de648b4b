//! Strings that have left the system and are still used: whom to tell, in a few rows below the list of tokens.

use super::time::Ago;
use crate::domain::status::StringState;
use crate::domain::time::Time;
use crate::domain::tombstone::{StillUsed, Tombstone};
use crate::domain::usage::{counted, grouped};
use leptos::prelude::*;

#[component]
pub fn RemovedStrings(removed: StillUsed, now: Time) -> impl IntoView {
    let StillUsed { strings, count } = removed;
    let more = count - strings.len() as i64;
    (count > 0).then(|| {
        let rows = strings.into_iter().map(|grave| view! { <Row grave now /> }).collect_view();
        view! {
            <section aria-labelledby="removed" class="mt-12">
                <h2 id="removed" class="font-semibold">
                    "Removed, and still used "
                    <span class="font-normal text-ink-3">{grouped(count)}</span>
                </h2>
                <p class="mt-1 max-w-[54rem] text-ink-2">
                    "These strings have left Latchkey. Whoever still calls with one is told that it ended, and needs a new token."
                </p>
                <ul class="mt-3 border-t border-line">{rows}</ul>
                {(more > 0)
                    .then(|| {
                        view! {
                            <p class="mt-2 text-sm text-ink-3">
                                "And " {counted(more, "other")} ", called less lately."
                            </p>
                        }
                    })}
            </section>
        }
    })
}

#[component]
fn Row(grave: Tombstone, now: Time) -> impl IntoView {
    let name = grave.name.map(|name| {
        view! {
            <span class="text-ink-2">
                <span aria-hidden="true">" \u{b7} "</span>
                <bdi class="wrap-anywhere">{name}</bdi>
            </span>
        }
    });
    let ended = match grave.why {
        StringState::Revoked => "revoked ",
        StringState::Superseded => "retired ",
        StringState::Expired | StringState::Live => "expired ",
    };
    let calls = grave.knocks.map(|knocks| {
        view! {
            {counted(knocks.calls, "call")}
            " refused, last "
            <Ago at=knocks.last_at now=now />
            " from "
            <bdi class="break-all">{knocks.last_from}</bdi>
        }
    });
    view! {
        <li
            data-testid="removed-string"
            class="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 border-b border-line py-2.5"
        >
            <span class="min-w-0">
                <bdi class="font-medium wrap-anywhere">{grave.owner}</bdi>
                {name}
                <span class="block text-sm text-ink-3">
                    <code class="font-mono text-sm text-ink-2">{grave.hint}</code>
                    ", "
                    {ended}
                    <Ago at=grave.ended_at now=now />
                </span>
            </span>
            <span class="text-sm text-expired-ink tabular-nums">{calls}</span>
        </li>
    }
}
