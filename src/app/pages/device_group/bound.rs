//! What is bound to a device group: its tokens and members, by name for whoever manages access, else how many.

use crate::app::components::button::LINK;
use crate::app::components::group_links;
use crate::app::components::group_parts::Part;
use crate::app::components::status_badge::StatusBadge;
use crate::app::components::token_links;
use crate::domain::device_groups::GroupPage;
use crate::domain::usage::{counted, grouped};
use leptos::prelude::*;

/// Beside a count that the person sees without names.
const UNNAMED: &str = "Members with Manage access see which.";

#[component]
pub fn Tokens(page: GroupPage) -> impl IntoView {
    let slug = page.workgroup.slug;
    let body = match page.bound {
        None => view! { <Counted count=page.group.tokens noun="token" /> }.into_any(),
        Some((tokens, _)) if tokens.is_empty() => {
            view! { <p class="mt-3 text-ink-2">"No token is bound to it."</p> }.into_any()
        }
        Some((tokens, _)) => {
            let more = tokens.more();
            let rows = tokens.first.into_iter().map(|token| {
                view! {
                    <li class="border-b border-line py-2.5">
                        <div class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                            <a href=token_links::page(&slug, &token.id) class=LINK>
                                <bdi class="wrap-anywhere">{token.title}</bdi>
                            </a>
                            <StatusBadge status=token.status />
                        </div>
                        <code class="font-mono text-sm text-ink-3">{token.hint}</code>
                    </li>
                }
            });
            view! {
                <ul>{rows.collect_view()}</ul>
                <More count=more />
            }
            .into_any()
        }
    };
    view! {
        <Part id="tokens" title="Tokens">
            {body}
        </Part>
    }
}

#[component]
pub fn Members(page: GroupPage) -> impl IntoView {
    let slug = page.workgroup.slug;
    let body = match page.bound {
        None => view! { <Counted count=page.group.members noun="member" /> }.into_any(),
        Some((_, members)) if members.is_empty() => {
            view! { <p class="mt-3 text-ink-2">"No member is bound to it."</p> }.into_any()
        }
        Some((_, members)) => {
            let more = members.more();
            let rows = members.first.into_iter().map(|member| {
                view! {
                    <li class="border-b border-line py-2.5">
                        <a href=group_links::member(&slug, &member.id) class=LINK>
                            <bdi class="wrap-anywhere">{member.name}</bdi>
                        </a>
                    </li>
                }
            });
            view! {
                <ul>{rows.collect_view()}</ul>
                <More count=more />
            }
            .into_any()
        }
    };
    let invited = (page.group.invitations > 0).then(|| {
        let words = counted(page.group.invitations, "invitation");
        view! { <p class="mt-2 text-sm text-ink-3">{format!("{words} to it pending.")}</p> }
    });
    view! {
        <Part id="members" title="Members">
            {body}
            {invited}
        </Part>
    }
}

#[component]
fn Counted(count: i64, noun: &'static str) -> impl IntoView {
    let words = counted(count, noun);
    view! {
        <p class="mt-3 text-ink-2">
            {format!("{words} bound to it. ")} <span class="text-ink-3">{UNNAMED}</span>
        </p>
    }
}

#[component]
fn More(count: i64) -> impl IntoView {
    (count > 0).then(|| {
        view! { <p class="mt-2 text-sm text-ink-3">{format!("and {} more", grouped(count))}</p> }
    })
}
