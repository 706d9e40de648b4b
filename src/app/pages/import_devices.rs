//! Devices from a file: what its columns are, and the form that takes it.

use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::import_form::{ImportForm, Template};
use crate::app::components::import_links;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::domain::import::{ImportFormPage, ImportKind};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;

const TEMPLATE: Template = Template {
    name: "devices.csv",
    content: "external_id,name,metadata.site,metadata.line\npump-1,Pump 1,north,7\npump-2,Pump 2,south,\n",
};

#[component]
pub fn ImportDevices() -> impl IntoView {
    let workgroup = use_workgroup();
    let read = |slug| rpc::imports::read_import_form(slug, ImportKind::Devices);
    let page = Resource::new(move || workgroup.get(), read);
    view! {
        <Title text="Import devices" />
        <Page section=Section::Devices>
            <Answer of=page show=|page| view! { <ImportDevicesView page=page /> } />
        </Page>
    }
}

#[component]
fn ImportDevicesView(page: ImportFormPage) -> impl IntoView {
    let back = import_links::things(&page.workgroup.slug, ImportKind::Devices);
    view! {
        <div class="max-w-[46rem]">
            <Back href=back label="Devices" />
            <h1 class="text-xl font-semibold">"Import devices"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                "Registers up to 10,000 devices at once. They get no token, for a string is shown once and to one person: issue one on a device's page when it is needed."
            </p>
            <ImportForm page=page kind=ImportKind::Devices template=TEMPLATE>
                <Columns columns=COLUMNS />
            </ImportForm>
        </div>
    }
}

const COLUMNS: &[(&str, &str)] = &[
    ("external_id", "The id under which the protected API knows the device. Unique; no spaces."),
    ("name", "What people call it, up to 80 characters."),
    (
        "any further column",
        "A metadata key: site, or metadata.site, which means the same. An empty cell leaves the key out.",
    ),
];

/// The way back to the list.
#[component]
pub fn Back(href: String, label: &'static str) -> impl IntoView {
    view! {
        <a
            href=href
            class="-ml-1 mb-2 inline-flex items-center gap-1 rounded text-sm text-ink-3 hover:text-ink"
        >
            <Glyph icon=Icon::Back class="size-3.5 shrink-0" />
            {label}
        </a>
    }
}

/// What the first line has to name.
#[component]
pub fn Columns(columns: &'static [(&'static str, &'static str)]) -> impl IntoView {
    let rows = columns.iter().map(|(name, what)| {
        view! {
            <div class="grid gap-x-4 border-b border-line py-2.5 md:grid-cols-[11rem_minmax(0,1fr)]">
                <dt class="font-mono text-sm">{*name}</dt>
                <dd class="text-ink-2">{*what}</dd>
            </div>
        }
    });
    view! {
        <h2 class="font-semibold">"The columns that the first line names"</h2>
        <dl class="mt-2 border-t border-line">{rows.collect_view()}</dl>
    }
}
