//! How a letter was taken, in words: the same beside a letter and on the page of a token.

use super::icon::{Glyph, Icon};
use super::time::Exact;
use crate::domain::notices_list::Delivery;
use leptos::prelude::*;

/// The state with its mark, when it is over or goes on, and the carrier's answer in its own words.
#[component]
pub fn LetterResult(delivery: Delivery) -> impl IntoView {
    let (icon, ink, word, at, answer) = match delivery {
        Delivery::Sent { at, answer } => {
            (Icon::Check, "text-active-ink", "Accepted".to_owned(), Some(at), answer)
        }
        Delivery::Waiting { .. } => {
            (Icon::Hourglass, "text-ink-3", "Waiting".to_owned(), None, String::new())
        }
        Delivery::Trying { next, answer, .. } => {
            (Icon::Renew, "text-expiring-ink", "Trying again".to_owned(), Some(next), answer)
        }
        Delivery::Undelivered { at, attempts, answer, again } => {
            let tries =
                if attempts == 1 { "1 try".to_owned() } else { format!("{attempts} tries") };
            let again = if again { ", sent again since" } else { "" };
            let word = format!("Undelivered after {tries}{again}");
            (Icon::MailFailed, "text-expired-ink", word, Some(at), answer)
        }
    };
    let at = at.map(|at| {
        view! {
            <span class="text-ink-2 tabular-nums">
                " "
                <Exact at=at />
            </span>
        }
    });
    let answer = (!answer.is_empty()).then(|| {
        view! { <code class="block font-mono text-sm wrap-anywhere text-ink-3">{answer}</code> }
    });
    view! {
        <span class="flex items-start gap-1.5">
            <span class=ink>
                <Glyph icon=icon class="mt-0.5 size-4 shrink-0" stroke="2" />
            </span>
            <span class="min-w-0">
                <span class=format!("font-medium {ink}")>{word}</span>
                {at}
                {answer}
            </span>
        </span>
    }
}
