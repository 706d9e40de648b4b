//! The form with which an administrator founds a workgroup for somebody.

use super::{Back, WORKGROUPS};
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::field::Field;
use crate::app::components::form::PostForm;
use crate::app::components::time_zone::TimeZoneField;
use crate::app::layout::{Answer, Page, Section};
use crate::app::submitted::Filled;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;

const LABELS: &[(&str, &str)] =
    &[("name", "Name"), ("owner", "First owner"), ("time_zone", "Time zone")];

#[component]
pub fn NewWorkgroup() -> impl IntoView {
    let may = Resource::new(|| (), |()| rpc::administration::read_administrator());
    view! {
        <Title text="New workgroup" />
        <Page section=Section::Administration>
            <Back href=WORKGROUPS>"Workgroups"</Back>
            <Answer of=may show=|()| view! { <Form /> } />
        </Page>
    }
}

#[component]
fn Form() -> impl IntoView {
    let filled = Filled::here();
    view! {
        <div class="max-w-[36rem]">
            <h1 class="text-xl font-semibold">"New workgroup"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                "Its members, devices and tokens are its own; nothing crosses to another one."
            </p>
            {filled
                .refusal()
                .map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <PostForm class="grid gap-5">
                <Field
                    label="Name"
                    name="name"
                    required=true
                    max=80
                    help="The team or company. The short name in its addresses is made from it and stays when it is renamed."
                    value=filled.value("name", "")
                    error=filled.error("name")
                />
                <Field
                    label="First owner"
                    name="owner"
                    kind="email"
                    required=true
                    help="The e-mail address of a user who exists. You can be it yourself."
                    value=filled.value("owner", "")
                    error=filled.error("owner")
                />
                <TimeZoneField
                    help="Notices go out at 08:00 there. An IANA name, such as Europe/Berlin."
                    value=filled.value("time_zone", "UTC")
                    error=filled.error("time_zone")
                    guess=true
                />
                <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">
                    <Button look=Look::Primary working="Making…">
                        "Make workgroup"
                    </Button>
                    <ButtonLink href=WORKGROUPS>"Back without making it"</ButtonLink>
                </div>
            </PostForm>
        </div>
    }
}
