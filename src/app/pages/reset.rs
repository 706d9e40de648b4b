//! Behind the mailed link: a new password, and with it a new session.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::door::Door;
use crate::app::components::form::PostForm;
use crate::app::components::password::PasswordField;
use crate::app::components::time::Exact;
use crate::app::submitted::Filled;
use crate::domain::answers::ResetPage;
use crate::domain::refusal::{Code, Refusal};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

const LABELS: &[(&str, &str)] = &[("new_password", "New password")];

#[component]
pub fn Reset() -> impl IntoView {
    let params = use_params_map();
    let code = move || params.read().get("code").unwrap_or_default();
    let page = Resource::new(code, rpc::session::read_reset);
    view! {
        <Title text="Set a new password" />
        <Suspense>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <ResetForm page=page /> }.into_any(),
                    Err(refusal) => view! { <LinkEnded refusal=refusal /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn LinkEnded(refusal: Refusal) -> impl IntoView {
    let title = if refusal.code == Code::NotFound {
        "This link does not work any more"
    } else {
        refusal.code.title()
    };
    view! {
        <Door title=title>
            <p class="mt-2 mb-6 text-ink-2">{refusal.detail}</p>
            <div class="flex flex-wrap gap-2">
                <ButtonLink href="/reset" look=Look::Primary>
                    "Send another link"
                </ButtonLink>
                <ButtonLink href="/sign-in">"Sign in"</ButtonLink>
            </div>
        </Door>
    }
}

#[component]
fn ResetForm(page: ResetPage) -> impl IntoView {
    let ResetPage { host, email, expires_at } = page;
    let filled = Filled::here();
    view! {
        <Door title="Set a new password" below=host>
            <p class="mt-4 mb-8 wrap-anywhere text-ink-2">
                "For " <bdi class="font-medium text-ink">{email.clone()}</bdi>
                ". Setting it signs out every browser but this one. The link works once, until "
                <Exact at=expires_at /> "."
            </p>
            {filled
                .refusal()
                .map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <PostForm class="grid gap-5">
                // Without a name it is not sent: it tells a password manager whose password this is.
                <input type="text" autocomplete="username" value=email hidden />
                <PasswordField
                    label="New password"
                    name="new_password"
                    autocomplete="new-password"
                    help="15 to 200 characters. A few unrelated words do well."
                    error=filled.error("new_password")
                />
                <Button look=Look::Primary working="Setting…" class="mt-1 h-10 w-full">
                    "Set the password"
                </Button>
            </PostForm>
        </Door>
    }
}
