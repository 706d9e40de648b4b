//! The strings of a token, newest first: state, life, origin, last use and from where; *Retire* on a live one that is not the newest.

use super::button::{ButtonLink, Size};
use super::life_bar::LifeBar;
use super::spark_line::SparkLine;
use super::status_badge::LifeWords;
use super::time::{Ago, Day};
use super::token_links::{self, Asking};
use crate::domain::answers::TokenPage;
use crate::domain::notice::Stages;
use crate::domain::status::StringState;
use crate::domain::time::Time;
use crate::domain::token::{NumberedString, Token};
use crate::domain::usage::thirty_days;
use leptos::either::Either;
use leptos::prelude::*;

#[component]
pub fn TokenStrings(page: TokenPage) -> impl IntoView {
    let TokenPage { workgroup, token, now, .. } = page;
    let live = token.live_strings(now).count();
    let words = format!("{live} of {} live", token.strings.len());
    let rows = token.strings.iter().map(|string| {
        view! {
            <StringRow
                string=string.clone()
                token=token.clone()
                stages=workgroup.policy.stages.clone()
                workgroup=workgroup.slug.clone()
                now=now
            />
        }
    });
    view! {
        <section aria-labelledby="strings">
            <div class="flex items-baseline justify-between gap-4 border-b border-line pb-2">
                <h2 id="strings" class="font-semibold">
                    "Strings"
                </h2>
                <p class="text-sm text-ink-3 tabular-nums">{words}</p>
            </div>
            <table role="table" class="w-full max-md:block">
                <thead role="rowgroup" class="sr-only">
                    <tr role="row">
                        {["Number", "String", "Expires", "Last used", "Actions"]
                            .map(|heading| {
                                view! {
                                    <th role="columnheader" scope="col">
                                        {heading}
                                    </th>
                                }
                            })
                            .into_iter()
                            .collect_view()}
                    </tr>
                </thead>
                <tbody role="rowgroup" class="max-md:block">
                    {rows.collect_view()}
                </tbody>
            </table>
        </section>
    }
}

#[component]
fn StringRow(
    string: NumberedString,
    token: Token,
    stages: Stages,
    workgroup: String,
    now: Time,
) -> impl IntoView {
    let live = string.state(token.revoked_at, now) == StringState::Live;
    let newest = token.newest().map(|newest| newest.number) == Some(string.number);
    let life = string.life(&token, &stages, now);
    let (bar, tone, at) = (life.bar, life.tone, life.at);
    let ink = if live { "text-ink" } else { "text-ink-3" };
    let retire = (live && !newest).then(|| {
        let href = token_links::dialog(&workgroup, &token.id, Asking::Retire(string.number));
        let name = format!("Retire string #{}", string.number);
        view! {
            <ButtonLink href=href size=Size::Row aria_label=name>
                "Retire"
            </ButtonLink>
        }
    });
    view! {
        <tr
            role="row"
            class="border-b border-line align-top max-md:grid max-md:grid-cols-[2.5rem_minmax(0,1fr)] max-md:py-3"
        >
            <th
                role="rowheader"
                scope="row"
                class=format!("py-3 pr-3 font-medium tabular-nums max-md:row-span-4 max-md:py-0 {ink}")
            >
                {format!("#{}", string.number)}
            </th>
            <td role="cell" class="py-3 pr-4 max-md:py-0">
                <code class=format!("font-mono text-sm whitespace-nowrap {ink}")>
                    {string.hint.clone()}
                </code>
                <span class="block text-sm whitespace-nowrap text-ink-3">
                    {string.origin.past()} " " <Day at=string.issued_at />
                </span>
            </td>
            <td role="cell" class="py-3 pr-4 max-md:mt-2 max-md:py-0">
                <LifeWords life=life />
                <span class="flex h-5 items-center gap-2.5 text-xs whitespace-nowrap text-ink-3 md:pl-5">
                    <LifeBar bar=bar tone=tone width=104 />
                    {at.map(|at| view! { <Day at=at /> })}
                </span>
            </td>
            <td role="cell" class="py-3 max-md:mt-2 max-md:py-0">
                <LastUse string=string token=token now=now />
            </td>
            <td role="cell" class="py-2.5 pl-3 text-right max-md:mt-2 max-md:py-0 max-md:pl-0 max-md:text-left">
                {retire}
            </td>
        </tr>
    }
}

#[component]
fn LastUse(string: NumberedString, token: Token, now: Time) -> impl IntoView {
    let Some(last) = string.last_used_at else {
        return Either::Left(view! { <span class="text-ink-3">"Never used"</span> });
    };
    let days = thirty_days(&token.uses, now.day(), |number| number == string.number);
    let used = days.iter().any(|day| day.calls() > 0);
    let ended = string.state(token.revoked_at, now) != StringState::Live;
    let after = ended && string.life_ended_at(&token).is_some_and(|end| last >= end);
    let from = string.last_used_from.map(|from| {
        view! {
            <span class="block text-sm wrap-anywhere text-ink-3">
                "from " <bdi>{from}</bdi>
            </span>
        }
    });
    let class = if after { "block font-medium text-expired-ink" } else { "block text-ink-2" };
    Either::Right(view! {
        <span class="flex items-start justify-between gap-4">
            <span class="min-w-0">
                <span class=class>
                    {after.then_some("Still used ")} <Ago at=last now=now />
                </span>
                {from}
            </span>
            {used
                .then(|| {
                    view! {
                        <span class="mt-1 shrink-0">
                            <SparkLine days=days />
                        </span>
                    }
                })}
        </span>
    })
}
