//! The page of an address that nothing stands at.

use crate::app::components::button::ButtonLink;
use crate::app::components::door::Door;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found" />
        <Door title="There is no such page">
            <p class="mt-2 mb-6 text-ink-2">
                "Nothing stands at this address. It may have been mistyped, or what stood here has left."
            </p>
            <ButtonLink href="/" external=true>
                "Go to your tokens"
            </ButtonLink>
        </Door>
    }
}
