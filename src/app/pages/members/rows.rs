//! Members as a table, which a phone shows as cards; the invitations' table is of the same make.

use crate::app::components::button::{ButtonLink, Look, Size};
use crate::app::components::icon::Icon;
use crate::app::components::mark::{Mark, initials};
use crate::app::components::member_links;
use crate::app::components::menu::{Menu, MenuLink};
use crate::app::components::rights_fields::{RightsChips, RightsGroup};
use crate::app::components::time::{Ago, Day};
use crate::domain::members::MemberRow;
use crate::domain::time::Time;
use crate::domain::workgroup::Workgroup;
use leptos::either::Either;
use leptos::prelude::*;

pub(super) const TABLE: &str =
    "w-full table-fixed border-collapse max-md:-mx-4 max-md:block max-md:w-auto";
pub(super) const ROW: &str = "group/row border-b border-line align-top transition-colors md:hover:bg-hover max-md:grid \
                   max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-y-2 max-md:px-4 max-md:py-4";
/// The hover wash reaches past the text on both sides.
pub(super) const FIRST: &str = "md:relative md:py-2.5 md:pr-4 md:before:absolute md:before:inset-y-0 md:before:-left-3 md:before:w-3 \
                     md:before:transition-colors md:group-hover/row:before:bg-hover";
pub(super) const LAST: &str = "max-md:col-start-2 max-md:row-start-1 md:relative md:align-middle md:after:absolute md:after:inset-y-0 \
                    md:after:-right-3 md:after:w-3 md:after:transition-colors md:group-hover/row:after:bg-hover";
pub(super) const CELL: &str = "max-md:col-span-2 md:py-2.5 md:pr-4";
pub(super) const FACE: &str =
    "mt-0.5 grid size-9 shrink-0 place-items-center rounded text-sm font-medium";

#[component]
pub(super) fn Head(columns: [&'static str; 4]) -> impl IntoView {
    let headings = columns.map(|heading| {
        view! {
            <th
                role="columnheader"
                scope="col"
                class="h-8 pr-4 align-middle text-sm font-normal text-ink-3"
            >
                {heading}
            </th>
        }
    });
    view! {
        <colgroup class="max-md:hidden">
            <col class="w-[32%]" />
            <col class="w-[27%]" />
            <col class="w-[14%]" />
            <col class="w-[13%]" />
            <col class="w-[14%]" />
        </colgroup>
        <thead role="rowgroup" class="border-b border-line max-md:sr-only">
            <tr role="row">
                {headings.into_iter().collect_view()}
                <th role="columnheader" scope="col" class="h-8">
                    <span class="sr-only">"Actions"</span>
                </th>
            </tr>
        </thead>
    }
}

#[component]
pub fn MemberTable(items: Vec<MemberRow>, workgroup: Workgroup, now: Time) -> impl IntoView {
    let slug = workgroup.slug;
    let rows = items
        .into_iter()
        .map(|member| view! { <Member member=member workgroup=slug.clone() now=now /> })
        .collect_view();
    view! {
        <table role="table" class=TABLE>
            <caption class="sr-only">"Members of " {workgroup.name}</caption>
            <Head columns=["Person", "May", "Device group", "Last signed in"] />
            <tbody role="rowgroup" class="max-md:block max-md:border-t max-md:border-line">
                {rows}
            </tbody>
        </table>
    }
}

#[component]
fn Member(member: MemberRow, workgroup: String, now: Time) -> impl IntoView {
    let (name, href) = (member.name.clone(), member_links::page(&workgroup, &member.user_id));
    let remove = member_links::remove(&workgroup, &member.user_id);
    let role = if member.rights.owner { "Owner" } else { "Member" };
    let verb = if member.you { "Leave workgroup" } else { "Remove member" };
    let seen = match member.last_signed_in_at {
        Some(at) => Either::Left(view! { <Ago at=at now=now /> }),
        None => Either::Right("Never"),
    };
    view! {
        <tr role="row" data-testid="member-row" class=ROW>
            <th role="rowheader" scope="row" class=FIRST>
                <Person member=member.clone() href=href.clone() />
            </th>
            <td role="cell" class=CELL>
                <span class="block">{role}</span>
                <RightsChips rights=member.rights.clone() />
            </td>
            <td role="cell" class=CELL>
                <RightsGroup group=member.rights.group />
            </td>
            <td role="cell" class=format!("{CELL} text-ink-2")>
                <span class="block">{seen}</span>
                <span class="block whitespace-nowrap text-sm text-ink-3">"Joined " <Day at=member.joined_at /></span>
            </td>
            <td role="cell" class=LAST>
                <div class="flex items-center justify-end gap-0.5">
                    <ButtonLink
                        href=href
                        look=Look::Quiet
                        size=Size::Row
                        aria_label=format!("Edit {name}")
                    >
                        "Edit"
                    </ButtonLink>
                    <Menu name=format!("More for {name}")>
                        <MenuLink href=remove icon=Icon::Trash grave=true>
                            {verb}
                        </MenuLink>
                    </Menu>
                </div>
            </td>
        </tr>
    }
}

#[component]
fn Person(member: MemberRow, href: String) -> impl IntoView {
    let marks = [
        (member.you, "you"),
        (member.administrator, "administrator"),
        (member.disabled, "cannot sign in"),
    ];
    let marks =
        marks.into_iter().filter(|(on, _)| *on).map(|(_, text)| view! { <Mark text=text /> });
    view! {
        <span class="flex items-start gap-3">
            <span class=format!("{FACE} bg-chosen text-ink-2") aria-hidden="true">
                {initials(&member.name)}
            </span>
            <span class="min-w-0">
                <span class="flex flex-wrap items-center gap-x-2 font-medium">
                    <a href=href class="min-w-0 underline-offset-3 wrap-anywhere hover:underline">
                        <bdi>{member.name.clone()}</bdi>
                    </a>
                    {marks.collect_view()}
                </span>
                <bdi
                    class="block truncate text-sm font-normal text-ink-3"
                    title=member.email.clone()
                >
                    {member.email.clone()}
                </bdi>
            </span>
        </span>
    }
}
