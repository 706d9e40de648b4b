//! Radio tiles: each choice over what it leads to. The name of a choice is its label alone; the rest is its description.

use super::field::FieldError;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// One choice of a radio group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// What it leads to, or why it cannot be chosen.
    pub detail: String,
    /// It cannot be chosen.
    pub off: bool,
}

// The input lies over its whole tile, unseen: whoever explores by touch or points by program hits it.
const TILE: &str = "group relative flex min-h-15 flex-col justify-center rounded border px-3 py-2 \
                    transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 \
                    has-focus-visible:outline-focus";
const ON: &str = "border-line-2 hover:border-edge has-checked:border-accent-ink \
                  has-checked:bg-accent-wash has-checked:inset-ring has-checked:inset-ring-accent-ink";
const OFF: &str = "border-dashed border-line-2";

/// A radio group as tiles, four to a row (two on a phone) unless `columns` says otherwise.
#[component]
pub fn Tiles(
    #[prop(into)] legend: String,
    name: &'static str,
    choices: Vec<Choice>,
    #[prop(into)] value: String,
    #[prop(optional, into)] help: Option<String>,
    #[prop(default = None)] error: Option<String>,
    #[prop(default = "grid-cols-2 md:grid-cols-4")] columns: &'static str,
) -> impl IntoView {
    let error_id = error.is_some().then(|| format!("{name}-error"));
    let tiles = choices
        .into_iter()
        .map(|choice| {
            let checked = choice.value == value;
            view! { <Tile name=name choice=choice checked=checked /> }
        })
        .collect_view();
    view! {
        <fieldset
            id=name
            role="radiogroup"
            aria-labelledby=format!("{name}-legend")
            aria-describedby=error_id
        >
            <legend id=format!("{name}-legend") class="font-medium">
                {legend}
            </legend>
            {help
                .filter(|help| !help.is_empty())
                .map(|help| view! { <p class="mt-0.5 text-sm text-ink-3">{help}</p> })}
            <div class=format!("mt-2 grid gap-2 {columns}")>{tiles}</div>
            {error
                .map(|message| {
                    view! { <FieldError id=format!("{name}-error") message=message /> }
                })}
        </fieldset>
    }
}

#[component]
fn Tile(name: &'static str, choice: Choice, checked: bool) -> impl IntoView {
    let Choice { value, label, detail, off } = choice;
    let id = format!("{name}-{value}");
    let (label_id, detail_id) = (format!("{id}-label"), format!("{id}-detail"));
    let label_class = if off {
        "flex items-center justify-between gap-2 text-ink-3"
    } else {
        "flex items-center justify-between gap-2 font-medium"
    };
    view! {
        <label class=format!("{TILE} {}", if off { OFF } else { ON })>
            <input
                type="radio"
                id=id
                name=name
                value=value
                checked=checked
                disabled=off
                class="absolute inset-0 size-full opacity-0 not-disabled:cursor-pointer"
                aria-labelledby=label_id.clone()
                aria-describedby=detail_id.clone()
            />
            <span class=label_class>
                <span id=label_id>{label}</span>
                <span class="hidden text-accent-ink group-has-checked:block">
                    <Glyph icon=Icon::Check stroke="2.5" />
                </span>
            </span>
            <span id=detail_id class="text-sm text-ink-3 tabular-nums">
                {detail}
            </span>
        </label>
    }
}
