//! What was done to the installation as a whole, newest first.

use super::listing::{NothingFound, Paging};
use super::{Asked, RECORD, Tabs, use_asked};
use crate::app::components::time::Exact;
use crate::app::layout::{Answer, Page, Section};
use crate::domain::activity::Activity;
use crate::domain::administration::Listed;
use crate::rpc;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Record() -> impl IntoView {
    let asked = use_asked();
    let list = Resource::new(move || asked.get().after, rpc::administration::read_record);
    let show = move |list| {
        let asked = Asked { search: String::new(), ..asked.get_untracked() };
        view! { <View list asked /> }
    };
    view! {
        <Title text="Administration activity" />
        <Page section=Section::Administration>
            <Tabs here=RECORD />
            <Answer of=list show=show />
        </Page>
    }
}

#[component]
fn View(list: Listed<Activity>, asked: Asked) -> impl IntoView {
    let Listed { items, next, total, .. } = list;
    let body = if total == 0 {
        EitherOf3::A(view! {
            <p class="mt-6 text-ink-2">
                "Nothing yet. Users, workgroups and permissions that somebody makes or changes are told here."
            </p>
        })
    } else if items.is_empty() {
        EitherOf3::B(
            view! { <NothingFound list=RECORD asked searched="There is nothing older." /> },
        )
    } else {
        let shown = items.len();
        let rows = items.into_iter().map(|row| view! { <Row row /> }).collect_view();
        EitherOf3::C(view! {
            <ul class="mt-6 border-t border-line">{rows}</ul>
            <Paging list=RECORD asked shown total next noun="deed" />
        })
    };
    view! {
        <h1 class="text-xl font-semibold">"Activity"</h1>
        <p class="mt-1.5 max-w-[54rem] text-md text-ink-2">
            "What was done to the installation as a whole. What is done inside a workgroup stands in that workgroup's own Activity."
        </p>
        {body}
    }
}

#[component]
fn Row(row: Activity) -> impl IntoView {
    let from = row.address.map(|address| format!(", from {address}"));
    let added = row.after.keys().filter(|field| !row.before.contains_key(*field));
    let changes = row.before.keys().chain(added).map(|field| {
        let was = row.before.get(field).cloned();
        let is = row.after.get(field).cloned();
        let arrow = (was.is_some() && is.is_some()).then_some(" became ");
        let value = |text| view! { <bdi class="wrap-anywhere">{text}</bdi> };
        view! {
            <li>
                <span class="text-ink-3">{field.clone()} ": "</span>
                {was.map(value)}
                {arrow}
                {is.map(value)}
            </li>
        }
    });
    let changes = changes.collect_view();
    view! {
        <li class="grid gap-x-6 gap-y-1 border-b border-line py-2.5 md:grid-cols-[minmax(0,1fr)_auto]">
            <div class="min-w-0">
                <p>
                    {row.verb.title()} ": "
                    <bdi class="font-medium wrap-anywhere">{row.subject}</bdi>
                </p>
                <p class="text-sm wrap-anywhere text-ink-3">
                    <bdi>{row.actor}</bdi>
                    {from}
                </p>
                <ul class="mt-1 text-sm text-ink-2">{changes}</ul>
            </div>
            <p class="text-sm text-ink-2 tabular-nums">
                <Exact at=row.at />
            </p>
        </li>
    }
}
