//! What narrows the list of devices: search, metadata, device group. One GET form, so that a view can be shared.

use super::button::{Button, LINK, Size};
use super::device_links;
use super::field::box_class;
use super::icon::{Glyph, Icon};
use crate::domain::device_list::{DeviceQuery, GroupName};
use leptos::prelude::*;

/// The id of the search field, for the shortcut.
pub const SEARCH: &str = "search";

#[component]
pub fn DeviceFilters(
    query: DeviceQuery,
    groups: Vec<GroupName>,
    /// Whoever is bound has but one group, and sees nothing else anyway.
    bound: bool,
    #[prop(into)] workgroup: String,
) -> impl IntoView {
    let everything = device_links::list(&workgroup, &DeviceQuery::default());
    let clear = query.is_narrowed().then(|| {
        view! {
            <a href=everything.clone() class=format!("text-sm {LINK}")>
                "Clear the filters"
            </a>
        }
    });
    let by_group = (!bound && !groups.is_empty())
        .then(|| view! { <GroupField groups=groups chosen=query.group.clone() /> });
    view! {
        <form
            method="get"
            role="search"
            action=everything.clone()
            class="mt-6 flex flex-wrap items-center gap-x-3 gap-y-2 pb-3"
        >
            <div class="relative w-full md:w-72">
                <label for=SEARCH class="sr-only">
                    "Search devices"
                </label>
                <Glyph
                    icon=Icon::Search
                    class="pointer-events-none absolute top-1/2 left-2.5 size-4 shrink-0 -translate-y-1/2 text-ink-3"
                />
                <input
                    id=SEARCH
                    name="search"
                    type="search"
                    value=query.search.clone()
                    placeholder="Name, id or metadata"
                    autocomplete="off"
                    aria-keyshortcuts="/"
                    class="h-9 w-full rounded border border-edge bg-paper pr-3 pl-8.5 text-ink max-md:h-10 max-md:text-field"
                />
            </div>
            <div class="w-full md:w-52">
                <label for="by-metadata" class="sr-only">
                    "Metadata"
                </label>
                <input
                    id="by-metadata"
                    name="metadata"
                    value=query.metadata.clone()
                    placeholder="key = value"
                    autocomplete="off"
                    spellcheck="false"
                    dir="auto"
                    class="h-9 w-full rounded border border-edge bg-paper px-3 text-ink max-md:h-10 max-md:text-field"
                />
            </div>
            {by_group}
            <Button size=Size::Normal>"Search"</Button>
            {clear}
        </form>
    }
}

#[component]
fn GroupField(groups: Vec<GroupName>, chosen: String) -> impl IntoView {
    let none = chosen.is_empty();
    let options = groups.into_iter().map(|group| {
        let selected = group.id == chosen;
        view! {
            <option value=group.id selected=selected>
                {group.name}
            </option>
        }
    });
    view! {
        <div class="relative w-full md:w-52">
            <label for="by-group" class="sr-only">
                "Device group"
            </label>
            <select
                id="by-group"
                name="group"
                class=format!("appearance-none truncate pr-9 md:h-9! {}", box_class(false))
            >
                <option value="" selected=none>
                    "Every device group"
                </option>
                {options.collect_view()}
            </select>
            <Glyph
                icon=Icon::ChevronDown
                class="pointer-events-none absolute right-3 top-1/2 size-4 -translate-y-1/2 shrink-0 text-ink-3"
            />
        </div>
    }
}
