//! The first page of an installation: the one-time link makes the first administrator and their workgroup.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::door::Door;
use crate::app::components::field::Field;
use crate::app::components::form::PostForm;
use crate::app::components::password::PasswordField;
use crate::app::components::time::Exact;
use crate::app::components::zones::Zones;
use crate::app::submitted::Filled;
use crate::domain::answers::SetUpPage;
use crate::domain::refusal::{Code, Refusal};
use crate::rpc;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::js_sys;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

const LABELS: &[(&str, &str)] = &[
    ("name", "Your name"),
    ("email", "Email address"),
    ("password", "Password"),
    ("workgroup", "Workgroup"),
    ("time_zone", "Time zone"),
];

#[component]
pub fn SetUp() -> impl IntoView {
    let params = use_params_map();
    let code = move || params.read().get("code").unwrap_or_default();
    let page = Resource::new(code, rpc::session::read_set_up);
    view! {
        <Title text="Set up" />
        <Suspense>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <SetUpForm page=page /> }.into_any(),
                    Err(refusal) => view! { <LinkEnded refusal=refusal /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn LinkEnded(refusal: Refusal) -> impl IntoView {
    let (title, why) = if refusal.code == Code::NotFound {
        (
            "This link does not work any more",
            "A set-up link works once, for 24 hours, and until the server starts again. While nobody has an account, each start prints a new one.".to_owned(),
        )
    } else {
        (refusal.code.title(), refusal.detail)
    };
    view! {
        <Door title=title>
            <p class="mt-2 mb-6 text-ink-2">{why}</p>
            <ButtonLink href="/sign-in">"Sign in"</ButtonLink>
        </Door>
    }
}

#[component]
fn SetUpForm(page: SetUpPage) -> impl IntoView {
    let filled = Filled::here();
    view! {
        <Door title="Set up Latchkey" below=page.host>
            <p class="mt-4 mb-8 text-ink-2">
                "You become the first administrator, and the owner of the first workgroup. This link works once, until "
                <Exact at=page.expires_at /> "."
            </p>
            {filled
                .refusal()
                .map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <PostForm class="grid gap-5">
                <You filled=filled.clone() />
                <YourWorkgroup filled=filled />
                <Button look=Look::Primary working="Setting up…" class="mt-1 h-10 w-full">
                    "Set up"
                </Button>
            </PostForm>
        </Door>
    }
}

#[component]
fn You(filled: Filled) -> impl IntoView {
    view! {
        <Field
            label="Your name"
            name="name"
            autocomplete="name"
            required=true
            max=80
            value=filled.value("name", "")
            error=filled.error("name")
        />
        <Field
            label="Email address"
            name="email"
            kind="email"
            autocomplete="username"
            required=true
            help="You sign in with it; notices about your workgroups go there."
            value=filled.value("email", "")
            error=filled.error("email")
        />
        <PasswordField
            label="Password"
            name="password"
            autocomplete="new-password"
            help="15 to 200 characters. A few unrelated words do well."
            error=filled.error("password")
        />
    }
}

#[component]
fn YourWorkgroup(filled: Filled) -> impl IntoView {
    let zone = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let (Some(input), Some(own)) = (zone.get(), browser_zone())
            && input.value() == "UTC"
        {
            input.set_value(&own);
        }
    });
    view! {
        <Field
            label="Workgroup"
            name="workgroup"
            required=true
            max=80
            help="A name for the team or company whose tokens these are."
            value=filled.value("workgroup", "")
            error=filled.error("workgroup")
        />
        <div>
            <Field
                label="Time zone"
                name="time_zone"
                required=true
                list="zones"
                help="Notices go out at 08:00 there. An IANA name, such as Europe/Berlin."
                value=filled.value("time_zone", "UTC")
                error=filled.error("time_zone")
                node_ref=zone
            />
            <Zones />
        </div>
    }
}

/// The zone that the browser's own clock follows.
fn browser_zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let options = format.resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?.as_string()
}
