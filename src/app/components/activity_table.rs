//! The record as a table: what was done to what, who did it, from where, when. Each row is a card on a phone.

use super::activity_changes::{Changes, DeniedMark, DeniedReason, changes};
use super::activity_links;
use super::button::LINK;
use super::time::Ago;
use super::token_links;
use crate::domain::activity_list::ActivityRow;
use crate::domain::activity_query::{ActivityQuery, COMMAND_LINE};
use crate::domain::time::Time;
use leptos::either::EitherOf3;
use leptos::prelude::*;

const COLUMNS: [&str; 4] = ["What", "Who", "From", "When"];
const ROW: &str = "border-b border-line align-top max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-4 \
                   max-md:gap-y-1 max-md:px-4 max-md:py-3.5";

#[component]
pub fn ActivityTable(
    items: Vec<ActivityRow>,
    now: Time,
    #[prop(into)] workgroup: String,
) -> impl IntoView {
    let rows = items
        .into_iter()
        .map(|row| view! { <Row row=row now=now workgroup=workgroup.clone() /> })
        .collect_view();
    let headings = COLUMNS.map(|heading| {
        view! {
            <th
                role="columnheader"
                scope="col"
                class="h-8 pr-4 align-middle text-sm font-normal text-ink-3 last:pr-0 last:text-right"
            >
                {heading}
            </th>
        }
    });
    view! {
        <table
            role="table"
            class="mt-4 w-full table-fixed border-collapse max-md:-mx-4 max-md:block max-md:w-auto"
        >
            <caption class="sr-only">"Activity, newest first"</caption>
            <colgroup class="max-md:hidden">
                <col class="w-[48%]" />
                <col class="w-[22%]" />
                <col class="w-[15%]" />
                <col class="w-[15%]" />
            </colgroup>
            <thead role="rowgroup" class="border-b border-line max-md:sr-only">
                <tr role="row">{headings.into_iter().collect_view()}</tr>
            </thead>
            <tbody role="rowgroup" class="max-md:block max-md:border-t max-md:border-line">
                {rows}
            </tbody>
        </table>
    }
}

#[component]
fn Row(row: ActivityRow, now: Time, workgroup: String) -> impl IntoView {
    let changes = changes(&row.done);
    let subject = view! { <Subject row=row.clone() workgroup=workgroup.clone() /> };
    let actor = view! { <Actor row=row.clone() workgroup=workgroup /> };
    let done = row.done;
    let outcome = if done.denied.is_some() { "denied" } else { "done" };
    let mark = done.denied.is_some().then(|| view! { <DeniedMark /> });
    let address = done.address.unwrap_or_default();
    view! {
        <tr role="row" data-testid="activity-row" data-outcome=outcome class=ROW>
            <th
                role="rowheader"
                scope="row"
                class="font-normal max-md:col-span-2 md:py-2.5 md:pr-4"
            >
                <span class="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                    <span class="font-medium">{done.verb.title()}</span>
                    {mark}
                </span>
                {subject}
                <DeniedReason reason=done.denied />
                <Changes changes=changes />
            </th>
            <td role="cell" class="min-w-0 wrap-anywhere md:py-2.5 md:pr-4">
                {actor}
            </td>
            <td
                role="cell"
                class="text-sm wrap-anywhere text-ink-2 max-md:order-last max-md:col-span-2 max-md:empty:hidden md:py-2.5 md:pr-4 md:leading-5"
            >
                {address}
            </td>
            <td
                role="cell"
                class="text-right text-sm whitespace-nowrap text-ink-2 tabular-nums md:py-2.5 md:leading-5"
            >
                <Ago at=done.at now=now />
            </td>
        </tr>
    }
}

/// What it was done to, as it was called then; a link while it stands.
#[component]
fn Subject(row: ActivityRow, workgroup: String) -> impl IntoView {
    let ActivityRow { done, subject_stands, .. } = row;
    let href = activity_links::subject(&workgroup, &done.subject_kind, &done.subject_id)
        .filter(|_| subject_stands);
    let name = done.subject;
    match (name.is_empty(), href) {
        (true, _) => EitherOf3::A(()),
        (false, Some(href)) => EitherOf3::B(view! {
            <a href=href class=format!("block w-fit wrap-anywhere {LINK}")>
                <bdi>{name}</bdi>
            </a>
        }),
        (false, None) => {
            EitherOf3::C(view! { <bdi class="block wrap-anywhere text-ink-2">{name}</bdi> })
        }
    }
}

/// Who did it: a token leads to its page, everybody else to all that they did.
#[component]
fn Actor(row: ActivityRow, workgroup: String) -> impl IntoView {
    let ActivityRow { done, actor_kind, actor_id, actor_stands, .. } = row;
    let everything_of = |actor: String| {
        let query = ActivityQuery { actor: Some(actor), ..ActivityQuery::default() };
        activity_links::list(&workgroup, &query)
    };
    let href = match actor_kind.as_str() {
        "token" if actor_stands => token_links::page(&workgroup, &actor_id),
        "command_line" => everything_of(COMMAND_LINE.to_owned()),
        _ => everything_of(actor_id),
    };
    view! {
        <a href=href class="underline-offset-3 hover:underline">
            <bdi>{done.actor}</bdi>
        </a>
    }
}
