//! Behind the link in a digest: one click turns it off. Looking at the page changes nothing, for programs open every link of a mail.

use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::door::Door;
use crate::app::components::form::PostForm;
use crate::domain::answers::UnsubscribePage;
use crate::domain::refusal::{Code, Refusal};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn Unsubscribe() -> impl IntoView {
    let params = use_params_map();
    let code = move || params.read().get("code").unwrap_or_default();
    let page = Resource::new(code, rpc::session::read_unsubscribe);
    view! {
        <Title text="Daily digest" />
        <Suspense>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) if page.off => view! { <Off page=page /> }.into_any(),
                    Ok(page) => view! { <Stop page=page /> }.into_any(),
                    Err(refusal) => view! { <Unknown refusal=refusal /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Stop(page: UnsubscribePage) -> impl IntoView {
    let UnsubscribePage { host, email, .. } = page;
    view! {
        <Door title="Stop the daily digest?" below=host>
            <p class="mt-4 mb-8 wrap-anywhere text-ink-2">
                "No more digests to " <bdi class="font-medium text-ink">{email}</bdi>
                ", over any workgroup. Notices that could not be delivered are still told."
            </p>
            <PostForm>
                <Button look=Look::Primary working="Stopping…" class="h-10 w-full">
                    "Stop the digest"
                </Button>
            </PostForm>
        </Door>
    }
}

#[component]
fn Off(page: UnsubscribePage) -> impl IntoView {
    let UnsubscribePage { host, email, .. } = page;
    view! {
        <Door title="The daily digest is off" below=host>
            <p class="mt-4 mb-8 wrap-anywhere text-ink-2">
                "Nothing more is sent to " <bdi class="font-medium text-ink">{email}</bdi>
                " but word of notices that could not be delivered. Your account page turns it on again."
            </p>
            <ButtonLink href="/account" external=true>
                "Open your account"
            </ButtonLink>
        </Door>
    }
}

#[component]
fn Unknown(refusal: Refusal) -> impl IntoView {
    let title = match refusal.code {
        Code::NotFound => "This link does not work",
        code => code.title(),
    };
    view! {
        <Door title=title>
            <p class="mt-2 mb-6 wrap-anywhere text-ink-2">{refusal.detail}</p>
            <ButtonLink href="/account" external=true>
                "Open your account"
            </ButtonLink>
        </Door>
    }
}
