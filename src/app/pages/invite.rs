//! The page behind the one-time link of an invitation: what is offered, by whom, and how to accept it.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::door::Door;
use crate::app::components::field::Field;
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::password::PasswordField;
use crate::app::components::time::Exact;
use crate::app::submitted::Filled;
use crate::domain::members::{Guest, InvitePage};
use crate::domain::refusal::{Code, Refusal};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use leptos_router::location::Url;

const LABELS: &[(&str, &str)] = &[("name", "Your name"), ("password", "Password")];

#[component]
pub fn Invite() -> impl IntoView {
    let params = use_params_map();
    let code = move || params.read().get("code").unwrap_or_default();
    let page = Resource::new(code, rpc::members::read_invitation);
    view! {
        <Title text="Invitation" />
        <Suspense>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <Invitation page=page /> }.into_any(),
                    Err(refusal) => view! { <Ended refusal=refusal /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Ended(refusal: Refusal) -> impl IntoView {
    let title = match refusal.code {
        Code::NotFound => "This link does not work any more",
        Code::Conflict => "This invitation cannot be accepted",
        code => code.title(),
    };
    view! {
        <Door title=title>
            <p class="mt-2 mb-6 wrap-anywhere text-ink-2">{refusal.detail}</p>
            <ButtonLink href="/" external=true>
                "Go to Latchkey"
            </ButtonLink>
        </Door>
    }
}

#[component]
fn Invitation(page: InvitePage) -> impl IntoView {
    let filled = Filled::here();
    let next = match page.guest.clone() {
        Guest::New => view! { <NewHere email=page.email.clone() /> }.into_any(),
        Guest::SignIn => view! { <SignInFirst email=page.email.clone() /> }.into_any(),
        Guest::Here { name } => view! { <Join name=name /> }.into_any(),
        Guest::Other { email } => {
            view! { <SomebodyElse here=email meant=page.email.clone() /> }.into_any()
        }
    };
    view! {
        <Door title=format!("Join {}", page.workgroup)>
            <Offered page=page />
            {filled
                .refusal()
                .map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            {next}
        </Door>
    }
}

#[component]
fn Offered(page: InvitePage) -> impl IntoView {
    let dropped = (!page.dropped.is_empty()).then(|| {
        format!("{} was offered too, and is no longer given to anybody.", page.dropped.join(", "))
    });
    view! {
        <p class="mt-4 wrap-anywhere text-ink-2">
            <bdi class="font-medium text-ink">{page.invited_by}</bdi> " invites "
            <bdi class="font-medium text-ink">{page.email}</bdi> ". You will hold: "
            <bdi class="font-medium text-ink">{page.rights.in_words()}</bdi> "."
        </p>
        {dropped.map(|words| view! { <p class="mt-2 wrap-anywhere text-ink-2">{words}</p> })}
        <p class="mt-2 mb-8 text-sm text-ink-3">
            "The link works once, until " <Exact at=page.expires_at /> "."
        </p>
    }
}

#[component]
fn NewHere(email: String) -> impl IntoView {
    let filled = Filled::of_action("create");
    view! {
        <PostForm class="grid gap-5">
            <Hidden name="action" value="create" />
            // Without a name it is not sent: it tells a password manager whose password this is.
            <input type="text" autocomplete="username" value=email hidden />
            <Field
                label="Your name"
                name="name"
                autocomplete="name"
                required=true
                max=80
                value=filled.value("name", "")
                error=filled.error("name")
            />
            <PasswordField
                label="Password"
                name="password"
                autocomplete="new-password"
                help="15 to 200 characters. A few unrelated words do well."
                error=filled.error("password")
            />
            <Button look=Look::Primary working="Joining\u{2026}" class="mt-1 h-10 w-full">
                "Join"
            </Button>
        </PostForm>
    }
}

#[component]
fn SignInFirst(email: String) -> impl IntoView {
    let location = use_location();
    let href = move || format!("/sign-in?next={}", Url::escape(&location.pathname.get()));
    view! {
        <p class="mb-5 wrap-anywhere text-ink-2">
            <bdi class="font-medium text-ink">{email}</bdi>
            " has an account. Sign in with it to join; you come back here."
        </p>
        {move || {
            view! {
                <ButtonLink href=href() look=Look::Primary class="w-full">
                    "Sign in"
                </ButtonLink>
            }
        }}
    }
}

#[component]
fn Join(name: String) -> impl IntoView {
    view! {
        <PostForm>
            <Hidden name="action" value="join" />
            <p class="mb-5 wrap-anywhere text-ink-2">
                "You are signed in as " <bdi class="font-medium text-ink">{name}</bdi> "."
            </p>
            <Button look=Look::Primary working="Joining\u{2026}" class="h-10 w-full">
                "Join"
            </Button>
        </PostForm>
    }
}

#[component]
fn SomebodyElse(here: String, meant: String) -> impl IntoView {
    view! {
        <PostForm>
            <Hidden name="action" value="sign-out" />
            <p class="mb-5 wrap-anywhere text-ink-2">
                "You are signed in as " <bdi class="font-medium text-ink">{here}</bdi>
                ", and this invitation is for " <bdi class="font-medium text-ink">{meant}</bdi>
                ". Sign out here to accept it as that person."
            </p>
            <Button look=Look::Primary working="Signing out\u{2026}" class="h-10 w-full">
                "Sign out"
            </Button>
        </PostForm>
    }
}
