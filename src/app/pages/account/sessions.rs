//! The browsers that are signed in to one's account, and how to end them.

use crate::app::components::button::{Button, Size};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::mark::Mark;
use crate::app::components::time::{Ago, Day};
use crate::domain::browser::in_words;
use crate::domain::time::Time;
use crate::domain::user::SessionFacts;
use leptos::prelude::*;

#[component]
pub fn Sessions(sessions: Vec<SessionFacts>, now: Time) -> impl IntoView {
    let others = sessions.iter().any(|session| !session.current);
    let rows = sessions
        .into_iter()
        .map(|session| view! { <SessionRow session=session now=now /> })
        .collect_view();
    view! {
        <section aria-labelledby="sessions-title" class="border-t border-line pt-6">
            <div class="flex flex-wrap items-start justify-between gap-3">
                <div>
                    <h2 id="sessions-title" class="font-semibold">
                        "Signed-in browsers"
                    </h2>
                    <p class="mt-0.5 text-sm text-ink-3">
                        "End what you do not recognise, then change your password."
                    </p>
                </div>
                {others
                    .then(|| {
                        view! {
                            <PostForm action="/account">
                                <Hidden name="action" value="end-other-sessions" />
                                <Button working="Ending…">"End all others"</Button>
                            </PostForm>
                        }
                    })}
            </div>
            <ul class="mt-4">{rows}</ul>
        </section>
    }
}

#[component]
fn SessionRow(session: SessionFacts, now: Time) -> impl IntoView {
    let SessionFacts { handle, created_at, last_seen_at, address, agent, current } = session;
    let words = in_words(&agent);
    let end = (!current).then(|| {
        let name = format!("End: {words}, from {address}");
        view! {
            <PostForm action="/account">
                <Hidden name="action" value="end-session" />
                <Hidden name="handle" value=handle />
                <Button size=Size::Row aria_label=name>
                    "End"
                </Button>
            </PostForm>
        }
    });
    view! {
        <li class="flex items-start justify-between gap-4 border-t border-line py-2.5">
            <div class="min-w-0">
                <p class="flex flex-wrap items-center gap-2">
                    <bdi class="min-w-0 wrap-anywhere" title=agent>
                        {words.clone()}
                    </bdi>
                    {current.then(|| view! { <Mark text="this one" /> })}
                </p>
                <p class="mt-0.5 text-sm text-ink-3">
                    <span class="font-mono text-xs">{address}</span>
                    ", last seen "
                    <Ago at=last_seen_at now=now />
                    ", signed in "
                    <Day at=created_at />
                </p>
            </div>
            {end}
        </li>
    }
}
