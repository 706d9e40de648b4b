//! The twelve-month strip: a mark for every expiry, today at the left edge. Months and marks are links that filter the list.

use super::strip_plan::{self, GROUND, Month, Pile};
use super::token_links;
use super::tooltip::tooltip;
use crate::domain::time::Time;
use crate::domain::token_list::{DayCount, TokenQuery};
use crate::domain::usage::grouped;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// `window` is the first notice stage in days; `never` counts the tokens without an expiry.
#[component]
pub fn Strip(
    strip: Vec<DayCount>,
    never: i64,
    window: i64,
    now: Time,
    #[prop(into)] workgroup: String,
    query: TokenQuery,
) -> impl IntoView {
    let ahead: i64 = strip.iter().map(|count| count.tokens).sum();
    let months = strip_plan::months(&strip, now.day());
    let days = strip_plan::days(&strip, now.day(), window);
    let weeks = strip_plan::weeks(&strip, now.day(), window);
    let link = move |code: &str| {
        let query = TokenQuery { expires: Some(code.to_owned()), ..query.first_page() };
        token_links::list(&workgroup, &query)
    };
    view! {
        <section aria-labelledby="strip" class="mt-7">
            <div class="mb-1 flex items-baseline justify-between gap-4">
                <h2 id="strip" class="text-sm font-medium">
                    "Expiries, next twelve months"
                </h2>
                <p class="text-sm text-ink-3 tabular-nums">
                    <span class="max-md:hidden">
                        {grouped(ahead)} " ahead, one mark each \u{b7} "
                    </span>
                    {does_not_expire(never)}
                </p>
            </div>
            <Drawing class="max-md:hidden" months=months.clone() piles=days window=window link=link.clone() />
            <Drawing class="md:hidden" months=thinned(months) piles=weeks window=window link=link />
        </section>
    }
}

fn does_not_expire(never: i64) -> String {
    format!("{} {} not expire", grouped(never), if never == 1 { "does" } else { "do" })
}

/// Every second label and no year: twelve do not fit on a phone, nor does the first beside "Today".
fn thinned(mut months: Vec<Month>) -> Vec<Month> {
    for (at, month) in months.iter_mut().enumerate() {
        month.label.truncate(if at > 0 && at % 2 == 0 { 3 } else { 0 });
    }
    months
}

/// The strip of an empty workgroup: its months, nothing on it.
#[component]
pub fn BlankStrip(now: Time) -> impl IntoView {
    let months = strip_plan::months(&[], now.day());
    view! {
        <div class="mt-7" aria-hidden="true">
            <svg class="block w-full overflow-visible" width="100%" height="92">
                {months.iter().map(|month| view! { <g>{month_lines(month)}</g> }).collect_view()}
                {ground()}
            </svg>
        </div>
    }
}

#[component]
fn Drawing<L>(
    class: &'static str,
    months: Vec<Month>,
    piles: Vec<Pile>,
    window: i64,
    link: L,
) -> impl IntoView
where
    L: Fn(&str) -> String + Clone,
{
    let navigate = use_navigate();
    let follow = move |href: String| {
        let navigate = navigate.clone();
        move |event: MouseEvent| {
            let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
            if !elsewhere && event.button() == 0 {
                event.prevent_default();
                let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
                navigate(&href, options);
            }
        }
    };
    let months = months.into_iter().map(|month| {
        let href = link(&month.code);
        view! {
            <g>
                <a
                    href=href.clone()
                    aria-label=month.name.clone()
                    class="group"
                    on:click=follow(href)
                >
                    <rect
                        x=format!("{:.2}%", month.x)
                        y="4"
                        width=format!("{:.2}%", month.width)
                        height="84"
                        class="fill-transparent group-hover:fill-hover"
                    ></rect>
                    {month_lines(&month)}
                </a>
            </g>
        }
    });
    let months = months.collect_view();
    let piles = piles.into_iter().map(|pile| {
        let href = link(&pile.code);
        view! { <PileLink pile=pile href=href.clone() follow=follow(href) /> }
    });
    let piles = piles.collect_view();
    view! {
        <svg
            class=format!("block w-full overflow-visible {class}")
            width="100%"
            height="92"
            role="group"
            aria-label="Expiries in the next twelve months"
        >
            <rect
                x="0"
                y="4"
                width=format!("{:.2}%", strip_plan::window_width(window))
                height="64"
                class="fill-expiring-wash"
            ></rect>
            {months}
            {ground()}
            {piles}
        </svg>
    }
}

/// Neighbouring days lie closer than a finger is wide, so months are what keyboard and screen reader reach; marks are for the pointer.
#[component]
fn PileLink<F>(pile: Pile, href: String, follow: F) -> impl IntoView
where
    F: FnMut(MouseEvent) + Clone + 'static,
{
    let fill = if pile.soon { "fill-expiring-mark" } else { "fill-active-mark" };
    let number = pile.number_at().map(|y| {
        view! {
            <text
                x="0"
                y=y.to_string()
                text-anchor="middle"
                class="fill-ink-2 text-xs font-medium"
            >
                {grouped(pile.tokens)}
            </text>
        }
    });
    view! {
        <g>
            <a href=href class="group" aria-hidden="true" tabindex="-1" on:click=follow>
                {tooltip(pile.name.clone())}
                <svg x=format!("{:.2}%", pile.x) y="0" overflow="visible">
                    <rect x="-8" y="22" width="16" height="46" class="fill-transparent"></rect>
                    <path
                        d=pile.path()
                        stroke-width="1"
                        class=format!("{fill} stroke-paper group-hover:fill-ink")
                    ></path>
                    {number}
                </svg>
            </a>
        </g>
    }
}

fn month_lines(month: &Month) -> impl IntoView + use<> {
    let x = format!("{:.2}%", month.x);
    let weight = if month.label.len() > 3 { "font-medium" } else { "" };
    let label = (!month.label.is_empty()).then(|| {
        view! {
            <svg x=x.clone() y="72" overflow="visible">
                <text x="5" y="13" class=format!("fill-ink-3 text-xs group-hover:fill-ink {weight}")>
                    {month.label.clone()}
                </text>
            </svg>
        }
    });
    view! {
        <g>
            <line x1=x.clone() x2=x y1="4" y2="73" class="stroke-line"></line>
            {label}
        </g>
    }
}

/// The ground line, and today.
fn ground() -> impl IntoView {
    view! {
        <g>
            <line x1="0" x2="100%" y1=GROUND as f64 + 0.5 y2=GROUND as f64 + 0.5 class="stroke-line-2"></line>
            <rect x="0" y="4" width="2" height="69" class="fill-ink"></rect>
            <text x="0" y="85" class="fill-ink text-xs font-medium">
                "Today"
            </text>
        </g>
    }
}
