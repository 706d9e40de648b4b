//! What reaches a device: its own tokens, the tokens that open it and why, the members who see it by their group.

use super::button::{ButtonLink, LINK, Size};
use super::device_links;
use super::status_badge::StatusBadge;
use super::time::Day;
use super::token_links;
use crate::domain::device_list::{BoundMember, DeviceAccess, DevicePage, TokenLine};
use crate::domain::status::TokenStatus;
use crate::domain::usage::grouped;
use leptos::prelude::*;

#[component]
pub fn DeviceTokens(page: DevicePage, access: DeviceAccess) -> impl IntoView {
    let slug = page.workgroup.slug;
    let another = device_links::another_token(&slug, &page.kept.device.external_id);
    let more = more(access.own.len(), access.own_count);
    let none = access.own.is_empty().then(|| {
        view! {
            <p class="py-3 text-ink-2">
                "It has no token of its own. One is issued here, and its string is shown once."
            </p>
        }
    });
    let rows = access.own.into_iter().map(|token| {
        view! { <OwnToken token=token workgroup=slug.clone() /> }
    });
    view! {
        <section aria-labelledby="own-tokens">
            <div class="flex items-center justify-between gap-4 border-b border-line pb-2">
                <h2 id="own-tokens" class="font-semibold">
                    "Device tokens"
                </h2>
                <ButtonLink href=another size=Size::Row>
                    "Issue another token"
                </ButtonLink>
            </div>
            {none}
            <ul>{rows.collect_view()}</ul>
            {more}
        </section>
    }
}

#[component]
fn OwnToken(token: TokenLine, workgroup: String) -> impl IntoView {
    let end = match (token.status, token.expires_at) {
        (TokenStatus::Revoked, _) => ().into_any(),
        (_, None) => "Does not expire".into_any(),
        (TokenStatus::Expired, Some(at)) => view! { "Expired " <Day at=at /> }.into_any(),
        (_, Some(at)) => view! { "Until " <Day at=at /> }.into_any(),
    };
    view! {
        <li
            data-testid="device-token"
            class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-2.5"
        >
            <span class="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
                <a href=token_links::page(&workgroup, &token.id) class=LINK>
                    <bdi class="wrap-anywhere">{token.title}</bdi>
                </a>
                <code class="font-mono text-sm text-ink-2">{token.hint}</code>
            </span>
            <span class="flex items-center gap-2.5 text-sm text-ink-3">
                {end} <StatusBadge status=token.status />
            </span>
        </li>
    }
}

/// Tokens that open the device at present, each with why.
#[component]
pub fn Reaching(page: DevicePage, access: DeviceAccess) -> impl IntoView {
    let (slug, id) = (page.workgroup.slug, page.kept.device.id);
    let next = access.next.map(|after| {
        view! {
            <p class="mt-3">
                <ButtonLink href=device_links::reaching(&slug, &id, &after) size=Size::Row>
                    "Next"
                </ButtonLink>
            </p>
        }
    });
    let none = access.reaching.is_empty().then(|| {
        view! { <p class="py-3 text-ink-2">"No token opens it at present."</p> }
    });
    let rows = access.reaching.into_iter().map(|token| {
        let why = token.why();
        view! {
            <li
                data-testid="reaching"
                class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b border-line py-2.5"
            >
                <span class="min-w-0">
                    <a href=token_links::page(&slug, &token.id) class=LINK>
                        <bdi class="wrap-anywhere">{token.title}</bdi>
                    </a>
                    ": "
                    <bdi class="wrap-anywhere text-ink-2">{why}</bdi>
                </span>
                <code class="font-mono text-sm text-ink-3">{token.hint}</code>
            </li>
        }
    });
    view! {
        <section aria-labelledby="reaching" class="mt-10">
            <h2 id="reaching" class="border-b border-line pb-2 font-semibold">
                "Tokens that reach it"
            </h2>
            {none}
            <ul>{rows.collect_view()}</ul>
            {next}
        </section>
    }
}

/// Members who are bound to a group that holds it; the others see every device.
#[component]
pub fn BoundMembers(members: Vec<BoundMember>, count: i64) -> impl IntoView {
    let more = more(members.len(), count);
    let none = members.is_empty().then(|| {
        view! {
            <p class="py-3 text-ink-2">
                "Nobody sees it by a device group. Members of the whole workgroup see every device."
            </p>
        }
    });
    let rows = members.into_iter().map(|member| {
        view! {
            <li class="border-b border-line py-2.5">
                <bdi class="wrap-anywhere">{member.name}</bdi>
                <span class="text-ink-2">
                    ": through the device group " <bdi class="wrap-anywhere">{member.group}</bdi>
                </span>
                <bdi class="block text-sm wrap-anywhere text-ink-3">{member.email}</bdi>
            </li>
        }
    });
    view! {
        <section aria-labelledby="bound-members" class="mt-10">
            <h2 id="bound-members" class="border-b border-line pb-2 font-semibold">
                "Members bound to its groups"
            </h2>
            {none}
            <ul>{rows.collect_view()}</ul>
            {more}
        </section>
    }
}

/// How many more there are than are shown.
fn more(shown: usize, count: i64) -> Option<impl IntoView> {
    let rest = count - i64::try_from(shown).unwrap_or(i64::MAX);
    let words = format!("and {} more", grouped(rest.max(0)));
    (rest > 0).then(|| view! { <p class="mt-2 text-sm text-ink-3">{words}</p> })
}
