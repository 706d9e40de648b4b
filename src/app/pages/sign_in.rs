//! The page in front of everything. It never says whether an address is known.

use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::{Button, LINK, Look};
use crate::app::components::door::Door;
use crate::app::components::field::Field;
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::icon::Icon;
use crate::app::components::password::PasswordField;
use crate::app::submitted::Filled;
use crate::domain::answers::SignInPage;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn SignIn() -> impl IntoView {
    let page = Resource::new(|| (), |()| rpc::session::read_sign_in());
    view! {
        <Title text="Sign in" />
        <Suspense>
            {move || Suspend::new(async move {
                // The form works whether or not the host is known.
                let page = page.await.unwrap_or(SignInPage { host: String::new(), set_up: false });
                view! { <SignInForm page=page /> }
            })}
        </Suspense>
    }
}

#[component]
fn SignInForm(page: SignInPage) -> impl IntoView {
    let filled = Filled::here();
    let next = use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default();
    let next = filled.value("next", &next);
    view! {
        <Door title="Sign in to Latchkey" below=page.host>
            <div class="mt-8">
                {page.set_up.then(|| view! { <NobodyYet /> })}
                {filled.refusal().map(|refusal| view! { <ErrorSummary refusal=refusal /> })}
                <PostForm action="/sign-in" class="grid gap-5">
                    <Hidden name="next" value=next />
                    <Field
                        label="Email address"
                        name="email"
                        kind="email"
                        autocomplete="username"
                        required=true
                        value=filled.value("email", "")
                        error=filled.error("email")
                    />
                    <PasswordField
                        label="Password"
                        name="password"
                        autocomplete="current-password"
                        error=filled.error("password")
                    />
                    <Button look=Look::Primary working="Signing in…" class="mt-1 h-10 w-full">
                        "Sign in"
                    </Button>
                </PostForm>
                <p class="mt-5">
                    <a href="/reset" class=LINK>
                        "Forgot your password?"
                    </a>
                </p>
            </div>
            <p class="mt-8 border-t border-line pt-5 text-sm text-ink-3">
                "No account? Members are invited by an owner of their workgroup. Holders of a token need none: they renew it with one call."
            </p>
        </Door>
    }
}

#[component]
fn NobodyYet() -> impl IntoView {
    view! {
        <div class="mb-6">
            <Banner tone=Tone::Plain icon=Icon::Info lead="Nobody can sign in yet.">
                "Open the one-time set-up link that the server printed when it started. A new one is printed at each start."
            </Banner>
        </div>
    }
}
