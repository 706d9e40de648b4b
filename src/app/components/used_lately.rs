//! Which live strings were used in the last day, from where: what a dialog shows before something stops.

use super::spark_line::SparkLine;
use super::time::Ago;
use crate::domain::time::Time;
use crate::domain::token::{NumberedString, Token};
use crate::domain::usage::{counted, thirty_days};
use leptos::either::Either;
use leptos::prelude::*;

#[component]
pub fn UsedLately(token: Token, now: Time) -> impl IntoView {
    let rows: Vec<_> = token
        .used_lately(now)
        .map(|string| view! { <Row string=string.clone() token=token.clone() now=now /> })
        .collect();
    if rows.is_empty() {
        return Either::Left(view! {
            <p class="mt-5 border-y border-line py-2.5 text-sm text-ink-3">
                "No live string was used in the last day."
            </p>
        });
    }
    Either::Right(view! {
        <table class="mt-5 w-full border-b border-line">
            <caption class="pb-2 text-left text-sm text-ink-3">"Used in the last day"</caption>
            <tbody>{rows}</tbody>
        </table>
    })
}

#[component]
fn Row(string: NumberedString, token: Token, now: Time) -> impl IntoView {
    let days = thirty_days(&token.uses, now.day(), |number| number == string.number);
    let calls = counted(token.calls_since_yesterday(string.number, now), "call");
    let last = string.last_used_at.unwrap_or(now);
    let from = string.last_used_from.map(|from| {
        view! {
            " from "
            <bdi>{from}</bdi>
        }
    });
    view! {
        <tr class="border-t border-line align-top">
            <th scope="row" class="py-2.5 pr-3 font-medium tabular-nums">
                {format!("#{}", string.number)}
            </th>
            <td class="py-2.5 pr-4">
                <code class="font-mono text-sm whitespace-nowrap">{string.hint}</code>
            </td>
            <td class="py-2.5 pr-4">
                <span class="block">{calls} " since yesterday"</span>
                <span class="block text-sm wrap-anywhere text-ink-3">
                    "last " <Ago at=last now=now /> {from}
                </span>
            </td>
            <td class="py-2.5 pt-3 text-right max-md:hidden">
                <span class="inline-block">
                    <SparkLine days=days />
                </span>
            </td>
        </tr>
    }
}
