//! One's own account: who one is, the password, and the browsers that are signed in.

mod digest;
mod profile;
mod sessions;

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::Button;
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::password::PasswordField;
use crate::app::components::theme::ThemeButtons;
use crate::app::layout::{Answer, Page, Section};
use crate::app::submitted::Filled;
use crate::domain::answers::AccountPage;
use crate::rpc;
use digest::Digest;
use leptos::prelude::*;
use leptos_meta::Title;
use profile::Profile;
use sessions::Sessions;

const LABELS: &[(&str, &str)] = &[
    ("name", "Your name"),
    ("time_zone", "Time zone"),
    ("current_password", "Current password"),
    ("new_password", "New password"),
];

#[component]
pub fn Account() -> impl IntoView {
    let page = Resource::new(|| (), |()| rpc::session::read_account());
    view! {
        <Title text="Account" />
        <Page section=Section::Account>
            <Answer of=page show=|page| view! { <AccountView page=page /> } />
        </Page>
    }
}

#[component]
fn AccountView(page: AccountPage) -> impl IntoView {
    let refusal = Filled::here().refusal();
    let AccountPage { user, digest, sessions, now } = page;
    let zone = user.time_zone.clone();
    let email = user.email.clone();
    view! {
        <div class="max-w-[44rem]">
            <h1 class="text-xl font-semibold">"Account"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                <bdi class="font-medium text-ink">{user.name.clone()}</bdi>
                ", "
                <bdi>{user.email.clone()}</bdi>
                {user.administrator.then_some(". You administer this installation.")}
            </p>
            {refusal.map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <div class="grid gap-10">
                <Profile user=user />
                {digest.map(|wanted| view! { <Digest wanted=wanted zone=zone /> })}
                <Password email=email />
                <Sessions sessions=sessions now=now />
                <Colours />
                <Programs />
            </div>
        </div>
    }
}

#[component]
fn Password(email: String) -> impl IntoView {
    let filled = Filled::of_action("password");
    view! {
        <section aria-labelledby="password-title" class="border-t border-line pt-6">
            <h2 id="password-title" class="font-semibold">
                "Password"
            </h2>
            <p class="mt-0.5 mb-5 text-sm text-ink-3">
                "Changing it signs out every other browser."
            </p>
            <PostForm action="/account" class="grid max-w-[22rem] gap-5">
                <Hidden name="action" value="password" />
                // Without a name it is not sent: it tells a password manager whose password this is.
                <input type="text" autocomplete="username" value=email hidden />
                <PasswordField
                    label="Current password"
                    name="current_password"
                    autocomplete="current-password"
                    error=filled.error("current_password")
                />
                <PasswordField
                    label="New password"
                    name="new_password"
                    autocomplete="new-password"
                    help="15 to 200 characters. A few unrelated words do well."
                    error=filled.error("new_password")
                />
                <div>
                    <Button working="Changing…">"Change password"</Button>
                </div>
            </PostForm>
        </section>
    }
}

#[component]
fn Colours() -> impl IntoView {
    view! {
        <section aria-labelledby="colours-title" class="border-t border-line pt-6">
            <h2 id="colours-title" class="font-semibold">
                "Colours"
            </h2>
            <p class="mt-0.5 mb-3 text-sm text-ink-3">"Kept in this browser."</p>
            <div class="w-52">
                <ThemeButtons />
            </div>
        </section>
    }
}

#[component]
fn Programs() -> impl IntoView {
    view! {
        <section aria-labelledby="programs-title" class="border-t border-line pt-6">
            <h2 id="programs-title" class="font-semibold">
                "For programs"
            </h2>
            <p class="mt-0.5 text-sm text-ink-3">
                "What is done on these pages can be done by HTTP calls, too: the "
                <a href="/api/docs" rel="external" class="text-accent-ink underline">
                    "API reference"
                </a> " lets you read and try them."
            </p>
        </section>
    }
}
