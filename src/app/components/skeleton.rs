//! Grey bars of real widths, for the first time that a page waits for its answer.

use leptos::prelude::*;

/// Widths of the two lines at the left and of the two bars beside them.
const ROWS: [[&str; 4]; 3] =
    [["120", "180", "80", "110"], ["96", "150", "80", "110"], ["140", "170", "80", "110"]];

#[component]
pub fn Skeleton() -> impl IntoView {
    let rows = ROWS
        .map(|[first, second, third, fourth]| {
            view! {
                <div class="flex h-15 items-center gap-16 border-b border-line">
                    <span class="grid gap-2.5">
                        <Bar width=first />
                        <Bar width=second />
                    </span>
                    <Bar width=third />
                    <span class="max-md:hidden">
                        <Bar width=fourth />
                    </span>
                </div>
            }
        })
        .collect_view();
    view! {
        <div aria-busy="true">
            <p class="sr-only">"Loading"</p>
            {rows}
        </div>
    }
}

#[component]
fn Bar(width: &'static str) -> impl IntoView {
    view! {
        <svg width=width height="10" aria-hidden="true">
            <rect width=width height="10" rx="4" class="fill-track"></rect>
        </svg>
    }
}
