//! The permission catalogue by section: how each is worded, who holds it, and which are granted no more.

use super::listing::{ACTIONS, CELL, ROW, Table};
use super::permission_dialog::{PermissionAsks, PermissionDialog};
use super::{PERMISSIONS, Tabs, use_dialog};
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{ButtonLink, Look, Size};
use crate::app::components::chip::Powerful;
use crate::app::components::icon::Icon;
use crate::app::components::mark::Mark;
use crate::app::components::menu::{Menu, MenuLink};
use crate::app::components::time::Day;
use crate::app::layout::{Answer, Page, Section};
use crate::app::submitted::Filled;
use crate::domain::administration::{CatalogueEntry, CataloguePage};
use crate::domain::usage::grouped;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Permissions() -> impl IntoView {
    let page = Resource::new(|| (), |()| rpc::administration::read_catalogue());
    view! {
        <Title text="Permissions" />
        <Page section=Section::Administration>
            <Tabs here=PERMISSIONS />
            <Answer of=page show=|page| view! { <View page /> } />
        </Page>
    }
}

#[component]
fn View(page: CataloguePage) -> impl IntoView {
    let dialog = use_dialog();
    let entries = page.entries.clone();
    let show_dialog = move || {
        let (asks, name) = dialog.get()?;
        let asks = PermissionAsks::parse(&asks)?;
        let entry = entries.iter().find(|entry| entry.permission.name == name)?.clone();
        Some(view! { <PermissionDialog entry asks /> })
    };
    // Where the dialog cannot be shown again, the reason still is.
    let shown_again = dialog.get_untracked().is_some_and(|(asks, name)| {
        PermissionAsks::parse(&asks).is_some()
            && page.entries.iter().any(|entry| entry.permission.name == name)
    });
    let refusal = Filled::here().refusal().filter(|_| !shown_again);
    let count = grouped(i64::try_from(page.entries.len()).unwrap_or(i64::MAX));
    let sections = by_section(page.entries).into_iter().enumerate().map(|(at, (name, entries))| {
        let rows = entries.into_iter().map(|entry| view! { <Row entry /> });
        let (id, titled) = (format!("section-{at}"), format!("section-{at}"));
        view! {
            <section class="mt-8" aria-labelledby=titled>
                <h2 id=id class="font-semibold wrap-anywhere">
                    <bdi>{name}</bdi>
                </h2>
                <Table caption="Permissions of this section" columns=&["Permission", "Held by"]>
                    {rows.collect_view()}
                </Table>
            </section>
        }
    });
    view! {
        <div class="flex flex-wrap items-start justify-between gap-4">
            <h1 class="flex items-baseline gap-2.5 text-xl font-semibold">
                "Permissions" <span class="text-lg font-normal text-ink-3">{count}</span>
            </h1>
            <ButtonLink
                href="/administration/permissions/new"
                look=Look::Primary
                icon=Icon::Plus
            >
                "New permission"
            </ButtonLink>
        </div>
        <p class="mt-1.5 max-w-[54rem] text-md text-ink-2">
            "What tokens and members can be given, in every workgroup. Owners hold all of it without being given any. Revoked and expired tokens are counted until they leave the system."
        </p>
        {refusal.map(|refusal| view! { <div class="mt-6"><ErrorSummary refusal /></div> })}
        {sections.collect_view()}
        {show_dialog}
    }
}

/// In the order of the catalogue; a section stands where its first entry does.
fn by_section(entries: Vec<CatalogueEntry>) -> Vec<(String, Vec<CatalogueEntry>)> {
    let mut sections: Vec<(String, Vec<CatalogueEntry>)> = Vec::new();
    for entry in entries {
        match sections.iter_mut().find(|(name, _)| *name == entry.permission.section) {
            Some((_, inside)) => inside.push(entry),
            None => sections.push((entry.permission.section.clone(), vec![entry])),
        }
    }
    sections
}

#[component]
fn Row(entry: CatalogueEntry) -> impl IntoView {
    let CatalogueEntry { permission, holders, .. } = entry;
    let href = format!("{PERMISSIONS}/{}", permission.name);
    let label = permission.label.clone();
    let retired = permission.retired_at.map(|at| {
        view! {
            <span class="block text-sm text-ink-3">"Granted no more since " <Day at /></span>
        }
    });
    let own = permission.is_own();
    let actions = (!own).then(|| {
        let dialog = |asks: PermissionAsks| {
            format!("{PERMISSIONS}?dialog={}&id={}", asks.code(), permission.name)
        };
        let (asks, words, icon) = match permission.retired_at {
            Some(_) => (PermissionAsks::Restore, "Restore", Icon::Check),
            None => (PermissionAsks::Retire, "Retire", Icon::Retire),
        };
        let (able, delete) = (dialog(asks), dialog(PermissionAsks::Delete));
        view! {
            <Menu name=format!("More for {}", permission.label)>
                <MenuLink href=able icon=icon>
                    {words}
                </MenuLink>
                <MenuLink href=delete icon=Icon::Trash grave=true>
                    "Delete"
                </MenuLink>
            </Menu>
        }
    });
    view! {
        <tr role="row" class=ROW>
            <td role="cell" class=format!("{CELL} md:w-[60%]")>
                <span class="flex flex-wrap items-center gap-2">
                    <bdi class="font-medium wrap-anywhere">{label.clone()}</bdi>
                    {permission.powerful.then(|| view! { <Powerful /> })}
                    {permission.for_devices.then(|| view! { <Mark text="devices" /> })}
                    {own.then(|| view! { <Mark text="Latchkey's own" /> })}
                    {permission.retired_at.map(|_| view! { <Mark text="retired" /> })}
                </span>
                <code class="font-mono text-xs text-ink-3">{permission.name.clone()}</code>
                <bdi class="block text-sm wrap-anywhere text-ink-2">{permission.description}</bdi>
                {retired}
            </td>
            <td role="cell" class=format!("{CELL} text-ink-2")>
                <span class="md:sr-only">"Held by "</span>
                {holders.words()}
            </td>
            <td role="cell" class=ACTIONS>
                <div class="flex items-center justify-end gap-0.5">
                    <ButtonLink
                        href
                        look=Look::Quiet
                        size=Size::Row
                        aria_label=format!("Edit {label}")
                    >
                        "Edit"
                    </ButtonLink>
                    {actions}
                </div>
            </td>
        </tr>
    }
}
