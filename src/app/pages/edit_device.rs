//! The edit form of a device: its name and metadata. A change by somebody else in between is told, never overwritten unseen.

use super::devices::BackToDevices;
use super::new_device::{LABELS, METADATA_HELP};
use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::device_links;
use crate::app::components::field::{Field, TextArea};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Filled;
use crate::domain::device_list::DevicePage;
use crate::domain::metadata::as_lines;
use crate::domain::refusal::{Code, Refusal};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn EditDevice() -> impl IntoView {
    let workgroup = use_workgroup();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let page = Resource::new(
        move || (workgroup.get(), id.get()),
        |(workgroup, id)| rpc::devices::read_device_to_edit(workgroup, id),
    );
    view! {
        <Title text="Edit device" />
        <Page section=Section::Devices>
            <BackToDevices />
            <Answer of=page show=|page| view! { <EditDeviceForm page=page /> } />
        </Page>
    }
}

#[component]
fn EditDeviceForm(page: DevicePage) -> impl IntoView {
    let filled = Filled::here();
    let device = page.kept.device.clone();
    let back = device_links::page(&page.workgroup.slug, &device.id);
    let lines = as_lines(&device.metadata);
    view! {
        <div class="max-w-[46rem]">
            <h1 class="text-xl font-semibold">
                "Edit " <bdi class="wrap-anywhere">{device.name.clone()}</bdi>
            </h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                "Its id, " <code class="font-mono text-sm break-all">{device.external_id.clone()}</code>
                ", stays. What you change counts at once, for device groups that go by metadata too."
            </p>
            <Complaint filled=filled.clone() page=page.clone() />
            <PostForm class="grid gap-7">
                <Hidden name="version" value=page.kept.version.to_string() />
                <Field
                    label="Name"
                    name="name"
                    required=true
                    max=80
                    value=filled.value("name", &device.name)
                    error=filled.error("name")
                />
                <div>
                    <TextArea
                        label="Metadata"
                        name="metadata"
                        help=METADATA_HELP
                        optional=true
                        value=filled.value("metadata", &lines)
                        error=filled.error("metadata")
                    />
                    <Keys page=page />
                </div>
                <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">
                    <Button look=Look::Primary working="Saving…">
                        "Save changes"
                    </Button>
                    <ButtonLink href=back>"Keep as it is"</ButtonLink>
                </div>
            </PostForm>
        </div>
    }
}

/// The keys that device groups go by: a warning to whoever may change them, a bar to whoever may not.
#[component]
fn Keys(page: DevicePage) -> impl IntoView {
    (!page.keys_of_groups.is_empty()).then(|| {
        let keys = page.keys_of_groups.join(", ");
        let words = if page.may.bound {
            "Device groups go by these keys, which only members of the whole workgroup change: "
        } else {
            "Device groups go by these keys; changing one moves the device into or out of them: "
        };
        view! {
            <p class="mt-1.5 text-sm wrap-anywhere text-ink-3">
                {words} <bdi class="text-ink-2">{keys}</bdi> "."
            </p>
        }
    })
}

/// Why the post was refused; after a change by somebody else, what stands there now.
#[component]
fn Complaint(filled: Filled, page: DevicePage) -> impl IntoView {
    let refusal = filled.refusal()?;
    if refusal.code != Code::Conflict {
        return Some(view! { <ErrorSummary refusal=refusal labels=LABELS /> }.into_any());
    }
    Some(view! { <Conflict refusal=refusal page=page /> }.into_any())
}

#[component]
fn Conflict(refusal: Refusal, page: DevicePage) -> impl IntoView {
    let device = page.kept.device;
    let metadata = as_lines(&device.metadata);
    let metadata = if metadata.is_empty() { "(none)".to_owned() } else { metadata };
    view! {
        <div role="alert" tabindex="-1" autofocus class="mb-7 rounded">
            <Banner tone=Tone::Warning lead="Changed in between.">
                {refusal.detail}
                <dl class="mt-1 grid gap-x-3 md:grid-cols-[6rem_minmax(0,1fr)]">
                    <dt class="font-medium text-ink">"Name now"</dt>
                    <dd class="wrap-anywhere">
                        <bdi>{device.name}</bdi>
                    </dd>
                    <dt class="font-medium text-ink">"Metadata now"</dt>
                    <dd class="whitespace-pre-line wrap-anywhere">
                        <bdi>{metadata}</bdi>
                    </dd>
                </dl>
                <p class="mt-1">
                    "What you typed is kept below. Save changes writes it over what stands there now."
                </p>
            </Banner>
        </div>
    }
}
