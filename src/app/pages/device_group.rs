//! One device group: the devices that it holds, what is bound to it, and what was done to it.

mod bound;
mod removal;

use crate::app::components::button::{ButtonLink, Look};
use crate::app::components::group_links;
use crate::app::components::group_parts::{BackToGroups, Pager, Part};
use crate::app::components::token_history::TokenHistory;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Submitted;
use crate::domain::device_groups::{GroupPage, HeldDevice};
use crate::domain::usage::counted;
use crate::rpc;
use bound::{Members, Tokens};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use removal::Removal;

#[component]
pub fn DeviceGroupDetail() -> impl IntoView {
    let workgroup = use_workgroup();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let after = Memo::new(move |_| query.read().get("after"));
    let before = Memo::new(move |_| query.read().get("before"));
    let page = Resource::new(
        move || (workgroup.get(), id.get(), after.get(), before.get()),
        |(workgroup, id, after, before)| {
            rpc::groups::read_device_group(workgroup, id, after, before)
        },
    );
    let removing = removing();
    let show = move |page: GroupPage| view! { <GroupView page=page removing=removing /> };
    view! {
        <Page section=Section::DeviceGroups>
            <BackToGroups workgroup=workgroup />
            <Answer of=page show=show />
        </Page>
    }
}

/// Whether the address opens the dialog, or its post was refused.
fn removing() -> Memo<bool> {
    let query = use_query_map();
    let refused = use_context::<Submitted>();
    Memo::new(move |_| match &refused {
        Some(post) => post.value("action") == Some("remove"),
        None => query.read().get_str("dialog") == Some("remove"),
    })
}

#[component]
fn GroupView(page: GroupPage, removing: Memo<bool>) -> impl IntoView {
    let (slug, group) = (page.workgroup.slug.clone(), page.group.clone());
    let actions = page.may_edit.then(|| {
        view! {
            <div class="flex flex-wrap gap-2">
                <ButtonLink href=group_links::edit(&slug, &group.id)>"Edit"</ButtonLink>
                <ButtonLink
                    href=group_links::remove(&slug, &group.id)
                    look=Look::DangerOutline
                >
                    "Remove device group"
                </ButtonLink>
            </div>
        }
    });
    let history =
        page.activity.clone().map(|activity| view! { <TokenHistory activity=activity /> });
    let dialog = {
        let page = page.clone();
        let may = page.may_edit;
        move || (removing.get() && may).then(|| view! { <Removal page=page.clone() /> })
    };
    view! {
        <Title text=group.name.clone() />
        <div class="flex flex-wrap items-start justify-between gap-x-10 gap-y-5">
            <div class="max-w-[42rem] min-w-0 flex-1 basis-[26rem] max-md:basis-full">
                <h1 class="text-xl font-semibold">
                    <bdi class="wrap-anywhere">{group.name}</bdi>
                </h1>
                <p class="mt-2 text-md wrap-anywhere text-ink-2">
                    <bdi>{group.rule.in_words()}</bdi>
                    ". It holds "
                    {counted(group.devices, "device")}
                    "; "
                    {counted(group.tokens, "token")}
                    " and "
                    {counted(group.members, "member")}
                    " are bound to it."
                </p>
            </div>
            {actions}
        </div>
        <div class="mt-9 grid gap-x-14 gap-y-10 xl:grid-cols-[minmax(0,1fr)_22rem]">
            <div class="min-w-0">
                <Devices page=page.clone() />
            </div>
            <div class="min-w-0">
                <Tokens page=page.clone() />
                <Members page=page />
                {history}
            </div>
        </div>
        {dialog}
    }
}

#[component]
fn Devices(page: GroupPage) -> impl IntoView {
    let (slug, total) = (page.workgroup.slug, page.group.devices);
    let at = group_links::page(&slug, &page.group.id);
    let previous = page.previous.map(|id| format!("{at}?before={id}"));
    let next = page.next.map(|id| format!("{at}?after={id}"));
    let shown = i64::try_from(page.devices.len()).unwrap_or(i64::MAX);
    let words = match total > shown {
        true => format!("{shown} of {} on this page", counted(total, "device")),
        false => counted(total, "device"),
    };
    let rows = page.devices.into_iter().map(|device| {
        let HeldDevice { id, external_id, name } = device;
        view! {
            <li class="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line py-2.5">
                <a
                    href=group_links::device(&slug, &id)
                    class="rounded font-medium hover:underline"
                >
                    <bdi class="wrap-anywhere">{name}</bdi>
                </a>
                <code class="font-mono text-sm break-all text-ink-2">{external_id}</code>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Part id="devices" title="Devices">
            {(total == 0)
                .then(|| {
                    view! {
                        <p class="mt-3 text-ink-2">
                            "It holds no device at present, so whatever is bound to it reaches nothing."
                        </p>
                    }
                })}
            <ul>{rows}</ul>
            <Pager words=words previous=previous next=next />
        </Part>
    }
}
