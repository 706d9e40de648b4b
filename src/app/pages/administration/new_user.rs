//! The form with which an administrator makes a user, who then sets their own password.

use super::{Back, USERS};
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::field::{Field, Tick};
use crate::app::components::form::PostForm;
use crate::app::layout::{Answer, Page, Section};
use crate::app::submitted::Filled;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;

const LABELS: &[(&str, &str)] = &[("name", "Name"), ("email", "Email address")];

#[component]
pub fn NewUser() -> impl IntoView {
    let may = Resource::new(|| (), |()| rpc::administration::read_administrator());
    view! {
        <Title text="New user" />
        <Page section=Section::Administration>
            <Back href=USERS>"Users"</Back>
            <Answer of=may show=|()| view! { <Form /> } />
        </Page>
    }
}

#[component]
fn Form() -> impl IntoView {
    let filled = Filled::here();
    view! {
        <div class="max-w-[36rem]">
            <h1 class="text-xl font-semibold">"New user"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                "They are mailed a link with which they set their own password. To add somebody to one workgroup, its members page can invite them instead."
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
                    value=filled.value("name", "")
                    error=filled.error("name")
                />
                <Field
                    label="Email address"
                    name="email"
                    kind="email"
                    required=true
                    help="They sign in with it. The link works for thirty minutes; after that they ask for a new one at the sign-in page."
                    value=filled.value("email", "")
                    error=filled.error("email")
                />
                <Tick
                    label="Administrator"
                    name="administrator"
                    checked=filled.ticked("administrator", "on", false)
                    help="Runs the installation; has no rights inside a workgroup without being a member."
                />
                <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">
                    <Button look=Look::Primary working="Making…">
                        "Make user"
                    </Button>
                    <ButtonLink href=USERS>"Back without making them"</ButtonLink>
                </div>
            </PostForm>
        </div>
    }
}
