//! When notices go out in this workgroup, and where that is changed.

use crate::app::components::button::LINK;
use crate::domain::notices_list::NoticesPage;
use crate::domain::policy_draft::hour_words;
use leptos::prelude::*;

#[component]
pub fn Settings(page: NoticesPage) -> impl IntoView {
    let policy = page.workgroup.policy;
    let facts = [
        ("Days before the end", policy.stages.words()),
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
    let href = format!("/{}/settings/policy", page.workgroup.slug);
    view! {
        <section aria-labelledby="settings-title" class="mt-10 max-w-[46rem]">
            <h2 id="settings-title" class="border-b border-line pb-2 font-semibold">
                "When notices go out"
            </h2>
            <dl>{rows.collect_view()}</dl>
            <p class="mt-3 text-sm text-ink-2">
                "The last notice before an end, and the end itself, are told to the minute. Owners change this on the "
                <a href=href class=LINK>
                    "Policy page"
                </a> "."
            </p>
        </section>
    }
}
