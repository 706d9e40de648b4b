//! What a person sees: the table of pages.

pub mod components;
pub mod layout;
pub mod pages;
pub mod submitted;

use layout::LastFrame;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};
use pages::account::Account;
use pages::edit_token::EditToken;
use pages::new_token::NewToken;
use pages::not_found::NotFound;
use pages::set_up::SetUp;
use pages::sign_in::SignIn;
use pages::token::TokenDetail;
use pages::tokens::Tokens;

/// The whole application, the same on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(LastFrame(RwSignal::new(None)));
    view! {
        <Title formatter=|title| format!("{title} · Latchkey") />
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async />
                <Route path=path!("/setup/:code") view=SetUp ssr=SsrMode::Async />
                <Route path=path!("/account") view=Account ssr=SsrMode::Async />
                <Route path=path!("/:workgroup/settings/tokens") view=Tokens ssr=SsrMode::Async />
                <Route
                    path=path!("/:workgroup/settings/tokens/new")
                    view=NewToken
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/tokens/:id")
                    view=TokenDetail
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/tokens/:id/edit")
                    view=EditToken
                    ssr=SsrMode::Async
                />
            </FlatRoutes>
        </Router>
    }
}
