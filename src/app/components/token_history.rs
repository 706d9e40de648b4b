//! What was done to one thing, newest first: verb, who, from where, the values before and after, and what was denied.

use super::activity_changes::{Changes, DeniedMark, DeniedReason, changes};
use super::button::LINK;
use super::icon::{Glyph, Icon};
use super::time::Day;
use crate::domain::activity::{Activity, Verb};
use leptos::prelude::*;

#[component]
pub fn TokenHistory(
    activity: Vec<Activity>,
    /// Where all of it is, and in words, for who may go there.
    #[prop(default = None)]
    all: Option<(String, &'static str)>,
) -> impl IntoView {
    let rows = activity.into_iter().map(|row| view! { <Row row=row /> }).collect_view();
    let all = all.map(|(href, words)| {
        view! {
            <p class="mt-3 text-sm">
                <a href=href class=LINK>
                    {words}
                </a>
            </p>
        }
    });
    view! {
        <section aria-labelledby="activity" class="mt-10">
            <h2 id="activity" class="border-b border-line pb-2 font-semibold">
                "Activity"
            </h2>
            <ul>{rows}</ul>
            {all}
        </section>
    }
}

fn icon(verb: Verb) -> Icon {
    match verb {
        Verb::TokenEdited => Icon::Edit,
        Verb::TokenReissued => Icon::Reissue,
        Verb::TokenRenewed => Icon::Renew,
        Verb::StringRetired | Verb::OlderStringsRetired => Icon::Retire,
        Verb::TokenRevoked => Icon::Ban,
        _ => Icon::Plus,
    }
}

#[component]
fn Row(row: Activity) -> impl IntoView {
    let changes = changes(&row);
    let words = row.verb.past();
    let mark = row.denied.is_some().then(|| {
        view! {
            " "
            <DeniedMark />
        }
    });
    let from = row.address.map(|address| format!(", from {address}"));
    view! {
        <li class="grid grid-cols-[1rem_minmax(0,1fr)_auto] items-start gap-x-2.5 border-b border-line py-2">
            <Glyph icon=icon(row.verb) class="mt-0.5 size-4 shrink-0 text-ink-3" />
            <div class="min-w-0">
                {words} {mark} <span class="block text-sm wrap-anywhere text-ink-3">
                    <bdi>{row.actor}</bdi>
                    {from}
                </span> <DeniedReason reason=row.denied /> <Changes changes=changes />
            </div>
            <span class="text-sm whitespace-nowrap text-ink-2 tabular-nums">
                <Day at=row.at />
            </span>
        </li>
    }
}
