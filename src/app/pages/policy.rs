//! A workgroup's policy: what its members can count on, and the form with which its owners change it.

mod form;

pub use form::PolicyForm;

use crate::app::components::button::LINK;
use crate::app::components::time::Ago;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Filled;
use crate::domain::administration::PolicyPage;
use crate::domain::policy_draft::hour_words;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Policy() -> impl IntoView {
    let workgroup = use_workgroup();
    let page = Resource::new(move || workgroup.get(), rpc::policy::read_policy);
    view! {
        <Title text="Policy" />
        <Page section=Section::Policy>
            <Answer of=page show=|page| view! { <PolicyView page /> } />
        </Page>
    }
}

#[component]
fn PolicyView(page: PolicyPage) -> impl IntoView {
    let lead = if page.may_edit {
        "What strings of this workgroup may be like, and when notices of their end go out."
    } else {
        "What strings of this workgroup may be like, and when notices of their end go out. Its owners can change it."
    };
    let routes = page.may_edit.then(|| view! { <ToRoutes slug=page.workgroup.slug.clone() /> });
    // A post without the right to it is answered by the page of somebody who only reads.
    let refusal = Filled::here().refusal().filter(|_| !page.may_edit);
    view! {
        <div class="max-w-[46rem]">
            <h1 class="text-xl font-semibold">"Policy"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">{lead} " " {routes}</p>
            {refusal
                .map(|refusal| {
                    view! { <crate::app::components::banner::ErrorSummary refusal=refusal /> }
                })}
            {if page.may_edit {
                view! { <PolicyForm page back="" /> }.into_any()
            } else {
                view! { <Facts page /> }.into_any()
            }}
        </div>
    }
}

/// The way to what the paths of its API ask for.
#[component]
fn ToRoutes(slug: String) -> impl IntoView {
    view! {
        "What each path of its API asks of a token stands in the "
        <a href=format!("/{slug}/settings/routes") class=LINK>
            "route policies"
        </a>
        "."
    }
}

/// The policy for whoever only reads it.
#[component]
fn Facts(page: PolicyPage) -> impl IntoView {
    let policy = page.workgroup.policy;
    let endless = if policy.non_expiring { "Allowed" } else { "Not allowed" };
    let facts = [
        ("Workgroup", page.workgroup.name),
        ("Longest lifetime", policy.longest.label().to_owned()),
        ("Access tokens that do not expire", endless.to_owned()),
        ("Notices, days before the end", policy.stages.words()),
        ("Notice hour", hour_words(policy.notice_hour)),
        ("Time zone", page.workgroup.time_zone),
    ];
    let rows = facts.map(|(label, value)| {
        view! {
            <div class="grid gap-x-6 border-b border-line py-2.5 md:grid-cols-[16rem_minmax(0,1fr)]">
                <dt class="text-ink-3">{label}</dt>
                <dd class="wrap-anywhere">
                    <bdi>{value}</bdi>
                </dd>
            </div>
        }
    });
    let last = page.last;
    view! {
        <dl class="border-t border-line">{rows.collect_view()}</dl>
        {last
            .map(|row| {
                view! {
                    <p class="mt-4 text-sm text-ink-3">
                        "Last changed by " <bdi>{row.actor}</bdi> " " <Ago at=row.at now=page.now /> "."
                    </p>
                }
            })}
    }
}
