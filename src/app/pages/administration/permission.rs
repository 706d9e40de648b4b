//! The form of one permission: a new one, or how one is worded.

use super::{Back, PERMISSIONS};
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::field::{Field, FieldError, Tick};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::layout::{Answer, Page, Section};
use crate::app::submitted::Filled;
use crate::domain::administration::CatalogueEntry;
use crate::domain::catalogue::RawPermission;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

const LABELS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("label", "Label"),
    ("description", "Description"),
    ("section", "Section"),
    ("for_devices", "Usable by devices"),
];

#[component]
pub fn NewPermission() -> impl IntoView {
    let may = Resource::new(|| (), |()| rpc::administration::read_administrator());
    view! {
        <Title text="New permission" />
        <Page section=Section::Administration>
            <Back href=PERMISSIONS>"Permissions"</Back>
            <Answer of=may show=|()| view! { <NewForm /> } />
        </Page>
    }
}

#[component]
fn NewForm() -> impl IntoView {
    let filled = Filled::here();
    view! {
        <div class="max-w-[36rem]">
            <h1 class="text-xl font-semibold">"New permission"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                "What it means is for the API that asks for it; Latchkey says who holds it."
            </p>
            <Complaint filled=filled.clone() />
            <PostForm class="grid gap-5">
                <Field
                    label="Name"
                    name="name"
                    required=true
                    max=60
                    help="As programs write it, such as valves.open. It never changes."
                    value=filled.value("name", "")
                    error=filled.error("name")
                />
                <Rest start=RawPermission::default() filled own=false />
                <Foot verb="Add permission" working="Adding…" />
            </PostForm>
        </div>
    }
}

#[component]
pub fn EditPermission() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.read().get("name").unwrap_or_default());
    let entry = Resource::new(move || name.get(), rpc::administration::read_permission);
    view! {
        <Title text="Edit permission" />
        <Page section=Section::Administration>
            <Back href=PERMISSIONS>"Permissions"</Back>
            <Answer of=entry show=|entry| view! { <EditForm entry /> } />
        </Page>
    }
}

#[component]
fn EditForm(entry: CatalogueEntry) -> impl IntoView {
    let filled = Filled::here();
    let CatalogueEntry { permission, version, holders } = entry;
    view! {
        <div class="max-w-[36rem]">
            <h1 class="text-xl font-semibold">
                "Edit " <bdi class="wrap-anywhere">{permission.label.clone()}</bdi>
            </h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                <code class="font-mono text-sm text-ink">{permission.name.clone()}</code>
                " is held by " {holders.words()} ". Its name never changes."
            </p>
            <Complaint filled=filled.clone() />
            <PostForm class="grid gap-5">
                <Hidden name="version" value=version.to_string() />
                <Rest start=RawPermission::like(&permission) filled own=permission.is_own() />
                <Foot verb="Save changes" working="Saving…" />
            </PostForm>
        </div>
    }
}

#[component]
fn Complaint(filled: Filled) -> impl IntoView {
    filled.refusal().map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })
}

/// Everything but the name.
#[component]
fn Rest(start: RawPermission, filled: Filled, own: bool) -> impl IntoView {
    let wrong = filled.error("for_devices");
    view! {
        <Field
            label="Label"
            name="label"
            required=true
            max=80
            help="As people read it, such as Open valves."
            value=filled.value("label", &start.label)
            error=filled.error("label")
        />
        <Field
            label="Description"
            name="description"
            required=true
            max=200
            help="What its holder can do, in a sentence."
            value=filled.value("description", &start.description)
            error=filled.error("description")
        />
        <Field
            label="Section"
            name="section"
            required=true
            max=40
            list="sections"
            help="The heading under which forms list it."
            value=filled.value("section", &start.section)
            error=filled.error("section")
        />
        <datalist id="sections">
            {["Look", "Devices", "Workgroup", "For devices"]
                .map(|section| view! { <option value=section></option> })
                .collect_view()}
        </datalist>
        {(!own)
            .then(|| {
                view! {
                    <Tick
                        label="Usable by devices"
                        name="for_devices"
                        checked=filled.ticked("for_devices", "on", start.for_devices)
                        help="Device tokens can have it, and whoever manages devices can give it to them."
                    />
                }
            })}
        <div>
            <Tick
                label="Powerful"
                name="powerful"
                checked=filled.ticked("powerful", "on", start.powerful)
                help="Marked with a shield wherever it is given. Never together with Usable by devices."
            />
            {wrong.map(|message| view! { <FieldError id="for_devices-error" message /> })}
        </div>
    }
}

#[component]
fn Foot(verb: &'static str, working: &'static str) -> impl IntoView {
    view! {
        <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">
            <Button look=Look::Primary working>
                {verb}
            </Button>
            <ButtonLink href=PERMISSIONS>"Keep as it is"</ButtonLink>
        </div>
    }
}
