//! The list of a workgroup's devices: every member looks, and sees what their own device group holds.

use crate::app::components::button::{ButtonLink, Look};
use crate::app::components::device_filters::{DeviceFilters, SEARCH};
use crate::app::components::device_links;
use crate::app::components::device_table::{DeviceTable, NoDevices, NoSuchDevice};
use crate::app::components::icon::Icon;
use crate::app::components::shortcut::on_key;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::domain::device_list::{DeviceList, DeviceQuery};
use crate::domain::refusal::Refusal;
use crate::domain::usage::grouped;
use crate::rpc;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// An answer with the question it answers: by the time it is shown another may have been asked.
type Answered = (String, DeviceQuery, DeviceList);

#[component]
pub fn Devices() -> impl IntoView {
    let workgroup = use_workgroup();
    let fields = use_query_map();
    let query = Memo::new(move |_| DeviceQuery::read(|name| fields.read().get(name)));
    let list = Resource::new(move || (workgroup.get(), query.get()), load);
    on_key("/", || {
        let field = document().get_element_by_id(SEARCH);
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            let _ = field.focus();
            field.select();
        }
    });
    let show = move |(workgroup, query, list): Answered| {
        view! { <DeviceListView list=list query=query workgroup=workgroup /> }
    };
    view! {
        <Title text="Devices" />
        <Page section=Section::Devices>
            <Answer of=list show=show />
        </Page>
    }
}

async fn load((workgroup, query): (String, DeviceQuery)) -> Result<Answered, Refusal> {
    let list = rpc::devices::list_devices(workgroup.clone(), query.clone()).await?;
    Ok((workgroup, query, list))
}

#[component]
fn DeviceListView(list: DeviceList, query: DeviceQuery, workgroup: String) -> impl IntoView {
    let may = list.may;
    let none = list.total == 0;
    let add = (may.manage_devices && !may.bound && !none).then(|| {
        view! {
            <div class="flex gap-2">
                <ButtonLink href=device_links::import(&workgroup) icon=Icon::Upload>
                    "Import"
                </ButtonLink>
                <ButtonLink
                    href=device_links::new(&workgroup)
                    look=Look::Primary
                    icon=Icon::Plus
                >
                    "New device"
                </ButtonLink>
            </div>
        }
    });
    let total = grouped(list.total);
    let body = if none {
        view! { <NoDevices may=may workgroup=workgroup.clone() /> }.into_any()
    } else {
        view! { <Found list=list query=query workgroup=workgroup.clone() /> }.into_any()
    };
    view! {
        <div class="flex flex-wrap items-start justify-between gap-4">
            <h1 class="flex items-baseline gap-2.5 text-xl font-semibold">
                "Devices" <span class="text-lg font-normal text-ink-3">{total}</span>
            </h1>
            {add}
        </div>
        {body}
    }
}

#[component]
fn Found(list: DeviceList, query: DeviceQuery, workgroup: String) -> impl IntoView {
    let bound = list.may.bound;
    let lead = if bound {
        let group = list.groups.first().map(|group| group.name.clone()).unwrap_or_default();
        view! { "You see the devices of " <bdi>{group}</bdi> ", the device group that you are bound to." }
            .into_any()
    } else {
        "What tokens reach. Each device has a token of its own that opens it alone; device groups open several at once."
            .into_any()
    };
    let rows = if list.items.is_empty() {
        view! { <NoSuchDevice workgroup=workgroup.clone() /> }.into_any()
    } else {
        let (list, query) = (list.clone(), query.clone());
        view! { <DeviceTable list=list query=query workgroup=workgroup.clone() /> }.into_any()
    };
    view! {
        <p class="mt-1.5 max-w-[54rem] text-md wrap-anywhere text-ink-2 max-md:mt-3">{lead}</p>
        <DeviceFilters query=query groups=list.groups bound=bound workgroup=workgroup />
        {rows}
    }
}

/// Above the title: back to the list.
#[component]
pub fn BackToDevices() -> impl IntoView {
    use crate::app::components::icon::Glyph;
    let workgroup = use_workgroup();
    view! {
        <a
            href=move || device_links::list(&workgroup.get(), &DeviceQuery::default())
            class="-ml-1 mb-2 inline-flex items-center gap-1 rounded text-sm text-ink-3 hover:text-ink"
        >
            <Glyph icon=Icon::Back class="size-3.5 shrink-0" />
            "Devices"
        </a>
    }
}
