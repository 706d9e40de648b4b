//! How a state looks: icon, colour and word, never colour alone. A badge stands beside a heading, the words in a cell.

use super::icon::{Glyph, Icon};
use crate::domain::life::{Bar, Life};
use crate::domain::status::TokenStatus;
use leptos::either::Either;
use leptos::prelude::*;

#[must_use]
pub fn icon(status: TokenStatus) -> Icon {
    match status {
        TokenStatus::Active => Icon::CheckCircle,
        TokenStatus::Expiring => Icon::Hourglass,
        TokenStatus::Expired => Icon::CrossCircle,
        TokenStatus::Revoked => Icon::Ban,
    }
}

/// The colour in which a state is written.
#[must_use]
pub fn ink(status: TokenStatus) -> &'static str {
    match status {
        TokenStatus::Active => "text-active-ink",
        TokenStatus::Expiring => "text-expiring-ink",
        TokenStatus::Expired => "text-expired-ink",
        TokenStatus::Revoked => "text-revoked-ink",
    }
}

#[component]
pub fn StatusBadge(status: TokenStatus) -> impl IntoView {
    let class = match status {
        TokenStatus::Active => "bg-active-wash text-active-ink",
        TokenStatus::Expiring => "bg-expiring-wash text-expiring-ink",
        TokenStatus::Expired => "bg-expired-wash text-expired-ink",
        TokenStatus::Revoked => "bg-revoked-wash text-revoked-ink",
    };
    view! {
        <span class=format!(
            "inline-flex h-5 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap {class}",
        )>
            <Glyph icon=icon(status) class="size-3 shrink-0" stroke="2.25" />
            {status.label()}
        </span>
    }
}

/// `Expiring in 2 days` with its icon. What is normal is quiet: `Active, 3 months left`.
#[component]
pub fn LifeWords(life: Life) -> impl IntoView {
    let Life { tone, word, rest, at, bar } = life;
    // Grey like one that was ended by hand, but it reached its own end.
    let ran_out = tone == TokenStatus::Revoked && bar != Bar::None;
    let glyph = if ran_out { Icon::CrossCircle } else { icon(tone) };
    let (word_class, rest_class) = match tone {
        TokenStatus::Active | TokenStatus::Revoked => ("text-ink-2", "text-ink-2"),
        TokenStatus::Expiring | TokenStatus::Expired => ("font-medium", "text-ink"),
    };
    let rest = match at {
        Some(at) => Either::Left(view! {
            <time datetime=at.rfc3339() title=at.exact()>
                {rest}
            </time>
        }),
        None => Either::Right(rest),
    };
    let separator = if tone == TokenStatus::Active { ", " } else { " " };
    view! {
        <span class=format!("flex items-center gap-1.5 {}", ink(tone))>
            <Glyph icon=glyph class="size-3.5 shrink-0" stroke="2.25" />
            <span class="whitespace-nowrap">
                <span class=word_class>{word}</span>
                <span class=rest_class>{separator} {rest}</span>
            </span>
        </span>
    }
}
