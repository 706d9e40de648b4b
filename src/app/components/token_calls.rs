//! What the calls of a token tell: why some were refused, what was asked for and what never was, from which addresses.

use super::icon::{Glyph, Icon};
use super::mark::Mark;
use super::time::{Ago, Day};
use crate::domain::answers::TokenPage;
use crate::domain::permission::Permission;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Token};
use crate::domain::token_usage::{ADDRESSES_KEPT, Asked, Refused, SeenAddress, TokenUsage, times};
use crate::domain::usage::grouped;
use leptos::either::Either;
use leptos::prelude::*;

#[component]
pub fn TokenCalls(page: TokenPage) -> impl IntoView {
    let TokenPage { token, permissions, usage, now, .. } = page;
    let TokenUsage { refusals, addresses, address_count, .. } = usage.clone();
    view! {
        <WhyRefused refusals />
        <AskedFor token permissions usage />
        <Addresses addresses count=address_count now />
    }
}

#[component]
fn WhyRefused(refusals: Vec<Refused>) -> impl IntoView {
    let row = |refused: Refused| {
        view! {
            <li class="flex gap-4 border-b border-line py-2.5">
                <span class="w-20 shrink-0 text-right font-medium tabular-nums">
                    {times(refused.calls)}
                </span>
                <span class="min-w-0 wrap-anywhere text-ink-2">{refused.why()}</span>
            </li>
        }
    };
    (!refusals.is_empty()).then(|| {
        view! {
            <section aria-labelledby="refused" class="mt-10">
                <h2 id="refused" class="border-b border-line pb-2 font-semibold">
                    "Why calls were refused, last 30 days"
                </h2>
                <ul>{refusals.into_iter().map(row).collect_view()}</ul>
            </section>
        }
    })
}

/// Nothing is said of a token that was never used; of one that was, also that nothing was asked for.
#[component]
fn AskedFor(token: Token, permissions: Vec<Permission>, usage: TokenUsage) -> impl IntoView {
    token.last_used_at()?;
    let idle: Vec<_> = usage.never_asked(&token, &permissions).into_iter().cloned().collect();
    let nothing = usage.permissions.is_empty() && usage.devices.is_empty();
    let more = usage.device_count - usage.devices.len() as i64;
    let lists = if nothing {
        Either::Left(view! {
            <p class="py-2.5 text-ink-3">
                "No API has asked for a permission or named a device with it yet."
            </p>
        })
    } else {
        let named = usage
            .permissions
            .into_iter()
            .map(|asked| {
                let held = permissions.iter().find(|known| known.name == asked.name);
                let lacks = held.is_none() && token.kind != Kind::Legacy;
                let label = held.map_or(asked.name.clone(), |known| known.label.clone());
                (label, lacks, asked)
            })
            .collect();
        let devices = usage.devices.into_iter().map(|it| (it.name.clone(), false, it)).collect();
        Either::Right(view! {
            <AskedList name="Permissions" rows=named />
            <AskedList name="Devices" rows=devices more />
        })
    };
    Some(view! {
        <section aria-labelledby="asked" class="mt-10">
            <h2 id="asked" class="border-b border-line pb-2 font-semibold">
                "What was asked for"
            </h2>
            {lists}
            <NeverAsked idle />
        </section>
    })
}

#[component]
fn AskedList(
    name: &'static str,
    /// What it is called, whether the token lacks it, and how often it was asked for.
    rows: Vec<(String, bool, Asked)>,
    #[prop(default = 0)] more: i64,
) -> impl IntoView {
    let row = |(label, lacks, asked): (String, bool, Asked)| {
        view! {
            <li class="flex flex-wrap items-baseline justify-between gap-x-4">
                <span class="flex min-w-0 items-baseline gap-2">
                    <bdi class="min-w-0 wrap-anywhere">{label}</bdi>
                    {lacks.then(|| view! { <Mark text="not held" /> })}
                </span>
                <span class="text-sm text-ink-3 tabular-nums">
                    {times(asked.calls)} ", last on " <Day at=Time::of_day(asked.last_day) />
                </span>
            </li>
        }
    };
    (!rows.is_empty()).then(|| {
        view! {
            <div class="grid gap-x-4 border-b border-line py-2.5 md:grid-cols-[6rem_minmax(0,1fr)]">
                <h3 class="text-ink-3">{name}</h3>
                <ul class="grid gap-1.5">
                    {rows.into_iter().map(row).collect_view()}
                    {(more > 0)
                        .then(|| {
                            view! {
                                <li class="text-sm text-ink-3">{format!("and {} more", grouped(more))}</li>
                            }
                        })}
                </ul>
            </div>
        }
    })
}

/// It may do more than it has to.
#[component]
fn NeverAsked(idle: Vec<Permission>) -> impl IntoView {
    (!idle.is_empty()).then(|| {
        let labels: Vec<_> = idle.into_iter().map(|known| known.label).collect();
        view! {
            <p class="mt-3 flex items-start gap-2 text-sm text-ink-2">
                <span class="mt-0.5 text-expiring-ink">
                    <Glyph icon=Icon::Warning class="size-3.5 shrink-0" stroke="2.25" />
                </span>
                <span>
                    "Never asked for: " <bdi class="font-medium text-ink">{labels.join(", ")}</bdi>
                    ". A new token without that would do the same work."
                </span>
            </p>
        }
    })
}

#[component]
fn Addresses(addresses: Vec<SeenAddress>, count: i64, now: Time) -> impl IntoView {
    let more = count - addresses.len() as i64;
    let row = move |seen: SeenAddress| {
        view! {
            <tr class="border-b border-line align-top">
                <th scope="row" class="py-2.5 pr-4 font-normal">
                    <bdi class="font-mono text-sm break-all">{seen.address}</bdi>
                </th>
                <td class="py-2.5 pr-4 text-ink-2">
                    <Day at=seen.first_seen_at />
                </td>
                <td class="py-2.5 text-right text-ink-2">
                    <Ago at=seen.last_seen_at now=now />
                </td>
            </tr>
        }
    };
    let heading = |words: &'static str, class: &'static str| {
        view! {
            <th scope="col" class=format!("h-8 text-sm font-normal text-ink-3 {class}")>
                {words}
            </th>
        }
    };
    (!addresses.is_empty()).then(|| {
        view! {
            <section aria-labelledby="addresses" class="mt-10">
                <h2 id="addresses" class="border-b border-line pb-2 font-semibold">
                    "Addresses"
                </h2>
                <table class="w-full">
                    <caption class="sr-only">"Where it was used from, the last first"</caption>
                    <thead>
                        <tr class="border-b border-line text-left">
                            {heading("Address", "pr-4")} {heading("First seen", "pr-4")}
                            {heading("Last used", "text-right")}
                        </tr>
                    </thead>
                    <tbody>{addresses.into_iter().map(row).collect_view()}</tbody>
                </table>
                {(more > 0)
                    .then(|| {
                        view! {
                            <p class="mt-2 text-sm text-ink-3">
                                {format!("and {} more", grouped(more))}
                                {(count >= ADDRESSES_KEPT)
                                    .then(|| format!(". The last {ADDRESSES_KEPT} are kept."))}
                            </p>
                        }
                    })}
            </section>
        }
    })
}
