//! What is wrong now, above every page: the fact, what follows from it, and the next step.

use super::Section;
use crate::app::components::banner::{Banner, Tone};
use crate::app::components::button::LINK;
use crate::app::components::icon::Icon;
use crate::app::components::time::Exact;
use crate::domain::alarm::Alarm;
use crate::domain::answers::Frame;
use crate::domain::clock::WAITING;
use crate::domain::time::Time;
use leptos::prelude::*;

#[component]
pub fn Alarms(frame: Frame, section: Section) -> impl IntoView {
    let Frame { user, current, alarms, .. } = frame;
    // The notices pages tell of each undelivered letter themselves.
    let told = move |alarm: &Alarm| {
        section != Section::Notices || !matches!(alarm, Alarm::Undelivered { .. })
    };
    let slug = current.map(|workgroup| workgroup.slug);
    let shown: Vec<_> = alarms.into_iter().filter(told).collect();
    (!shown.is_empty()).then(|| {
        let rows = shown
            .into_iter()
            .map(|alarm| view! { <One alarm administrator=user.administrator slug=slug.clone() /> })
            .collect_view();
        view! {
            <div role="status" class="mb-6 grid gap-3">
                {rows}
            </div>
        }
    })
}

#[component]
fn One(alarm: Alarm, administrator: bool, slug: Option<String>) -> impl IntoView {
    match alarm {
        Alarm::Undelivered { count } => view! { <Undelivered count slug /> }.into_any(),
        Alarm::SweepLate { last } => view! { <SweepLate last /> }.into_any(),
        Alarm::MailPaused { why } => view! {
            <Banner tone=Tone::Wrong icon=Icon::MailFailed lead="No mail leaves at the moment.">
                <span class="wrap-anywhere">{why}</span>
                " What is owed is kept, and goes out once this is set right. Tell whoever runs this installation."
            </Banner>
        }
        .into_any(),
        Alarm::ClockDoubted { why, since } => {
            view! { <ClockDoubted why since administrator /> }.into_any()
        }
    }
}

#[component]
fn Undelivered(count: i64, slug: Option<String>) -> impl IntoView {
    let lead = match count {
        1 => "1 notice could not be delivered.".to_owned(),
        count => format!("{count} notices could not be delivered."),
    };
    let href = format!("/{}/settings/notices", slug.unwrap_or_default());
    view! {
        <Banner tone=Tone::Wrong icon=Icon::MailFailed lead=lead>
            "Whoever it was for does not know. "
            <a href=href class=LINK>
                "See what the server answered"
            </a>
            ", then correct the address or send again."
        </Banner>
    }
}

#[component]
fn SweepLate(last: Option<Time>) -> impl IntoView {
    let last = match last {
        Some(at) => view! {
            "The last sweep ended on "
            <Exact at=at />
            "."
        }
        .into_any(),
        None => "There has not been one yet.".into_any(),
    };
    view! {
        <Banner tone=Tone::Warning icon=Icon::Clock lead="The sweep is late.">
            {last}
            " Until it runs again nobody is told that a token expires. Tell whoever runs this installation: the log says why."
        </Banner>
    }
}

#[component]
fn ClockDoubted(why: String, since: Time, administrator: bool) -> impl IntoView {
    let next = if administrator {
        view! {
            <a href="/administration" class=LINK>
                "Look at the clock"
            </a>
            " and confirm it there if it is right."
        }
        .into_any()
    } else {
        "Tell an administrator: they can confirm it.".into_any()
    };
    view! {
        <Banner tone=Tone::Warning icon=Icon::Clock lead="The server's clock is not believed.">
            <span class="wrap-anywhere">{why}</span>
            " That was noticed on "
            <Exact at=since />
            ", by that same clock. "
            {WAITING}
            " "
            {next}
        </Banner>
    }
}
