//! Whether one wants the daily digest of the workgroups that one owns.

use crate::app::components::button::Button;
use crate::app::components::field::Tick;
use crate::app::components::form::{Hidden, PostForm};
use leptos::prelude::*;

#[component]
pub fn Digest(wanted: bool, zone: String) -> impl IntoView {
    view! {
        <section aria-labelledby="digest-title" class="border-t border-line pt-6">
            <h2 id="digest-title" class="font-semibold">
                "Daily digest"
            </h2>
            <p class="mt-0.5 mb-5 max-w-[36rem] text-sm text-ink-3">
                "One mail over all workgroups that you own, at 08:00 in your time zone ("
                <span class="font-mono text-xs">{zone}</span>
                "), when there is something new, and weekly while a token is expiring. It keeps to the "
                <a href="#time_zone" class="rounded text-accent-ink underline decoration-line-2 underline-offset-3 hover:decoration-current">
                    "time zone above"
                </a> "."
            </p>
            <PostForm action="/account" class="grid max-w-[36rem] gap-5">
                <Hidden name="action" value="digest" />
                <Tick
                    label="Send me the daily digest"
                    name="digest"
                    checked=wanted
                    help="When it is off, you are still told of a notice that could not be delivered: nobody else would see it."
                />
                <div>
                    <Button working="Saving…">"Save the digest"</Button>
                </div>
            </PostForm>
        </section>
    }
}
