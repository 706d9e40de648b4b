//! Letters as a table: what and to whom, when, how it was taken. Each row is a card on a phone.

use crate::app::components::button::{Button, LINK, Size};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::notice_links;
use crate::app::components::time::Ago;
use crate::app::components::token_links;
use crate::domain::notices_list::{Delivery, NoticeRow};
use crate::domain::time::Time;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

const COLUMNS: [&str; 3] = ["Letter", "When", "Result"];
const ROW: &str = "border-b border-line align-top max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-4 \
                   max-md:gap-y-1.5 max-md:px-4 max-md:py-3.5";

#[component]
pub fn LetterTable(
    items: Vec<NoticeRow>,
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
                class="h-8 pr-4 align-middle text-sm font-normal text-ink-3"
            >
                {heading}
            </th>
        }
    });
    view! {
        <table
            role="table"
            class="w-full table-fixed border-collapse max-md:-mx-4 max-md:block max-md:w-auto"
        >
            <caption class="sr-only">"Letters, newest first"</caption>
            <colgroup class="max-md:hidden">
                <col class="w-[40%]" />
                <col class="w-[16%]" />
                <col class="w-[32%]" />
                <col class="w-[12%]" />
            </colgroup>
            <thead role="rowgroup" class="border-b border-line max-md:sr-only">
                <tr role="row">
                    {headings.into_iter().collect_view()}
                    <th role="columnheader" scope="col" class="h-8">
                        <span class="sr-only">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup" class="max-md:block">
                {rows}
            </tbody>
        </table>
    }
}

#[component]
fn Row(row: NoticeRow, now: Time, workgroup: String) -> impl IntoView {
    let again = row.can_send_again.then(|| {
        view! {
            <SendAgain workgroup=workgroup.clone() id=row.id.clone() recipient=row.recipient.clone() />
        }
    });
    let delivery = row.delivery.clone();
    let (at, stage) = (row.created_at, row.stage.clone());
    view! {
        <tr role="row" data-testid="notice-row" class=ROW>
            <th
                role="rowheader"
                scope="row"
                class="min-w-0 text-left font-normal max-md:col-span-2 md:py-2.5 md:pr-4"
            >
                <What row=row workgroup=workgroup />
            </th>
            <td role="cell" class="max-md:col-span-2 md:py-2.5 md:pr-4">
                <span class="tabular-nums">
                    <Ago at=at now=now />
                </span>
                <span class="block text-sm text-ink-3">{stage}</span>
            </td>
            <td role="cell" class="min-w-0 max-md:col-span-2 md:py-2.5 md:pr-4">
                <Taken delivery=delivery now=now />
            </td>
            <td
                role="cell"
                class="max-md:col-span-2 max-md:empty:hidden md:py-2.5 md:text-right"
            >
                {again}
            </td>
        </tr>
    }
}

/// What it says, to whom, and about which token.
#[component]
fn What(row: NoticeRow, workgroup: String) -> impl IntoView {
    let title = if row.has_page {
        Either::Left(view! {
            <a
                href=notice_links::letter(&workgroup, &row.id)
                class="font-medium wrap-anywhere underline-offset-3 hover:underline"
            >
                <bdi>{row.title}</bdi>
            </a>
        })
    } else {
        Either::Right(view! { <span class="font-medium">{row.title}</span> })
    };
    let token = row.token.map(|token| {
        view! {
            " \u{b7} "
            <a href=token_links::page(&workgroup, &token.id) class=LINK>
                <bdi>{token.title}</bdi>
            </a>
        }
    });
    view! {
        {title}
        <span class="block text-sm wrap-anywhere text-ink-2">
            <bdi>{row.recipient}</bdi>
            {token}
        </span>
    }
}

#[component]
fn SendAgain(workgroup: String, id: String, recipient: String) -> impl IntoView {
    view! {
        <PostForm action=notice_links::posted(&workgroup)>
            <Hidden name="action" value="send-again" />
            <Hidden name="id" value=id />
            <Button
                size=Size::Row
                working="Sending\u{2026}"
                aria_label=format!("Send again to {recipient}")
            >
                "Send again"
            </Button>
        </PostForm>
    }
}

/// How it was taken, with the carrier's own words.
#[component]
fn Taken(delivery: Delivery, now: Time) -> impl IntoView {
    let (icon, ink, word) = match &delivery {
        Delivery::Sent { .. } => (Icon::Check, "text-active-ink", "Accepted"),
        Delivery::Waiting { .. } => (Icon::Clock, "text-ink-3", "Waiting"),
        Delivery::Trying { .. } => (Icon::Renew, "text-expiring-ink", "Trying again"),
        Delivery::Undelivered { .. } => (Icon::MailFailed, "text-expired-ink", "Undelivered"),
    };
    let (more, answer) = match delivery {
        Delivery::Sent { answer, .. } => (EitherOf3::A(()), answer),
        Delivery::Waiting { .. } => (EitherOf3::A(()), String::new()),
        Delivery::Trying { next, answer, .. } => {
            (EitherOf3::B(view! { " " <Ago at=next now=now /> }), answer)
        }
        Delivery::Undelivered { attempts, answer, again, .. } => {
            let tries =
                if attempts == 1 { "1 try".to_owned() } else { format!("{attempts} tries") };
            let again = if again { ", sent again" } else { "" };
            (EitherOf3::C(format!(" after {tries}{again}")), answer)
        }
    };
    let plain = word == "Accepted" || word == "Waiting";
    let (mark, weight) = (ink, if plain { "" } else { "font-medium" });
    let word_ink = if plain { "text-ink" } else { ink };
    view! {
        <span class="flex items-start gap-1.5">
            <span class=format!("mt-0.5 {mark}")>
                <Glyph icon=icon class="size-3.5 shrink-0" stroke="2.25" />
            </span>
            <span class="min-w-0">
                <span class=format!("{weight} {word_ink}")>{word}</span>
                {more} " "
                <span class="block font-mono text-xs leading-5 wrap-anywhere text-ink-2 empty:hidden">
                    {answer}
                </span>
            </span>
        </span>
    }
}
