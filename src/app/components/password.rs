//! The field of a password.

use super::field::{FieldError, LabelAndHelp, box_class, described_by};
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// A password. Once the page is alive it can be shown; it is never filled in again after a refusal.
#[component]
pub fn PasswordField(
    label: &'static str,
    name: &'static str,
    autocomplete: &'static str,
    #[prop(default = None)] error: Option<String>,
    #[prop(optional, into)] help: Option<String>,
) -> impl IntoView {
    let described = described_by(name, help.is_some(), error.is_some());
    let wrong = error.is_some();
    let alive = RwSignal::new(false);
    let shown = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let toggle = move || {
        view! {
            <button
                type="button"
                class="absolute right-1 top-1/2 grid size-8 -translate-y-1/2 place-items-center rounded-sm text-ink-3 hover:bg-chosen hover:text-ink"
                aria-label="Show what is typed"
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                <Glyph icon=Icon::Eye />
            </button>
        }
    };
    view! {
        <div>
            <LabelAndHelp id=name.to_owned() label=label help=help />
            <div class="relative mt-2">
                <input
                    id=name
                    name=name
                    type=move || if shown.get() { "text" } else { "password" }
                    class=format!("pr-11 {}", box_class(wrong))
                    required
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described
                    aria-invalid=wrong.then_some("true")
                />
                <Show when=move || alive.get()>{toggle()}</Show>
            </div>
            {error
                .map(|message| {
                    view! { <FieldError id=format!("{name}-error") message=message /> }
                })}
        </div>
    }
}
