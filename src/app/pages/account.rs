//! One's own account: who one is, the password, and the browsers that are signed in.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, Size};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::mark::Mark;
use crate::app::components::password::PasswordField;
use crate::app::components::theme::ThemeButtons;
use crate::app::components::time::{Ago, Day};
use crate::app::layout::{Answer, Page, Section};
use crate::app::submitted::Filled;
use crate::domain::answers::AccountPage;
use crate::domain::time::Time;
use crate::domain::user::SessionFacts;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;

const LABELS: &[(&str, &str)] =
    &[("current_password", "Current password"), ("new_password", "New password")];

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
    let AccountPage { user, sessions, now } = page;
    let email = user.email.clone();
    view! {
        <div class="max-w-[44rem]">
            <h1 class="text-xl font-semibold">"Account"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                <bdi class="font-medium text-ink">{user.name}</bdi>
                ", "
                <bdi>{user.email}</bdi>
                {user.administrator.then_some(". You administer this installation.")}
            </p>
            {refusal.map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <div class="grid gap-10">
                <Password email=email />
                <Sessions sessions=sessions now=now />
                <Colours />
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
fn Sessions(sessions: Vec<SessionFacts>, now: Time) -> impl IntoView {
    let others = sessions.iter().any(|session| !session.current);
    let rows = sessions
        .into_iter()
        .map(|session| view! { <SessionRow session=session now=now /> })
        .collect_view();
    view! {
        <section aria-labelledby="sessions-title" class="border-t border-line pt-6">
            <div class="flex flex-wrap items-start justify-between gap-3">
                <div>
                    <h2 id="sessions-title" class="font-semibold">
                        "Signed-in browsers"
                    </h2>
                    <p class="mt-0.5 text-sm text-ink-3">
                        "End what you do not recognise, then change your password."
                    </p>
                </div>
                {others
                    .then(|| {
                        view! {
                            <PostForm action="/account">
                                <Hidden name="action" value="end-other-sessions" />
                                <Button working="Ending…">"End all others"</Button>
                            </PostForm>
                        }
                    })}
            </div>
            <ul class="mt-4">{rows}</ul>
        </section>
    }
}

#[component]
fn SessionRow(session: SessionFacts, now: Time) -> impl IntoView {
    let SessionFacts { handle, created_at, last_seen_at, address, agent, current } = session;
    let end = (!current).then(|| {
        let name = format!("End: {agent}, from {address}");
        view! {
            <PostForm action="/account">
                <Hidden name="action" value="end-session" />
                <Hidden name="handle" value=handle />
                <Button size=Size::Row aria_label=name>
                    "End"
                </Button>
            </PostForm>
        }
    });
    view! {
        <li class="flex items-start justify-between gap-4 border-t border-line py-2.5">
            <div class="min-w-0">
                <p class="flex flex-wrap items-center gap-2">
                    <bdi class="min-w-0 break-words">{agent}</bdi>
                    {current.then(|| view! { <Mark text="this one" /> })}
                </p>
                <p class="mt-0.5 text-sm text-ink-3">
                    <span class="font-mono text-xs">{address}</span>
                    ", last seen "
                    <Ago at=last_seen_at now=now />
                    ", signed in "
                    <Day at=created_at />
                </p>
            </div>
            {end}
        </li>
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
