//! What administrators are told while the clock is not believed: what it says, since when, what waits, and the way to say
//! that it is right.

use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::Button;
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::time::{Ago, Exact};
use crate::app::submitted::Filled;
use crate::domain::clock::{ClockPage, WAITING};
use crate::domain::usage::counted;
use leptos::prelude::*;

/// The hidden field that says what the form is for.
pub const CONFIRM: &str = "confirm-clock";

#[component]
pub fn ClockNote(page: ClockPage) -> impl IntoView {
    let ClockPage { doubt, to_remove, to_look_at, now } = page;
    let refusal = Filled::of_action(CONFIRM).refusal();
    view! {
        <section aria-labelledby="clock" class="mb-8 max-w-[54rem]">
            <h2 id="clock" class="sr-only">
                "The clock"
            </h2>
            {refusal.map(|refusal| view! { <ErrorSummary refusal /> })}
            <Banner tone=Tone::Warning lead="The clock is in doubt.">
                {doubt.why}
                " "
                {WAITING}
                <p class="mt-2">
                    "It now says " <strong class="font-medium text-ink">
                        <Exact at=now />
                    </strong> ", and has been in doubt since " <Exact at=doubt.since /> " ("
                    <Ago at=doubt.since now=now /> "). By this time "
                    {counted(to_remove, "token")} " would be removed, and "
                    {counted(to_look_at, "token")} " would be looked at for notices."
                </p>
                <PostForm class="mt-3">
                    <Hidden name="action" value=CONFIRM />
                    <Hidden name="since" value=doubt.since.0.to_string() />
                    <Button working="Confirming…">"The clock is right"</Button>
                </PostForm>
            </Banner>
        </section>
    }
}
