//! What a person sees: the table of pages.

pub mod components;
pub mod layout;
pub mod pages;
pub mod submitted;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

/// The whole application, the same on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title| format!("{title} · Latchkey") />
        <Router>
            <FlatRoutes fallback=pages::not_found::NotFound>
                <Route path=path!("/sign-in") view=pages::sign_in::SignIn ssr=SsrMode::Async />
                <Route path=path!("/*any") view=pages::not_found::NotFound ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}
