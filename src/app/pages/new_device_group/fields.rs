//! The fields of a device group: its name and its rule. The edit page shares them.

use crate::app::components::field::{Field, TextArea};
use crate::app::components::tiles::{Choice, Tiles};
use crate::app::submitted::Filled;
use crate::domain::device_groups::GroupForm;
use crate::domain::group_draft::RawRule;
use leptos::prelude::*;

pub const LABELS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("rule", "Which devices"),
    ("devices", "Devices"),
    ("key", "Metadata key"),
    ("value", "Metadata value"),
];

fn choices() -> Vec<Choice> {
    let choice = |value: &str, label: &str, detail: &str| Choice {
        value: value.into(),
        label: label.into(),
        detail: detail.into(),
        off: false,
    };
    vec![
        choice("in", "Only these devices", "A list; a new device is outside"),
        choice("not_in", "All but these devices", "A list; a new device is inside"),
        choice("metadata", "By metadata", "Whatever has a key with a value"),
    ]
}

/// All fields are sent whatever is chosen; the style sheet hides those that the choice does not need, without script.
#[component]
pub fn GroupFields(form: GroupForm, filled: Filled) -> impl IntoView {
    let (key, value) = match &form.start.rule {
        RawRule::Metadata { key, value } => (key.clone(), value.clone()),
        _ => (String::new(), String::new()),
    };
    let keys = form.keys.into_iter().map(|key| view! { <option value=key></option> });
    view! {
        <Field
            label="Name"
            name="name"
            help="What the devices have in common: a site, a customer, a line."
            required=true
            max=80
            value=filled.value("name", &form.start.name)
            error=filled.error("name")
        />
        <div class="group/rule grid gap-6">
            <Tiles
                legend="Which devices"
                name="rule"
                choices=choices()
                value=filled.value("rule", form.start.rule.code())
                error=filled.error("rule")
                columns="md:grid-cols-3"
            />
            <div class="group-has-[#rule-metadata:checked]/rule:hidden">
                <TextArea
                    label="Devices"
                    name="devices"
                    help="Their ids as the protected API knows them, one a line."
                    value=filled.value("devices", &form.start.rule.lines())
                    error=filled.error("devices")
                />
            </div>
            <div class="hidden gap-x-5 gap-y-6 group-has-[#rule-metadata:checked]/rule:grid md:grid-cols-2">
                <Field
                    label="Metadata key"
                    name="key"
                    max=80
                    list="keys"
                    value=filled.value("key", &key)
                    error=filled.error("key")
                />
                <Field
                    label="Metadata value"
                    name="value"
                    max=200
                    value=filled.value("value", &value)
                    error=filled.error("value")
                />
                <datalist id="keys">{keys.collect_view()}</datalist>
            </div>
        </div>
    }
}
