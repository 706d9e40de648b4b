//! The permissions of a new token, by section. What the person cannot grant is off, with why.

use crate::app::components::chip::Powerful;
use crate::app::components::field::FieldError;
use crate::domain::answers::PermissionChoice;
use crate::domain::permission::READ;
use crate::domain::token::Kind;
use crate::domain::token_draft::RawDraft;
use leptos::prelude::*;

#[component]
pub fn Permissions(
    choices: Vec<PermissionChoice>,
    start: RawDraft,
    kind: Kind,
    error: Option<String>,
) -> impl IntoView {
    let sections = by_section(choices, kind)
        .into_iter()
        .map(|(section, choices)| {
            view! { <Part title=section choices=choices start=start.clone() kind=kind /> }
        })
        .collect_view();
    let described = error.is_some().then_some("permissions-error");
    view! {
        <fieldset
            id="permissions"
            aria-labelledby="permissions-legend"
            aria-describedby=described
            class="min-w-0"
        >
            <legend id="permissions-legend" class="font-medium">
                "Permissions"
            </legend>
            <p class="mt-0.5 mb-3 text-sm text-ink-3">
                "Only what you hold yourself. They cannot be changed afterwards: a wider token is a new token."
            </p>
            {sections}
            {error.map(|message| view! { <FieldError id="permissions-error" message=message /> })}
        </fieldset>
    }
}

/// The sections in the catalogue's order; a device token is offered only what devices can use.
fn by_section(choices: Vec<PermissionChoice>, kind: Kind) -> Vec<(String, Vec<PermissionChoice>)> {
    let mut sections: Vec<(String, Vec<PermissionChoice>)> = Vec::new();
    for choice in choices {
        if kind == Kind::Device && !choice.permission.for_devices {
            continue;
        }
        match sections.iter_mut().find(|(title, _)| *title == choice.permission.section) {
            Some((_, found)) => found.push(choice),
            None => sections.push((choice.permission.section.clone(), vec![choice])),
        }
    }
    sections
}

#[component]
fn Part(
    title: String,
    choices: Vec<PermissionChoice>,
    start: RawDraft,
    kind: Kind,
) -> impl IntoView {
    let rows = choices
        .into_iter()
        .map(|choice| {
            let always = kind == Kind::Access && choice.permission.name == READ;
            let chosen = start.permissions.contains(&choice.permission.name);
            let ticked = always || (chosen && choice.barred.is_none());
            view! { <Row choice=choice always=always ticked=ticked /> }
        })
        .collect_view();
    view! {
        <div
            role="group"
            aria-label=title.clone()
            class="grid gap-x-6 border-t border-line md:grid-cols-[7rem_minmax(0,1fr)]"
        >
            <p class="pt-3 text-sm text-ink-3" aria-hidden="true">
                {title.clone()}
            </p>
            <div class="min-w-0">{rows}</div>
        </div>
    }
}

#[component]
fn Row(choice: PermissionChoice, always: bool, ticked: bool) -> impl IntoView {
    let PermissionChoice { permission, barred } = choice;
    let id = format!("permission-{}", permission.name);
    let (label_id, text_id) = (format!("{id}-label"), format!("{id}-text"));
    let off = barred.is_some();
    let label_class = if off { "font-medium text-ink-3" } else { "font-medium" };
    view! {
        <label class="grid grid-cols-[1rem_minmax(0,1fr)] items-start gap-x-3 border-b border-line py-3 last:border-b-0 md:grid-cols-[1rem_minmax(0,1fr)_auto]">
            <input
                type="checkbox"
                id=id
                name="permissions"
                value=permission.name.clone()
                checked=ticked
                disabled=off || always
                class="mt-0.5"
                aria-labelledby=label_id.clone()
                aria-describedby=text_id.clone()
            />
            <span class="min-w-0">
                <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span id=label_id class=label_class>
                        {permission.label}
                    </span>
                    {permission.powerful.then(|| view! { <Powerful /> })}
                </span>
                <span id=text_id class="block text-sm text-ink-3">
                    {permission.powerful.then(|| view! { <span class="sr-only">"Powerful. "</span> })}
                    {permission.description}
                    {barred.map(|why| view! { <span class="block text-ink-2">{why}</span> })}
                </span>
            </span>
            <code class="font-mono text-xs leading-5 text-ink-3 max-md:hidden">
                {permission.name}
            </code>
        </label>
    }
}
