//! Devices from a file: what its columns are, and the form that takes it.

use crate::app::components::import_form::{Back, Columns, ImportForm, Template};
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
