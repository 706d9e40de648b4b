//! Buttons for pages that answer a form's POST: hidden until the small script of those pages (`pages/token_string.js`) shows them.

use super::button::{Look, Size};
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// Copies the text of the element with the id `from`, and says *Copied* for two seconds.
#[component]
pub fn CopyButton(
    from: &'static str,
    #[prop(optional)] look: Look,
    #[prop(optional)] size: Size,
    #[prop(default = "Copy")] word: &'static str,
    /// What it copies, for those who do not see what it stands beside.
    #[prop(default = "")]
    what: &'static str,
    #[prop(default = "")] class: &'static str,
) -> impl IntoView {
    let icon = if size == Size::Row { "size-3.5 shrink-0" } else { "size-4 shrink-0" };
    view! {
        <button
            type="button"
            hidden
            class=super::button::class(look, size, class)
            data-copy=format!("#{from}")
        >
            <Glyph icon=Icon::Copy class=icon />
            <span data-word aria-live="polite">
                {word}
            </span>
            <span class="sr-only">{what}</span>
        </button>
    }
}

/// Saves the text of the element with the id `from` as a file of one line, `prefix` before it.
#[component]
pub fn DownloadButton(
    from: &'static str,
    filename: &'static str,
    prefix: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            hidden
            class=super::button::class(Look::Secondary, Size::Normal, "")
            data-download=format!("#{from}")
            data-filename=filename
            data-prefix=prefix
        >
            <Glyph icon=Icon::Download />
            {children()}
        </button>
    }
}
