//! The devices as a table, which a phone shows as cards; the way to the pages before and after; and what stands there without a row.

use super::button::{ButtonLink, LINK, Look, Size};
use super::chip::Chip;
use super::device_links;
use super::empty::Empty;
use super::icon::Icon;
use super::time::Day;
use crate::domain::answers::May;
use crate::domain::device_list::{DeviceList, DeviceQuery, KeptDevice};
use crate::domain::metadata::Metadata;
use crate::domain::usage::{counted, grouped};
use leptos::prelude::*;

/// Metadata entries of a row; the rest is counted.
const SHOWN: usize = 3;

const ROW: &str = "border-b border-line align-top transition-colors md:hover:bg-hover \
                   max-md:grid max-md:gap-y-1.5 max-md:px-4 max-md:py-4";

#[component]
pub fn DeviceTable(
    list: DeviceList,
    query: DeviceQuery,
    #[prop(into)] workgroup: String,
) -> impl IntoView {
    let paging = view! { <Paging list=list.clone() query=query workgroup=workgroup.clone() /> };
    let edits = list.may.manage_devices;
    let rows = list.items.into_iter().map(|kept| {
        view! { <Row kept=kept edits=edits workgroup=workgroup.clone() /> }
    });
    view! {
        <table
            role="table"
            class="w-full table-fixed border-collapse max-md:-mx-4 max-md:block max-md:w-auto"
        >
            <caption class="sr-only">"Devices, by name"</caption>
            <colgroup class="max-md:hidden">
                <col class="w-[36%]" />
                <col class="w-[38%]" />
                <col class="w-[15%]" />
                <col class="w-[11%]" />
            </colgroup>
            <thead role="rowgroup" class="border-b border-line max-md:sr-only">
                <tr role="row">
                    {["Device", "Metadata", "Registered"]
                        .map(|heading| {
                            view! {
                                <th
                                    role="columnheader"
                                    scope="col"
                                    class="h-8 pr-4 align-middle text-sm font-normal text-ink-3"
                                >
                                    {heading}
                                </th>
                            }
                        })
                        .into_iter()
                        .collect_view()}
                    <th role="columnheader" scope="col" class="h-8">
                        <span class="sr-only">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup" class="max-md:block max-md:border-t max-md:border-line">
                {rows.collect_view()}
            </tbody>
        </table>
        {paging}
    }
}

#[component]
fn Row(kept: KeptDevice, edits: bool, workgroup: String) -> impl IntoView {
    let device = kept.device;
    let href = device_links::page(&workgroup, &device.id);
    let edit = edits.then(|| {
        let label = format!("Edit {}", device.name);
        view! {
            <ButtonLink
                href=device_links::edit(&workgroup, &device.id)
                look=Look::Quiet
                size=Size::Row
                aria_label=label
            >
                "Edit"
            </ButtonLink>
        }
    });
    view! {
        <tr role="row" data-testid="device-row" class=ROW>
            <th role="rowheader" scope="row" class="min-w-0 md:py-2.5 md:pr-4">
                <a
                    href=href
                    class="block truncate underline-offset-3 hover:underline"
                    title=device.name.clone()
                >
                    <bdi class="font-medium">{device.name.clone()}</bdi>
                </a>
                <code
                    class="block truncate font-mono text-xs leading-5 font-normal text-ink-3"
                    title=device.external_id.clone()
                >
                    {device.external_id.clone()}
                </code>
            </th>
            <td role="cell" class="min-w-0 md:py-2.5 md:pr-4">
                <Entries metadata=device.metadata />
            </td>
            <td role="cell" class="text-ink-2 md:py-2.5 md:pr-3">
                <span class="md:hidden">"Registered "</span>
                <Day at=kept.created_at />
            </td>
            <td role="cell" class="md:py-2 md:text-right">
                {edit}
            </td>
        </tr>
    }
}

#[component]
fn Entries(metadata: Metadata) -> impl IntoView {
    let rest = metadata.len().saturating_sub(SHOWN);
    let words = |(key, value): (&String, &String)| format!("{key} = {value}");
    let hidden = metadata.iter().skip(SHOWN).map(words).collect::<Vec<_>>().join("\n");
    let chips = metadata.iter().take(SHOWN).map(words).map(|label| view! { <Chip label=label /> });
    let chips = chips.collect_view();
    let more = (rest > 0).then(|| {
        view! {
            <span class="text-xs text-ink-3" title=hidden>
                {format!("+{rest}")}
                <span class="sr-only">" more"</span>
            </span>
        }
    });
    view! { <span class="flex min-w-0 flex-wrap items-center gap-1 [&>span]:max-w-full">{chips} {more}</span> }
}

#[component]
fn Paging(list: DeviceList, query: DeviceQuery, workgroup: String) -> impl IntoView {
    let shown = i64::try_from(list.items.len()).unwrap_or(i64::MAX);
    let words = if !query.is_narrowed() && list.total > shown {
        format!("{} of {} on this page", grouped(shown), grouped(list.total))
    } else {
        counted(shown, "device")
    };
    let page = |after: Option<String>, before: Option<String>| {
        device_links::list(&workgroup, &DeviceQuery { after, before, ..query.first_page() })
    };
    let previous = list.previous.map(|cursor| page(None, Some(cursor)));
    let next = list.next.map(|cursor| page(Some(cursor), None));
    let only = previous.is_none() && next.is_none();
    let link = |words: &'static str, href: String| {
        view! {
            <ButtonLink href=href size=Size::Row>
                {words}
            </ButtonLink>
        }
    };
    view! {
        <div class="mt-4 flex items-center justify-between gap-4 text-sm text-ink-3 tabular-nums">
            <p>
                "By name \u{b7} " <span role="status">{words}</span>
            </p>
            <nav aria-label="Pages" class="flex gap-2" hidden=only>
                {previous.map(|href| link("Previous", href))}
                {next.map(|href| link("Next", href))}
            </nav>
        </div>
    }
}

/// Nothing fits the question.
#[component]
pub fn NoSuchDevice(#[prop(into)] workgroup: String) -> impl IntoView {
    let everything = device_links::list(&workgroup, &DeviceQuery::default());
    view! {
        <section class="mt-8 max-w-[40rem]" role="status">
            <h2 class="font-medium">"No device matches"</h2>
            <p class="mt-1 text-ink-2">
                "Names, ids and metadata were searched. A metadata filter is written key = value; a key alone finds every device that has it. "
                <a href=everything class=LINK>
                    "Clear the filters"
                </a> "."
            </p>
        </section>
    }
}

/// There is no device at all, as far as the person sees.
#[component]
pub fn NoDevices(may: May, #[prop(into)] workgroup: String) -> impl IntoView {
    let keeper = may.manage_devices && !may.bound;
    let title = if may.bound { "No devices in your group" } else { "No devices yet" };
    let command =
        format!("latchkey device create --workgroup {workgroup} --id pump-1 --name 'Pump 1'");
    let next = if keeper {
        view! {
            <div class="mt-6">
                <ButtonLink
                    href=device_links::new(&workgroup)
                    look=Look::Primary
                    icon=Icon::Plus
                >
                    "New device"
                </ButtonLink>
            </div>
            <dl class="mt-12 border-t border-line">
                <div class="grid gap-1 border-b border-line py-4 md:grid-cols-[11rem_1fr]">
                    <dt class="font-medium">"Many at once"</dt>
                    <dd class="text-ink-2">
                        <a href=device_links::import(&workgroup) class=LINK>
                            "Import devices from a file"
                        </a> "."
                    </dd>
                </div>
                <div class="grid gap-1 border-b border-line py-4 md:grid-cols-[11rem_1fr]">
                    <dt class="font-medium">"From a program"</dt>
                    <dd class="min-w-0 text-ink-2">
                        "Over HTTP with a token that holds Manage devices, or on the command line."
                        <code class="mt-2 block w-fit max-w-full overflow-x-auto rounded-sm bg-sunken px-2 py-1 font-mono text-sm text-ink">
                            {command}
                        </code>
                    </dd>
                </div>
            </dl>
        }
        .into_any()
    } else {
        view! {
            <p class="mt-3 text-ink-2">
                "Devices are registered by members of the whole workgroup who hold Manage devices."
            </p>
        }
        .into_any()
    };
    view! {
        <Empty title=title>
            <p class="mt-3 text-md text-ink-2">
                "A device is a thing that your API knows by an id. Registering it gives it a token of its own, which opens that device alone, and lets device groups and tokens be bound to it."
            </p>
            {next}
        </Empty>
    }
}
