//! A forgotten password: asks for the address, and answers everybody alike.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, LINK, Look};
use crate::app::components::door::Door;
use crate::app::components::field::Field;
use crate::app::components::form::PostForm;
use crate::app::submitted::Filled;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const LABELS: &[(&str, &str)] = &[("email", "Email address")];

#[component]
pub fn Forgot() -> impl IntoView {
    let page = Resource::new(|| (), |()| rpc::session::read_sign_in());
    let query = use_query_map();
    let asked = Memo::new(move |_| query.read().get("done").as_deref() == Some("link"));
    view! {
        <Title text="Forgot your password?" />
        <Suspense>
            {move || {
                let told = asked.get() && Filled::here().refusal().is_none();
                Suspend::new(async move {
                    // The form works whether or not the host is known.
                    let host = page.await.map(|page| page.host).unwrap_or_default();
                    if told {
                        view! { <OnItsWay host=host /> }.into_any()
                    } else {
                        view! { <ForgotForm host=host /> }.into_any()
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn ForgotForm(host: String) -> impl IntoView {
    let filled = Filled::here();
    view! {
        <Door title="Forgot your password?" below=host>
            <p class="mt-4 mb-8 text-ink-2">
                "A link to set a new one is mailed to you. It works once, for 30 minutes."
            </p>
            {filled
                .refusal()
                .map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <PostForm action="/reset" class="grid gap-5">
                <Field
                    label="Email address"
                    name="email"
                    kind="email"
                    autocomplete="username"
                    required=true
                    value=filled.value("email", "")
                    error=filled.error("email")
                />
                <Button look=Look::Primary working="Sending…" class="mt-1 h-10 w-full">
                    "Send the link"
                </Button>
            </PostForm>
            <p class="mt-8 border-t border-line pt-5">
                <a href="/sign-in" class=LINK>
                    "Back to sign in"
                </a>
            </p>
        </Door>
    }
}

/// Says the same whether or not somebody has the address.
#[component]
fn OnItsWay(host: String) -> impl IntoView {
    view! {
        <Door title="Look into your mail" below=host>
            <p class="mt-4 mb-4 text-ink-2" role="status">
                "If somebody here has this address, a link is on its way. It works once, for 30 minutes."
            </p>
            <p class="mb-6 text-sm text-ink-3">
                "Nothing there after a few minutes? Look among the unwanted mail, or "
                <a href="/reset" class=LINK>
                    "ask again"
                </a> ". A new link is sent every five minutes at most."
            </p>
            <ButtonLink href="/sign-in">"Back to sign in"</ButtonLink>
        </Door>
    }
}
