//! The thin bar of life that is left, from the left. Never empty while there is life; dotted when there is no end.

use crate::domain::life::Bar;
use crate::domain::status::TokenStatus;
use leptos::either::EitherOf3;
use leptos::prelude::*;

/// `width` in pixels: 64 in lists, 104 on a token's page. Draws nothing for what was ended by hand.
#[component]
pub fn LifeBar(bar: Bar, tone: TokenStatus, #[prop(default = 64)] width: u32) -> impl IntoView {
    match bar {
        Bar::None => EitherOf3::A(()),
        Bar::Endless => EitherOf3::B(view! { <Dots width=width /> }),
        Bar::Left(share) => EitherOf3::C(view! { <Share share=share tone=tone width=width /> }),
    }
}

#[component]
fn Dots(width: u32) -> impl IntoView {
    view! {
        <svg class="shrink-0" width=width height="4" role="img" aria-label="Does not expire">
            <line
                x1="2"
                x2=width - 2
                y1="2"
                y2="2"
                class="stroke-active-mark"
                stroke-width="2.5"
                stroke-linecap="round"
                stroke-dasharray="0 6"
            ></line>
        </svg>
    }
}

#[component]
fn Share(share: u8, tone: TokenStatus, width: u32) -> impl IntoView {
    let fill = match tone {
        TokenStatus::Active => "fill-active-mark",
        TokenStatus::Expiring => "fill-expiring-mark",
        TokenStatus::Expired => "fill-expired-mark",
        TokenStatus::Revoked => "fill-revoked-mark",
    };
    let rest = (u32::from(share) * width / 100).max(3);
    view! {
        <svg
            class="shrink-0"
            width=width
            height="4"
            role="img"
            aria-label=format!("{share}% of its life left")
        >
            <rect width=width height="4" rx="2" class="fill-track"></rect>
            {(share > 0).then(|| view! { <rect width=rest height="4" rx="2" class=fill></rect> })}
        </svg>
    }
}
