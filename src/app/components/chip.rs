//! Small boxed words: a chip is a permission, a mark is a trait. States have badges of their own.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// A permission; a shield marks the powerful.
#[component]
pub fn Chip(#[prop(into)] label: String, #[prop(default = false)] powerful: bool) -> impl IntoView {
    let title = label.clone();
    view! {
        <span
            class="inline-flex h-5 min-w-0 items-center gap-1 rounded-sm border border-line-2 px-1.5 text-xs text-ink-2"
            title=title
        >
            {powerful
                .then(|| {
                    view! {
                        <Glyph icon=Icon::Shield class="size-3 shrink-0 text-ink-3" stroke="2" />
                        <span class="sr-only">"powerful: "</span>
                    }
                })}
            <span class="truncate">{label}</span>
        </span>
    }
}

/// A scope of a legacy token, as it came: opaque, never taken for a permission.
#[component]
pub fn Scope(#[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class="inline-flex h-5 max-w-full items-center rounded-sm border border-dashed border-line-2 px-1.5 font-mono text-xs text-ink-2">
            <span class="truncate">{text}</span>
        </span>
    }
}

/// Beside a powerful permission in a form.
#[component]
pub fn Powerful() -> impl IntoView {
    view! {
        <span class="inline-flex h-5 items-center gap-1 rounded-sm bg-chosen px-1.5 text-xs text-ink">
            <Glyph icon=Icon::Shield class="size-3 shrink-0" stroke="2.25" />
            "Powerful"
        </span>
    }
}
