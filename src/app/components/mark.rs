//! Marks: the sign of the house, the initials of a person or workgroup, and the traits of a token (legacy, device).

use leptos::prelude::*;

/// A trait of a token, in a word.
#[component]
pub fn Mark(#[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class="inline-flex h-4 items-center rounded-sm bg-chosen px-1 text-xs whitespace-nowrap text-ink-2">
            {text}
        </span>
    }
}

/// The keyhole.
#[component]
pub fn Keyhole(#[prop(default = "size-5 shrink-0")] class: &'static str) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 20 20" aria-hidden="true">
            <rect width="20" height="20" rx="5" class="fill-accent"></rect>
            <circle cx="10" cy="7.6" r="2.9" class="fill-on-accent"></circle>
            <path d="M9.1 9.6h1.8l1.3 5.9H7.8z" class="fill-on-accent"></path>
        </svg>
    }
}

/// The first letters of the first two words.
#[must_use]
pub fn initials(name: &str) -> String {
    let words = name.split_whitespace().filter_map(|word| word.chars().next());
    words.take(2).flat_map(char::to_uppercase).collect()
}

/// A small square with initials: framed for a workgroup, filled for a person.
#[component]
pub fn Initials(
    #[prop(into)] name: String,
    #[prop(default = false)] framed: bool,
) -> impl IntoView {
    let ground = if framed { "border border-line-2 bg-paper" } else { "bg-chosen" };
    view! {
        <span
            class=format!(
                "grid size-6 shrink-0 place-items-center rounded-sm text-xs font-semibold text-ink-2 {ground}",
            )
            aria-hidden="true"
        >
            {initials(&name)}
        </span>
    }
}
