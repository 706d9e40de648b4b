//! One token in the list: a table row of two lines, which a phone shows as a card. The same cells, the same roles.

use super::icon::{Glyph, Icon};
use super::life_bar::LifeBar;
use super::mark::Mark;
use super::row_actions::RowActions;
use super::spark_line::SparkLine;
use super::status_badge::LifeWords;
use super::time::{Ago, Day};
use super::token_access::{AccessChips, ReachWords};
use super::token_links;
use crate::domain::lead::shortly;
use crate::domain::status::TokenStatus;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Knocks, Token};
use crate::domain::usage::{grouped, thirty_days};
use leptos::either::EitherOf3;
use leptos::prelude::*;

const ROW: &str = "group/row relative border-b border-line align-top transition-colors md:hover:bg-hover \
                   max-md:grid max-md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] max-md:gap-x-4 max-md:gap-y-1.5 \
                   max-md:px-4 max-md:py-4";
/// The hover wash reaches past the text, here at the left.
const BEFORE: &str = "md:relative md:before:absolute md:before:inset-y-0 md:before:-left-3 md:before:w-3 \
                      md:before:transition-colors md:group-hover/row:before:bg-hover";
const PAIR: &str = "max-md:col-span-2 max-md:flex max-md:items-center max-md:justify-between max-md:gap-4 md:py-2.5";

#[component]
pub fn TokenRow(token: Token, now: Time, #[prop(into)] workgroup: String) -> impl IntoView {
    let status = token.status(now);
    view! {
        <tr role="row" data-testid="token-row" data-status=status.code() class=ROW>
            <OwnerCell token=token.clone() status=status workgroup=workgroup.clone() />
            <td role="cell" class="py-2.5 pr-4 max-xl:hidden">
                <span class="block h-5">
                    <Hint token=token.clone() />
                </span>
                <Renewal token=token.clone() />
            </td>
            <td role="cell" class="py-2.5 pr-3 max-xl:hidden">
                <span class="block h-5">
                    <AccessChips token=token.clone() tight=true />
                </span>
                <ReachWords token=token.clone() />
            </td>
            <ExpiresCell token=token.clone() now=now />
            <LastUsedCell token=token.clone() now=now />
            <RowActions token=token status=status workgroup=workgroup />
        </tr>
    }
}

#[component]
fn OwnerCell(token: Token, status: TokenStatus, workgroup: String) -> impl IntoView {
    let href = token_links::page(&workgroup, &token.id);
    let ink = if status == TokenStatus::Revoked { "text-ink-2" } else { "text-ink" };
    let trait_mark = match token.kind {
        Kind::Access => None,
        Kind::Device => Some("device"),
        Kind::Legacy => Some("legacy"),
    };
    let name = token.name.clone().map(|name| {
        view! {
            <span class="truncate text-ink-2">
                <span aria-hidden="true">"\u{b7} "</span>
                <bdi>{name}</bdi>
            </span>
        }
    });
    view! {
        <th
            role="rowheader"
            scope="row"
            class=format!("max-md:col-span-2 max-md:pr-24 md:py-2.5 md:pr-4 {BEFORE}")
        >
            <span class="flex min-w-0 items-center gap-2">
                <a
                    href=href
                    class=format!("flex min-w-0 gap-1.5 underline-offset-3 hover:underline {ink}")
                    title=token.title()
                >
                    <bdi class="truncate font-medium">{token.owner.clone()}</bdi>
                    {name}
                </a>
                {trait_mark.map(|text| view! { <Mark text=text /> })}
            </span>
            <bdi class="block truncate text-sm text-ink-3" title=token.email.clone()>
                {token.email.clone()}
            </bdi>
            <span class="mt-1 flex flex-wrap items-center gap-x-3 xl:hidden">
                <Hint token=token.clone() />
                <Renewal token=token.clone() />
            </span>
            <span class="mt-1.5 flex flex-wrap items-center gap-x-2.5 gap-y-1 xl:hidden">
                <AccessChips token=token.clone() />
                <ReachWords token=token />
            </span>
        </th>
    }
}

#[component]
fn Hint(token: Token) -> impl IntoView {
    let class = if token.revoked_at.is_some() {
        "font-mono text-sm whitespace-nowrap text-ink-3 line-through"
    } else {
        "font-mono text-sm whitespace-nowrap text-ink"
    };
    view! { <code class=class>{token.hint().to_owned()}</code> }
}

#[component]
fn Renewal(token: Token) -> impl IntoView {
    let (words, class) = match (token.revoked_at, token.can_renew, token.kind) {
        (Some(_), _, _) => ("Final", "text-ink-3"),
        (None, true, _) => ("Can renew", "text-ink-3"),
        // Nothing can be done about a legacy token, and nothing need be about one that does not expire.
        (None, false, kind) if kind == Kind::Legacy || token.expires_at.is_none() => {
            ("Cannot renew", "text-ink-3")
        }
        (None, false, _) => ("Cannot renew", "text-ink"),
    };
    view! { <span class=format!("block text-sm whitespace-nowrap {class}")>{words}</span> }
}

#[component]
fn ExpiresCell(token: Token, now: Time) -> impl IntoView {
    let life = token.life(now);
    let (bar, tone, at) = (life.bar, life.tone, life.at);
    view! {
        <td role="cell" class=format!("{PAIR} md:pr-2")>
            <LifeWords life=life />
            <span class="flex h-5 items-center gap-2 text-xs whitespace-nowrap text-ink-3 md:pl-5">
                <LifeBar bar=bar tone=tone />
                {at.map(|at| view! { <Day at=at /> })}
            </span>
        </td>
    }
}

#[component]
fn LastUsedCell(token: Token, now: Time) -> impl IntoView {
    let days = thirty_days(&token.uses, now.day(), |_| true);
    let content = match token.last_used_at() {
        None => EitherOf3::A(view! {
            <span class="text-ink-2">"Never used"</span>
            <span class="block h-5 text-xs leading-5 whitespace-nowrap text-ink-3">
                "Made " <Ago at=token.created_at now=now />
            </span>
        }),
        Some(last) if token.still_knocking(now) => {
            let end = token.ended_at(now).unwrap_or(now);
            // What was counted before knocks were has its day's count alone.
            let from = token.strings.iter().max_by_key(|string| string.last_used_at);
            let knocks = token.knocks.clone().unwrap_or_else(|| Knocks {
                calls: token.refused_since(end),
                last_at: last,
                last_from: from.and_then(|it| it.last_used_from.clone()).unwrap_or_default(),
            });
            EitherOf3::B(view! {
                <Knocking knocks now />
                <span class="flex h-5 items-center">
                    <SparkLine days=days />
                </span>
            })
        }
        Some(last) => EitherOf3::C(view! {
            <span class="whitespace-nowrap text-ink-2">
                <span class="md:hidden">"Used "</span>
                <Ago at=last now=now />
            </span>
            <Spark days=days />
        }),
    };
    view! { <td role="cell" class=format!("{PAIR} md:pr-1")>{content}</td> }
}

/// How often, when last, and from where: whoever is broken now.
#[component]
fn Knocking(knocks: Knocks, now: Time) -> impl IntoView {
    let Knocks { calls, last_at, last_from } = knocks;
    let refused = (calls > 0).then(|| format!("{} refused, ", grouped(calls)));
    let from = format!("from {last_from}");
    let whole = from.clone();
    view! {
        <span class="flex items-center gap-1.5 font-medium whitespace-nowrap text-expired-ink">
            <Glyph icon=Icon::Warning class="size-3.5 shrink-0" stroke="2.25" />
            <span>
                "Still used "
                <time datetime=last_at.rfc3339() title=last_at.exact()>
                    {shortly(last_at, now)}
                </time>
            </span>
        </span>
        <span class="block h-5 truncate text-xs leading-5 text-ink-3 tabular-nums" title=whole>
            {refused}
            <bdi>{from}</bdi>
        </span>
    }
}

#[component]
fn Spark(days: Vec<crate::domain::usage::Day>) -> impl IntoView {
    let refused: i64 = days.iter().map(|day| day.refused).sum();
    let mostly = days.iter().map(|day| day.allowed).sum::<i64>() < refused * 20;
    let words = (refused > 0 && mostly).then(|| format!("{} refused", grouped(refused)));
    view! {
        <span class="flex h-5 items-center gap-2 text-xs whitespace-nowrap text-ink-3">
            <SparkLine days=days />
            <span class="tabular-nums max-xl:sr-only">{words}</span>
        </span>
    }
}
