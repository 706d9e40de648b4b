//! Points in time as people read them: relative first, exact in `title` and `datetime`. Once the page is alive they tick.

use crate::domain::time::Time;
use leptos::prelude::*;

/// Seconds since the page came alive, raised now and then; absent on the server and on answers to a post.
#[derive(Clone, Copy)]
pub struct Ticks(pub ReadSignal<i64>);

/// `in 12 days`, `3 minutes ago`: how far `at` lies from `now`, which is the answer's own time.
#[component]
pub fn Ago(at: Time, now: Time) -> impl IntoView {
    let ticks = use_context::<Ticks>().map(|ticks| ticks.0);
    let start = ticks.map_or(0, |ticks| ticks.get_untracked());
    let words = move || at.relative(now + ticks.map_or(0, |ticks| ticks.get() - start));
    view! {
        <time datetime=at.rfc3339() title=at.exact()>
            {words}
        </time>
    }
}

/// `21 Feb 2027`.
#[component]
pub fn Day(at: Time) -> impl IntoView {
    view! {
        <time datetime=at.rfc3339() title=at.exact()>
            {at.date()}
        </time>
    }
}

/// `21 Feb 2027, 10:00 UTC`.
#[component]
pub fn Exact(at: Time) -> impl IntoView {
    view! { <time datetime=at.rfc3339()>{at.exact()}</time> }
}
