//! The facts of a token, as a list of names and values.

use super::button::LINK;
use super::icon::{Glyph, Icon};
use super::time::{Ago, Day};
use crate::domain::answers::TokenPage;
use crate::domain::permission::Permission;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Reach, Token};
use crate::domain::usage::{counted, grouped};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

#[component]
pub fn TokenFacts(page: TokenPage) -> impl IntoView {
    let TokenPage { token, permissions, group, default_rate_limit, now, .. } = page;
    let (reach, kind) = (token.reach.clone(), token.kind);
    view! {
        <section aria-labelledby="facts">
            <h2 id="facts" class="border-b border-line pb-2 font-semibold">
                "Facts"
            </h2>
            <dl>
                <Who token=token.clone() />
                <May token=token.clone() permissions=permissions />
                <Fact name="Where">
                    <Where reach=reach kind=kind group=group />
                </Fact>
                <Terms token=token.clone() default_rate_limit=default_rate_limit now=now />
                <StillUsed token=token.clone() now=now />
                <Made token=token />
            </dl>
        </section>
    }
}

/// Whom it is for.
#[component]
fn Who(token: Token) -> impl IntoView {
    let mailto = format!("mailto:{}", token.email);
    view! {
        <Fact name="Owner">
            <bdi class="wrap-anywhere">{token.owner}</bdi>
        </Fact>
        {token
            .name
            .map(|name| {
                view! {
                    <Fact name="Name">
                        <bdi class="wrap-anywhere">{name}</bdi>
                    </Fact>
                }
            })}
        <Fact name="Email">
            <a href=mailto class=format!("{LINK} break-all")>
                <bdi>{token.email}</bdi>
            </a>
        </Fact>
    }
}

/// What its next string would be like, and how often it may call.
#[component]
fn Terms(token: Token, default_rate_limit: i64, now: Time) -> impl IntoView {
    let limit = grouped(token.rate_limit.unwrap_or(default_rate_limit));
    let everywhere = token.rate_limit.is_none().then(|| {
        view! { <span class="block text-sm text-ink-3">"as everywhere"</span> }
    });
    let own = token.kind != Kind::Legacy;
    let lifetime = lifetime(&token);
    view! {
        {own.then(|| view! { <Fact name="New strings">{lifetime}</Fact> })}
        <Fact name="Can renew">
            <Renewal token=token now=now />
        </Fact>
        {own.then(|| view! { <Fact name="Rate limit">{limit} " requests a minute" {everywhere}</Fact> })}
    }
}

/// Who is broken: calls after its end.
#[component]
fn StillUsed(token: Token, now: Time) -> impl IntoView {
    let ended = token.ended_at(now);
    token.knocks.zip(ended).map(|(knocks, ended)| {
        view! {
            <Fact name="Still used">
                <span class="text-expired-ink">"After its end: " {counted(knocks.calls, "call")} " refused"</span>
                <span class="block text-sm text-ink-3">
                    "since " <Day at=ended /> ", last from "
                    <bdi class="break-all">{knocks.last_from}</bdi> " "
                    <Ago at=knocks.last_at now=now />
                </span>
            </Fact>
        }
    })
}

/// Who made it, the note and the id.
#[component]
fn Made(token: Token) -> impl IntoView {
    view! {
        <Fact name="Created">
            <Day at=token.created_at />
            <span class="block text-sm text-ink-3">
                "by " <bdi class="wrap-anywhere">{token.created_by}</bdi>
            </span>
        </Fact>
        {token
            .note
            .map(|note| {
                view! {
                    <Fact name="Note">
                        <bdi class="block whitespace-pre-line wrap-anywhere">{note}</bdi>
                    </Fact>
                }
            })}
        <Fact name="Id">
            <code class="font-mono text-xs break-all text-ink-2">{token.id}</code>
        </Fact>
    }
}

#[component]
fn Fact(name: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-4 border-b border-line py-2.5">
            <dt class="text-ink-3">{name}</dt>
            <dd class="min-w-0">{children()}</dd>
        </div>
    }
}

fn lifetime(token: &Token) -> String {
    if token.lifetime.expires() {
        format!("Live for {}", token.lifetime.label())
    } else {
        "Do not expire".to_owned()
    }
}

/// Permissions by their labels, or the scopes of a legacy token as they came.
#[component]
fn May(token: Token, permissions: Vec<Permission>) -> impl IntoView {
    if token.kind == Kind::Legacy {
        let scopes = token.scopes.into_iter().map(|scope| {
            view! { <li class="font-mono text-sm break-all">{scope}</li> }
        });
        return Either::Left(view! {
            <Fact name="Scopes">
                <ul class="grid gap-1.5">{scopes.collect_view()}</ul>
                <span class="block text-sm text-ink-3">"As imported; they open nothing here."</span>
            </Fact>
        });
    }
    let entry = |permission: Permission| {
        view! {
            <li class="flex items-center gap-1.5" title=permission.description>
                {permission.label}
                {permission
                    .powerful
                    .then(|| {
                        view! {
                            <Glyph icon=Icon::Shield class="size-3.5 shrink-0 text-ink-3" stroke="2" />
                            <span class="sr-only">"powerful"</span>
                        }
                    })}
            </li>
        }
    };
    let empty = permissions.is_empty().then(|| view! { <li class="text-ink-3">"Nothing"</li> });
    Either::Right(view! {
        <Fact name="May">
            <ul class="grid gap-1.5">
                {permissions.into_iter().map(entry).collect_view()} {empty}
            </ul>
        </Fact>
    })
}

#[component]
fn Where(reach: Reach, kind: Kind, group: Option<(String, i64)>) -> impl IntoView {
    match reach {
        Reach::Workgroup if kind == Kind::Legacy => {
            EitherOf3::A("Unknown: as the other system says")
        }
        Reach::Workgroup => EitherOf3::A("The whole workgroup"),
        Reach::Group { name, .. } => EitherOf3::B(view! {
            <bdi class="wrap-anywhere">{name}</bdi>
            {group
                .map(|(rule, devices)| {
                    view! {
                        <span class="block text-sm wrap-anywhere text-ink-3">
                            {counted(devices, "device")} ", " <bdi>{rule}</bdi>
                        </span>
                    }
                })}
        }),
        Reach::Device { name, external_id, .. } => EitherOf3::C(view! {
            <bdi class="wrap-anywhere">{name}</bdi>
            <code class="block font-mono text-xs leading-5 break-all text-ink-3">{external_id}</code>
        }),
    }
}

#[component]
fn Renewal(token: Token, now: Time) -> impl IntoView {
    let no = match (token.kind, token.can_renew, token.expires_at) {
        _ if token.revoked_at.is_some() => Some("No: it is revoked"),
        (Kind::Legacy, ..) => Some("No: legacy tokens cannot"),
        (_, false, _) => Some("No"),
        (_, true, None) => Some("Not needed: it does not expire"),
        (_, true, Some(end)) if end <= now => Some("No: it has expired"),
        (_, true, Some(_)) => None,
    };
    match (no, token.renew_from()) {
        (Some(no), _) => EitherOf3::A(no),
        (None, Some(from)) => EitherOf3::B(view! {
            {if from <= now { "Yes, best since " } else { "Yes, best from " }}
            <Day at=from />
            {(from > now).then_some(" on")}
        }),
        (None, None) => EitherOf3::C("Yes"),
    }
}
