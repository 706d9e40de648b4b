//! What an edit of a device group opens and closes, by name, with the button that agrees to exactly this.

use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::form::Hidden;
use crate::domain::device::DeviceChoice;
use crate::domain::group_effect::{Few, GroupEffect};
use crate::domain::usage::{counted, grouped};
use leptos::prelude::*;

/// It takes the focus, so that it is read first also without script.
#[component]
pub fn Review(effect: GroupEffect, back: String) -> impl IntoView {
    view! {
        <section
            aria-labelledby="effect"
            tabindex="-1"
            autofocus
            data-testid="group-effect"
            class="rounded border border-expiring-mark p-5"
        >
            <Hidden name="seen" value=effect.seen.clone() />
            <h2 id="effect" class="text-lg font-semibold">
                "What this opens and closes"
            </h2>
            <p class="mt-1 text-ink-2">
                {effect.concerns()} " Nothing was saved yet. The group would hold "
                {counted(effect.holds, "device")} "."
            </p>
            <div class="mt-4 grid gap-x-8 gap-y-4 md:grid-cols-2">
                <Moved title="Comes in" devices=effect.comes.clone() />
                <Moved title="Goes out" devices=effect.goes.clone() />
            </div>
            <Concerned effect=effect />
            <div class="mt-6 flex gap-2 max-md:flex-col">
                <Button look=Look::Primary working="Saving\u{2026}">
                    "Save changes"
                </Button>
                <ButtonLink href=back>"Keep as it is"</ButtonLink>
            </div>
        </section>
    }
}

#[component]
fn Moved(title: &'static str, devices: Few<DeviceChoice>) -> impl IntoView {
    (!devices.is_empty()).then(|| {
        let more = devices.more();
        let total = grouped(devices.total);
        let rows = devices.first.into_iter().map(|device| {
            view! {
                <li class="flex flex-wrap items-baseline gap-x-2">
                    <bdi class="wrap-anywhere">{device.name}</bdi>
                    <code class="font-mono text-xs break-all text-ink-3">{device.external_id}</code>
                </li>
            }
        });
        view! {
            <div class="min-w-0">
                <h3 class="font-medium">
                    {title} " " <span class="font-normal text-ink-3 tabular-nums">{total}</span>
                </h3>
                <ul class="mt-1 grid gap-0.5 text-ink-2">
                    {rows.collect_view()} <More count=more />
                </ul>
            </div>
        }
    })
}

/// Each token and member by name, with what it gains and loses.
#[component]
fn Concerned(effect: GroupEffect) -> impl IntoView {
    let each = effect.for_each();
    let more = effect.tokens.more() + effect.members.more();
    let who: Vec<_> = effect.tokens.first.into_iter().chain(effect.members.first).collect();
    (!who.is_empty()).then(|| {
        let rows = who.into_iter().map(|who| {
            view! {
                <li class="wrap-anywhere">
                    <bdi class="font-medium text-ink">{who}</bdi>
                    " "
                    <bdi>{each.clone()}</bdi>
                </li>
            }
        });
        view! {
            <h3 class="mt-5 font-medium">"For whom"</h3>
            <ul class="mt-1 grid gap-1 text-ink-2">
                {rows.collect_view()} <More count=more />
            </ul>
        }
    })
}

#[component]
fn More(count: i64) -> impl IntoView {
    (count > 0)
        .then(|| view! { <li class="text-ink-3">{format!("and {} more", grouped(count))}</li> })
}
