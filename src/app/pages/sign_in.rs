//! The sign-in page.

use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SignIn() -> impl IntoView {
    view! {
        <Title text="Sign in" />
        <main>
            <h1>"Sign in to Latchkey"</h1>
        </main>
    }
}
