//! The fields of somebody's rights: owner or member, which permissions, which device group. What cannot be given is off.

use super::chip::{Chip, Powerful};
use super::field::{FieldError, Select};
use super::icon::{Glyph, Icon};
use super::tiles::{Choice, Tiles};
use crate::app::submitted::Filled;
use crate::domain::answers::PermissionChoice;
use crate::domain::members::{HeldRights, RightsChoices};
use leptos::either::Either;
use leptos::prelude::*;

/// Field and label of everything here, and of the address beside it.
pub const LABELS: &[(&str, &str)] = &[
    ("email", "Email address"),
    ("role", "Role"),
    ("permissions", "Permissions"),
    ("device_group", "Device group"),
];

/// `start`: what is held now, or nothing.
#[component]
pub fn RightsFields(choices: RightsChoices, start: HeldRights, filled: Filled) -> impl IntoView {
    let role = filled.value("role", if start.owner { "owner" } else { "member" });
    let group = filled.value("device_group", start.group.as_deref().unwrap_or_default());
    let held: Vec<String> = start.permissions.into_iter().map(|it| it.name).collect();
    let ticked = {
        let filled = filled.clone();
        move |name: &str| filled.ticked("permissions", name, held.iter().any(|it| it == name))
    };
    let rows = choices
        .permissions
        .clone()
        .into_iter()
        .map(|choice| {
            let ticked = choice.barred.is_none() && ticked(&choice.permission.name);
            view! { <Row choice=choice ticked=ticked /> }
        })
        .collect_view();
    let error = filled.error("permissions");
    let described = error.is_some().then_some("permissions-error");
    view! {
        <div class="group/rights grid gap-9">
            <Tiles
                legend="Role"
                name="role"
                choices=roles(&choices)
                value=role
                columns="md:grid-cols-2"
                error=filled.error("role")
            />
            // An owner holds everything everywhere: the rest is of no account.
            <div class="grid gap-9 group-has-[#role-owner:checked]/rights:hidden">
                <Select
                    label="Device group"
                    name="device_group"
                    help="Bound to a group, they see its devices and the tokens and members of the very same group alone."
                    value=group
                    options=groups(choices)
                    error=filled.error("device_group")
                />
                <fieldset
                    id="permissions"
                    aria-labelledby="permissions-legend"
                    aria-describedby=described
                    class="min-w-0"
                >
                    <legend id="permissions-legend" class="font-medium">
                        "Permissions"
                    </legend>
                    <p class="mt-0.5 mb-3 text-sm text-ink-3">"Only what you hold yourself."</p>
                    <div class="border-t border-line">{rows}</div>
                    {error
                        .map(|message| {
                            view! { <FieldError id="permissions-error" message=message /> }
                        })}
                </fieldset>
            </div>
        </div>
    }
}

fn roles(choices: &RightsChoices) -> Vec<Choice> {
    let choice = |value: &str, label: &str, detail: &str, off| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        detail: detail.to_owned(),
        off,
    };
    let owner = if choices.owner { "Holds every permission" } else { "Only owners make owners" };
    vec![
        choice("member", "Member", "Holds what is chosen below", false),
        choice("owner", "Owner", owner, !choices.owner),
    ]
}

fn groups(choices: RightsChoices) -> Vec<(String, String)> {
    let whole = (String::new(), "Whole workgroup".to_owned());
    let each = choices.groups.into_iter().map(|name| (name.clone(), name));
    choices.whole_workgroup.then_some(whole).into_iter().chain(each).collect()
}

#[component]
fn Row(choice: PermissionChoice, ticked: bool) -> impl IntoView {
    let PermissionChoice { permission, barred } = choice;
    let id = format!("permission-{}", permission.name);
    let (label_id, text_id) = (format!("{id}-label"), format!("{id}-text"));
    let off = barred.is_some();
    let label_class = if off { "font-medium text-ink-3" } else { "font-medium" };
    let retired = permission
        .retired_at
        .map(|_| "No longer given. Once it is taken away it cannot be given back.".to_owned());
    let note = barred.or(retired);
    view! {
        <label class="grid grid-cols-[1rem_minmax(0,1fr)] items-start gap-x-3 border-b border-line py-3 md:grid-cols-[1rem_minmax(0,1fr)_auto]">
            <input
                type="checkbox"
                id=id
                name="permissions"
                value=permission.name.clone()
                checked=ticked
                disabled=off
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
                    {note.map(|note| view! { <span class="block text-ink-2">{note}</span> })}
                </span>
            </span>
            <code class="font-mono text-xs leading-5 text-ink-3 max-md:hidden">
                {permission.name}
            </code>
        </label>
    }
}

/// What is held, in a cell: the powerful first.
#[component]
pub fn RightsChips(rights: HeldRights) -> impl IntoView {
    if rights.owner {
        return Either::Left(view! { <span class="text-sm text-ink-3">"Every permission"</span> });
    }
    let mut permissions = rights.permissions;
    permissions.sort_by_key(|permission| !permission.powerful);
    let chips = permissions
        .into_iter()
        .map(|it| view! { <Chip label=it.label powerful=it.powerful /> })
        .collect_view();
    Either::Right(view! { <span class="flex min-h-5 flex-wrap gap-1">{chips}</span> })
}

/// Where it is held: the whole workgroup, or one device group.
#[component]
pub fn RightsGroup(group: Option<String>) -> impl IntoView {
    match group {
        None => Either::Left(view! { <span class="text-ink-3">"Whole workgroup"</span> }),
        Some(name) => Either::Right(view! {
            <span class="flex min-w-0 items-center gap-1.5">
                <Glyph icon=Icon::Layers class="size-3.5 shrink-0 text-ink-3" />
                <bdi class="min-w-0 wrap-anywhere">{name}</bdi>
            </span>
        }),
    }
}
