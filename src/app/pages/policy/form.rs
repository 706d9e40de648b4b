//! The form of a workgroup's name and policy. Owners and administrators are shown the same one.

use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::field::{Field, Select, Tick};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::time::Ago;
use crate::app::components::time_zone::TimeZoneField;
use crate::app::submitted::Filled;
use crate::domain::administration::PolicyPage;
use crate::domain::lifetime::Lifetime;
use crate::domain::policy_draft::hour_words;
use crate::domain::refusal::{Code, Refusal};
use leptos::prelude::*;

const LABELS: &[(&str, &str)] = &[
    ("name", "Workgroup"),
    ("longest_lifetime", "Longest lifetime"),
    ("notice_stages", "Notice stages"),
    ("notice_hour", "Notice hour"),
    ("time_zone", "Time zone"),
];

/// `back` is where leaving it leads; empty: the page is where it is read, too.
#[component]
pub fn PolicyForm(page: PolicyPage, #[prop(into)] back: String) -> impl IntoView {
    let filled = Filled::here();
    let refusal = filled.refusal();
    // Saving once more writes over what stands there now: the page has said what that is.
    let version = page.version.to_string();
    let leave =
        (!back.is_empty()).then(|| view! { <ButtonLink href=back>"Keep as it is"</ButtonLink> });
    view! {
        {refusal.map(|refusal| view! { <Complaint refusal page=page.clone() /> })}
        <PostForm class="grid gap-7">
            <Hidden name="version" value=version />
            <Field
                label="Workgroup"
                name="name"
                required=true
                max=80
                help="Its address keeps the short name that it was made with."
                value=filled.value("name", &page.workgroup.name)
                error=filled.error("name")
            />
            <Lifetimes page=page.clone() filled=filled.clone() />
            <Notices page=page filled=filled />
            <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">
                <Button look=Look::Primary working="Saving…">
                    "Save changes"
                </Button>
                {leave}
            </div>
        </PostForm>
    }
}

/// Why it was refused; after a change by somebody else, what stands there now.
#[component]
fn Complaint(refusal: Refusal, page: PolicyPage) -> impl IntoView {
    if refusal.code != Code::Conflict {
        return view! { <ErrorSummary refusal=refusal labels=LABELS /> }.into_any();
    }
    let workgroup = page.workgroup;
    let policy = &workgroup.policy;
    let endless = if policy.non_expiring { "allowed" } else { "not allowed" };
    let stands = format!(
        "{}; at most {}; not expiring {endless}; notices {} days before, at {} in {}.",
        workgroup.name,
        policy.longest.label(),
        policy.stages.words(),
        hour_words(policy.notice_hour),
        workgroup.time_zone,
    );
    view! {
        <div role="alert" tabindex="-1" autofocus class="mb-7 rounded">
            <Banner tone=Tone::Warning lead="Changed in between.">
                {refusal.detail}
                <p class="mt-1 wrap-anywhere">"It says now: " <bdi>{stands}</bdi></p>
                <p class="mt-1">
                    "What you typed is kept below. Save changes writes it over what stands there now."
                </p>
            </Banner>
        </div>
    }
    .into_any()
}

#[component]
fn Lifetimes(page: PolicyPage, filled: Filled) -> impl IntoView {
    let policy = page.workgroup.policy;
    let choices = Lifetime::ALL.into_iter().filter(|lifetime| lifetime.expires());
    let choices = choices.map(|it| (it.code().to_owned(), it.label().to_owned())).collect();
    view! {
        <section aria-labelledby="lifetimes" class="grid gap-5 border-t border-line pt-6">
            <div>
                <h2 id="lifetimes" class="font-semibold">
                    "Lifetimes"
                </h2>
                <p class="mt-0.5 text-sm text-ink-3">
                    "Counts for strings made from now on: living ones keep their end. A reissue or renewal of a token that was given more is shortened to this, and says so."
                </p>
            </div>
            <Select
                label="Longest lifetime"
                name="longest_lifetime"
                options=choices
                value=filled.value("longest_lifetime", policy.longest.code())
                error=filled.error("longest_lifetime")
            />
            <Tick
                label="Access tokens may be made that do not expire"
                name="non_expiring"
                checked=filled.ticked("non_expiring", "on", policy.non_expiring)
                help="Device tokens always may. Taking this back ends no string; the next one of such a token expires."
            />
        </section>
    }
}

#[component]
fn Notices(page: PolicyPage, filled: Filled) -> impl IntoView {
    let PolicyPage { workgroup, last, now, .. } = page;
    let policy = workgroup.policy;
    let hours = (0..24).map(|hour: i64| (hour.to_string(), hour_words(hour))).collect();
    let last = last.map(|row| {
        view! {
            <p class="text-sm text-ink-3">
                "Last changed by " <bdi>{row.actor}</bdi> " " <Ago at=row.at now=now /> "."
            </p>
        }
    });
    view! {
        <section aria-labelledby="notices" class="grid gap-5 border-t border-line pt-6">
            <div>
                <h2 id="notices" class="font-semibold">
                    "Notices"
                </h2>
                <p class="mt-0.5 text-sm text-ink-3">
                    "Counts at once, for tokens that there are, too: the first stage decides from when on a token is shown as Expiring."
                </p>
            </div>
            <Field
                label="Notice stages"
                name="notice_stages"
                required=true
                help="Days before the end of a token at which its owner is mailed: one to five, such as 14, 7, 1. A stage longer than half of a string's life is left out."
                value=filled.value("notice_stages", &policy.stages.words())
                error=filled.error("notice_stages")
            />
            <Select
                label="Notice hour"
                name="notice_hour"
                options=hours
                help="When early notices go out, in the time zone below."
                value=filled.value("notice_hour", &policy.notice_hour.to_string())
                error=filled.error("notice_hour")
            />
            <TimeZoneField
                help="An IANA name, such as Europe/Berlin."
                value=filled.value("time_zone", &workgroup.time_zone)
                error=filled.error("time_zone")
            />
            {last}
        </section>
    }
}
