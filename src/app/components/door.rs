//! The narrow page in front of the house: signing in, setting up, and whatever is shown to somebody unknown.

use super::mark::Keyhole;
use leptos::prelude::*;

#[component]
pub fn Door(
    #[prop(into)] title: String,
    /// Below the title: the installation's host.
    #[prop(optional, into)]
    below: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="grid min-h-dvh px-4">
            <main class="mx-auto w-full max-w-[22rem] self-center py-12">
                <Keyhole class="size-9 shrink-0" />
                <h1 class="mt-6 text-xl font-semibold">{title}</h1>
                {below.map(|below| view! { <p class="mt-1 text-ink-2">{below}</p> })}
                {children()}
            </main>
        </div>
    }
}
