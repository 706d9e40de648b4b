//! One device: its facts and metadata, what reaches it and why, its part of the record, and the dialog that its address opens.

use super::devices::BackToDevices;
use crate::app::components::button::{ButtonLink, LINK, Look};
use crate::app::components::device_access::{BoundMembers, DeviceTokens, Reaching};
use crate::app::components::device_links;
use crate::app::components::remove_device_dialog::RemoveDeviceDialog;
use crate::app::components::time::Day;
use crate::app::components::token_history::TokenHistory;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Submitted;
use crate::domain::device_list::{DevicePage, GroupName};
use crate::domain::metadata::Metadata;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn DeviceDetail() -> impl IntoView {
    let workgroup = use_workgroup();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let after = Memo::new(move |_| query.read().get("after"));
    let question = move || (workgroup.get(), id.get(), after.get());
    let page =
        Resource::new(question, |(slug, id, after)| rpc::devices::read_device(slug, id, after));
    let refused = use_context::<Submitted>();
    // The dialog that the address opens, or the one whose post was refused.
    let removing = Memo::new(move |_| match &refused {
        Some(post) => post.value("action") == Some("remove"),
        None => query.read().get_str("dialog") == Some("remove"),
    });
    let show = move |page: DevicePage| view! { <DeviceView page=page removing=removing /> };
    view! {
        <Page section=Section::Devices>
            <BackToDevices />
            <Answer of=page show=show />
        </Page>
    }
}

#[component]
fn DeviceView(page: DevicePage, removing: Memo<bool>) -> impl IntoView {
    let device = page.kept.device.clone();
    let keeper = page.may.manage_devices && !page.may.bound;
    let dialog = {
        let page = page.clone();
        move || {
            (keeper && removing.get()).then(|| view! { <RemoveDeviceDialog page=page.clone() /> })
        }
    };
    let access = page.access.clone().map(|access| {
        view! {
            <DeviceTokens page=page.clone() access=access.clone() />
            <Reaching page=page.clone() access=access.clone() />
            <BoundMembers members=access.members count=access.member_count />
        }
    });
    let no_access = page.access.is_none().then(|| {
        view! {
            <p class="text-ink-2">
                "Which tokens reach it is shown to members who hold Manage access. An owner of the workgroup can give it."
            </p>
        }
    });
    let record = (!page.activity.is_empty())
        .then(|| view! { <TokenHistory activity=page.activity.clone() /> });
    view! {
        <Title text=device.name.clone() />
        <div class="flex flex-wrap items-start justify-between gap-x-10 gap-y-5">
            <div class="max-w-[42rem] min-w-0 flex-1 basis-[22rem] max-md:basis-full">
                <h1 class="text-xl font-semibold">
                    <bdi class="wrap-anywhere">{device.name}</bdi>
                </h1>
                <p class="mt-1.5">
                    <code class="font-mono text-sm break-all text-ink-2">{device.external_id}</code>
                </p>
            </div>
            <Actions page=page.clone() />
        </div>
        <div class="mt-9 grid gap-x-14 gap-y-10 xl:grid-cols-[20rem_minmax(0,1fr)]">
            <div class="min-w-0">
                <Facts page=page.clone() />
            </div>
            <div class="min-w-0">{access} {no_access} {record}</div>
        </div>
        {dialog}
    }
}

#[component]
fn Actions(page: DevicePage) -> impl IntoView {
    let (slug, id) = (page.workgroup.slug.as_str(), page.kept.device.id.as_str());
    let edit = page
        .may
        .manage_devices
        .then(|| view! { <ButtonLink href=device_links::edit(slug, id)>"Edit"</ButtonLink> });
    let remove = (page.may.manage_devices && !page.may.bound).then(|| {
        view! {
            <ButtonLink href=device_links::remove(slug, id) look=Look::DangerOutline>
                "Remove device"
            </ButtonLink>
        }
    });
    view! { <div class="flex flex-wrap gap-2">{edit} {remove}</div> }
}

#[component]
fn Facts(page: DevicePage) -> impl IntoView {
    let (device, slug) = (page.kept.device, page.workgroup.slug);
    view! {
        <section aria-labelledby="facts">
            <h2 id="facts" class="border-b border-line pb-2 font-semibold">
                "Facts"
            </h2>
            <dl>
                <Fact name="Id">
                    <code class="font-mono text-sm break-all">{device.external_id}</code>
                </Fact>
                <Fact name="Metadata">
                    <Entries metadata=device.metadata />
                </Fact>
                <Fact name="Groups">
                    <Groups groups=page.groups workgroup=slug />
                </Fact>
                <Fact name="Registered">
                    <Day at=page.kept.created_at />
                </Fact>
            </dl>
        </section>
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

#[component]
fn Entries(metadata: Metadata) -> impl IntoView {
    if metadata.is_empty() {
        return view! { <span class="text-ink-3">"None"</span> }.into_any();
    }
    let rows = metadata.into_iter().map(|(key, value)| {
        view! {
            <li class="wrap-anywhere">
                <bdi class="text-ink-3">{key}</bdi>
                " = "
                <bdi>{value}</bdi>
            </li>
        }
    });
    view! { <ul class="grid gap-1">{rows.collect_view()}</ul> }.into_any()
}

#[component]
fn Groups(groups: Vec<GroupName>, workgroup: String) -> impl IntoView {
    if groups.is_empty() {
        return view! { <span class="text-ink-3">"In none"</span> }.into_any();
    }
    let rows = groups.into_iter().map(|group| {
        view! {
            <li>
                <a href=device_links::group(&workgroup, &group.id) class=LINK>
                    <bdi class="wrap-anywhere">{group.name}</bdi>
                </a>
            </li>
        }
    });
    view! { <ul class="grid gap-1">{rows.collect_view()}</ul> }.into_any()
}
