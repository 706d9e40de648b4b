//! The section of the notices page that makes, shows, changes and stops the address of the workgroup's calendar.

use super::banner::ErrorSummary;
use super::button::{Button, ButtonLink, Look, Size, class};
use super::dialog::{Dialog, DialogFoot};
use super::form::{Hidden, PostForm};
use crate::app::submitted::Filled;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

const MAKE: &str = "calendar-make";
const CHANGE: &str = "calendar-change";
const STOP: &str = "calendar-stop";

/// `workgroup`: its slug. `address`: where the feed is, if there is one.
#[component]
pub fn CalendarFeed(#[prop(into)] workgroup: String, address: Option<String>) -> impl IntoView {
    let refusal = [MAKE, CHANGE, STOP].iter().find_map(|it| Filled::of_action(it).refusal());
    let dialogs = address.is_some().then(|| view! { <Dialogs workgroup=workgroup.clone() /> });
    let body = match address {
        None => Either::Left(view! { <NoAddress workgroup /> }),
        Some(address) => Either::Right(view! { <Address workgroup address /> }),
    };
    view! {
        <section id="calendar" aria-labelledby="calendar-title" class="mt-10 max-w-[46rem]">
            <h2 id="calendar-title" class="border-b border-line pb-2 font-semibold">
                "Calendar"
            </h2>
            {refusal
                .map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal=refusal /></div> })}
            {body}
            {dialogs}
        </section>
    }
}

#[component]
fn NoAddress(workgroup: String) -> impl IntoView {
    view! {
        <p class="mt-3 text-ink-2">
            "A calendar program can show when the tokens of this workgroup expire. It needs an address; whoever knows that address sees token owners, names and dates, and never a string."
        </p>
        <PostForm action=posted(&workgroup) class="mt-4">
            <Hidden name="action" value=MAKE />
            <Button working="Making\u{2026}">"Make calendar address"</Button>
        </PostForm>
    }
}

#[component]
fn Address(workgroup: String, address: String) -> impl IntoView {
    view! {
        <p class="mt-3 text-ink-2">
            "Subscribe to this address in a calendar program. Whoever knows it sees token owners, names and dates, and never a string: change it when somebody leaves who had it."
        </p>
        <p class="mt-3">
            <span class="sr-only">"Calendar address: "</span>
            <code
                data-testid="calendar-address"
                class="block rounded border border-line bg-sunken px-3 py-2.5 font-mono text-sm wrap-anywhere select-all"
            >
                {address}
            </code>
        </p>
        <div class="mt-4 flex flex-wrap gap-2">
            <ButtonLink href=asking(&workgroup, CHANGE)>"Change address"</ButtonLink>
            <ButtonLink href=asking(&workgroup, STOP) look=Look::DangerOutline>
                "Stop calendar"
            </ButtonLink>
        </div>
    }
}

/// Asks before calendars that are in use go without news.
#[component]
fn Dialogs(workgroup: String) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.read().get("dialog"));
    move || {
        let workgroup = workgroup.clone();
        match asked.get().as_deref() {
            Some(CHANGE) => EitherOf3::A(view! {
                <Ask
                    workgroup
                    action=CHANGE
                    title="Change the calendar address?"
                    said="The old address stops working now: calendars that use it show no news. Give the new one to those who are to see it."
                    verb="Change address"
                    working="Changing\u{2026}"
                    keep="Keep address"
                />
            }),
            Some(STOP) => EitherOf3::B(view! {
                <Ask
                    workgroup
                    action=STOP
                    title="Stop the calendar?"
                    said="Its address stops working now: calendars that use it show no news. A calendar that is made later has another address."
                    verb="Stop calendar"
                    working="Stopping\u{2026}"
                    keep="Keep calendar"
                />
            }),
            _ => EitherOf3::C(()),
        }
    }
}

#[component]
fn Ask(
    workgroup: String,
    action: &'static str,
    title: &'static str,
    said: &'static str,
    verb: &'static str,
    working: &'static str,
    keep: &'static str,
) -> impl IntoView {
    let back = page(&workgroup);
    view! {
        <Dialog title=title back=back.clone()>
            <PostForm action=posted(&workgroup)>
                <Hidden name="action" value=action />
                <p class="mt-2 text-ink-2">{said}</p>
                <DialogFoot>
                    <a href=back autofocus class=class(Look::Secondary, Size::Normal, "")>
                        {keep}
                    </a>
                    <Button look=Look::Danger working=working>
                        {verb}
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
}

fn page(workgroup: &str) -> String {
    format!("/{workgroup}/settings/notices")
}

fn posted(workgroup: &str) -> String {
    format!("{}/calendar", page(workgroup))
}

fn asking(workgroup: &str, action: &str) -> String {
    format!("{}?dialog={action}", page(workgroup))
}
