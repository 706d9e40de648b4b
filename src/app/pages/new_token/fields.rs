//! The fields of a token: whose it is, how long it lives, what it reaches, and what few people need. The edit page shares them.

use crate::app::components::field::{Field, Select, TextArea, Tick};
use crate::app::components::tiles::{Choice, Tiles};
use crate::app::submitted::Filled;
use crate::domain::answers::NewTokenPage;
use crate::domain::lifetime::Lifetime;
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::domain::token_draft::RawDraft;
use crate::domain::workgroup::Policy;
use leptos::prelude::*;

/// Owner and address, and the name that tells one owner's tokens apart.
#[component]
pub fn Whose(start: RawDraft, filled: Filled) -> impl IntoView {
    view! {
        <div class="grid gap-x-5 gap-y-6 md:grid-cols-2">
            <Field
                label="Token owner"
                name="owner"
                help="A person, firm or program."
                required=true
                max=200
                value=start.owner
                error=filled.error("owner")
            />
            <Field
                label="Name"
                name="name"
                help="Tells one owner's tokens apart: production, CI."
                optional=true
                max=80
                value=start.name
                error=filled.error("name")
            />
            <Field
                label="Email address"
                name="email"
                kind="email"
                help="Mailed before the token expires."
                required=true
                max=254
                value=start.email
                error=filled.error("email")
                class="md:col-span-2"
            />
        </div>
    }
}

/// How long a string lives and whether its holder may renew it. `always` is allowed whatever the policy says today.
#[component]
pub fn Life(
    start: RawDraft,
    filled: Filled,
    kind: Kind,
    policy: Policy,
    now: Time,
    #[prop(default = None)] always: Option<Lifetime>,
    #[prop(optional, into)] help: Option<String>,
) -> impl IntoView {
    let choices =
        Lifetime::ALL.map(|lifetime| choice(lifetime, kind, &policy, now, always)).to_vec();
    view! {
        <div class="grid gap-4">
            <Tiles
                legend="Token expiry"
                name="expires"
                choices=choices
                value=start.expires
                help=help.unwrap_or_default()
                error=filled.error("expires")
            />
            <Tick
                label="Can renew"
                name="can_renew"
                checked=start.can_renew
                help="Whoever holds the string gets the next one with one HTTP call, for the same time and with the same permissions. What does not expire is never renewed."
            />
        </div>
    }
}

fn choice(
    lifetime: Lifetime,
    kind: Kind,
    policy: &Policy,
    now: Time,
    always: Option<Lifetime>,
) -> Choice {
    let off = always != Some(lifetime) && policy.allows(kind, lifetime).is_err();
    let detail = match lifetime.end(now) {
        _ if off => format!("Policy: at most {}", policy.longest.label()),
        Some(end) => end.date(),
        None => "Until it is revoked".to_owned(),
    };
    Choice { value: lifetime.code().to_owned(), label: lifetime.label().to_owned(), detail, off }
}

/// The devices that the token opens.
#[component]
pub fn Reach(start: RawDraft, filled: Filled, kind: Kind, page: NewTokenPage) -> impl IntoView {
    if kind == Kind::Device && page.typed_device {
        return view! {
            <Field
                label="Device"
                name="device"
                help="The device's id, as its page shows it. The token opens this device alone; it cannot be changed afterwards."
                value=start.device
                required=true
                max=120
                error=filled.error("device")
            />
        }
        .into_any();
    }
    if kind == Kind::Device {
        return view! {
            <Select
                label="Device"
                name="device"
                help="The token opens this device alone. It cannot be changed afterwards."
                value=start.device
                options=devices(&page)
                required=true
                error=filled.error("device")
            />
        }
        .into_any();
    }
    view! {
        <Select
            label="Device group"
            name="device_group"
            help="The token reaches these devices alone. It cannot be changed afterwards."
            value=start.device_group
            options=groups(&page)
            error=filled.error("device_group")
        />
    }
    .into_any()
}

fn devices(page: &NewTokenPage) -> Vec<(String, String)> {
    let none = if page.devices.is_empty() { "No device is registered" } else { "Choose a device" };
    let each = page.devices.iter().map(|device| {
        (device.external_id.clone(), format!("{} ({})", device.name, device.external_id))
    });
    std::iter::once((String::new(), none.to_owned())).chain(each).collect()
}

fn groups(page: &NewTokenPage) -> Vec<(String, String)> {
    let whole = format!("Whole workgroup, {}", devices_in_words(page.device_count));
    let whole = page.whole_workgroup.then(|| (String::new(), whole));
    let each = page.groups.iter().map(|group| {
        (group.name.clone(), format!("{}, {}", group.name, devices_in_words(group.devices)))
    });
    whole.into_iter().chain(each).collect()
}

fn devices_in_words(count: i64) -> String {
    format!("{count} device{}", if count == 1 { "" } else { "s" })
}

/// What few tokens need; open when something stands in it.
#[component]
pub fn More(start: RawDraft, filled: Filled) -> impl IntoView {
    let wrong = filled.error("note").or(filled.error("rate_limit")).is_some();
    let open = wrong || !start.note.is_empty() || !start.rate_limit.is_empty();
    view! {
        <details open=open class="border-t border-line pt-4">
            <summary class="w-fit rounded text-accent-ink underline decoration-line-2 underline-offset-3 hover:decoration-current">
                "More settings"
            </summary>
            <div class="mt-5 grid gap-6">
                <TextArea
                    label="Note"
                    name="note"
                    help="For your colleagues: where it runs, whom to ask. The holder does not see it."
                    optional=true
                    max=2000
                    value=start.note
                    error=filled.error("note")
                />
                <Field
                    label="Rate limit"
                    name="rate_limit"
                    help="Requests per minute. Empty: the installation's default."
                    optional=true
                    inputmode=Some("numeric")
                    value=start.rate_limit
                    error=filled.error("rate_limit")
                    class="max-w-[14rem]"
                />
            </div>
        </details>
    }
}
