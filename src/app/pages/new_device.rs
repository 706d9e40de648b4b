//! The form of a new device. Its answer is the one page that shows the string of the device's first token.

use super::devices::BackToDevices;
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::device_links;
use crate::app::components::field::{Field, FieldError, TextArea};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::layout::{Answer, Page, Section};
use crate::app::submitted::Filled;
use crate::domain::answers::PermissionChoice;
use crate::domain::device_list::{DeviceQuery, NewDevicePage};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;

pub const LABELS: &[(&str, &str)] = &[
    ("external_id", "Id"),
    ("name", "Name"),
    ("metadata", "Metadata"),
    ("permissions", "Permissions"),
];

/// How metadata is typed, wherever it is.
pub const METADATA_HELP: &str =
    "One key = value a line, such as site = north. Device groups can go by it.";

#[component]
pub fn NewDevice() -> impl IntoView {
    let workgroup = crate::app::layout::use_workgroup();
    let page = Resource::new(move || workgroup.get(), rpc::devices::read_new_device);
    view! {
        <Title text="New device" />
        <Page section=Section::Devices>
            <BackToDevices />
            <Answer of=page show=|page| view! { <NewDeviceForm page=page /> } />
        </Page>
    }
}

#[component]
fn NewDeviceForm(page: NewDevicePage) -> impl IntoView {
    let filled = Filled::here();
    let key = filled.value("idempotency_key", &page.idempotency_key);
    let back = device_links::list(&page.workgroup.slug, &DeviceQuery::default());
    view! {
        <div class="max-w-[46rem]">
            <h1 class="text-xl font-semibold">"New device"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                "It gets a token of its own, which opens this device alone and does not expire. The string is shown once, on the next page."
            </p>
            {filled
                .refusal()
                .map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <PostForm class="grid gap-7">
                <Hidden name="idempotency_key" value=key />
                <Field
                    label="Id"
                    name="external_id"
                    help="As your API knows it. It cannot be changed afterwards."
                    required=true
                    max=120
                    value=filled.value("external_id", "")
                    error=filled.error("external_id")
                />
                <Field
                    label="Name"
                    name="name"
                    required=true
                    max=80
                    value=filled.value("name", "")
                    error=filled.error("name")
                />
                <TextArea
                    label="Metadata"
                    name="metadata"
                    help=METADATA_HELP
                    optional=true
                    value=filled.value("metadata", "")
                    error=filled.error("metadata")
                />
                <Permissions choices=page.permissions filled=filled />
                <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">
                    <Button look=Look::Primary working="Registering…">
                        "Register device"
                    </Button>
                    <ButtonLink href=back>"Cancel"</ButtonLink>
                </div>
            </PostForm>
        </div>
    }
}

/// What its first token may do: everything that devices can use, unless something is unticked.
#[component]
fn Permissions(choices: Vec<PermissionChoice>, filled: Filled) -> impl IntoView {
    let error = filled.error("permissions");
    let described = error.is_some().then_some("permissions-error");
    let rows = choices
        .into_iter()
        .map(|choice| {
            let off = choice.barred.is_some();
            let ticked = !off && filled.ticked("permissions", &choice.permission.name, true);
            view! { <Choice choice=choice ticked=ticked off=off /> }
        })
        .collect_view();
    view! {
        <fieldset
            id="permissions"
            aria-labelledby="permissions-legend"
            aria-describedby=described
            class="min-w-0"
        >
            <legend id="permissions-legend" class="font-medium">
                "Permissions"
            </legend>
            <p class="mt-0.5 mb-2 text-sm text-ink-3">
                "Of its first token. They cannot be changed afterwards: a wider token is a new token."
            </p>
            <div class="border-t border-line">{rows}</div>
            {error.map(|message| view! { <FieldError id="permissions-error" message=message /> })}
        </fieldset>
    }
}

#[component]
fn Choice(choice: PermissionChoice, ticked: bool, off: bool) -> impl IntoView {
    let PermissionChoice { permission, barred } = choice;
    let id = format!("permission-{}", permission.name);
    let (label_id, text_id) = (format!("{id}-label"), format!("{id}-text"));
    view! {
        <label class="grid grid-cols-[1rem_minmax(0,1fr)] items-start gap-x-3 border-b border-line py-3">
            <input
                type="checkbox"
                id=id
                name="permissions"
                value=permission.name
                checked=ticked
                disabled=off
                class="mt-0.5"
                aria-labelledby=label_id.clone()
                aria-describedby=text_id.clone()
            />
            <span class="min-w-0">
                <span id=label_id class="block font-medium">
                    {permission.label}
                </span>
                <span id=text_id class="block text-sm text-ink-3">
                    {permission.description}
                    {barred.map(|why| view! { <span class="block text-ink-2">{why}</span> })}
                </span>
            </span>
        </label>
    }
}
