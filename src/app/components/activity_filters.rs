//! What narrows the record: one GET form, and a chip for each filter that is set, which takes it away.

use super::activity_links;
use super::button::{Button, LINK};
use super::field::{Field, Select, Tick};
use super::icon::{Glyph, Icon};
use crate::domain::activity::Verb;
use crate::domain::activity_list::ActivityPage;
use crate::domain::activity_query::{ActivityQuery, SubjectKind};
use leptos::prelude::*;

#[component]
pub fn ActivityFilters(page: ActivityPage, query: ActivityQuery) -> impl IntoView {
    let workgroup = page.workgroup.slug.clone();
    let action = activity_links::list(&workgroup, &ActivityQuery::default());
    // What is set besides the search must be seen.
    let more = ActivityQuery { subject: String::new(), ..query.first_page() }.is_narrowed();
    view! {
        <form method="get" role="search" action=action class="mt-6">
            <div class="flex flex-wrap items-end gap-3">
                <Field
                    label="Search by name"
                    name="subject"
                    kind="search"
                    value=query.subject.clone()
                    class="w-full md:w-80"
                />
                <Button icon=Icon::Search>"Search"</Button>
            </div>
            <details class="mt-3" open=more>
                <summary class="w-fit rounded text-sm text-ink-2 underline decoration-line-2 underline-offset-3 hover:decoration-current">
                    "More filters"
                </summary>
                <Choices page=page.clone() query=query.clone() />
            </details>
        </form>
        <Chips page=page query=query />
    }
}

#[component]
fn Choices(page: ActivityPage, query: ActivityQuery) -> impl IntoView {
    let any = |words: &str| (String::new(), words.to_owned());
    let who = std::iter::once(any("Anybody")).chain(page.actors).collect::<Vec<_>>();
    let verbs = Verb::ALL.iter().filter(|verb| !verb.of_installation());
    let verbs = verbs.map(|verb| (verb.code().to_owned(), verb.title().to_owned()));
    let verbs = std::iter::once(any("Anything")).chain(verbs).collect::<Vec<_>>();
    let kinds = SubjectKind::ALL.map(|kind| (kind.code().to_owned(), kind.label().to_owned()));
    let kinds = std::iter::once(any("Everything")).chain(kinds).collect::<Vec<_>>();
    let zone = format!("Days as in {}.", page.workgroup.time_zone);
    view! {
        <div class="mt-3 grid gap-x-4 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
            <Select label="Who" name="actor" value=query.actor.unwrap_or_default() options=who />
            <Select
                label="What was done"
                name="verb"
                value=query.verb.map_or("", Verb::code)
                options=verbs
            />
            <Select
                label="To what"
                name="kind"
                value=query.kind.map_or("", SubjectKind::code)
                options=kinds
            />
            <div class="grid max-w-[26rem] grid-cols-2 gap-x-3 sm:col-span-2">
                <Field
                    label="First day"
                    name="from"
                    kind="date"
                    value=query.from.unwrap_or_default()
                />
                <Field label="Last day" name="to" kind="date" value=query.to.unwrap_or_default() />
                <p class="col-span-2 mt-1 text-sm text-ink-3">{zone}</p>
            </div>
        </div>
        <div class="mt-4 flex flex-wrap items-center gap-x-6 gap-y-3">
            <Tick label="Only what was denied" name="denied" value="1" checked=query.denied />
            <Button>"Apply filters"</Button>
        </div>
    }
}

/// The filters that are set, in words.
#[component]
fn Chips(page: ActivityPage, query: ActivityQuery) -> impl IntoView {
    let workgroup = page.workgroup.slug.clone();
    let chips = query.narrowings().into_iter().map(|narrowing| {
        let value = match narrowing.what {
            "Who" => name_of(&page, &narrowing.value),
            "Subject" => page.subject.clone().unwrap_or(narrowing.value),
            _ => narrowing.value,
        };
        let words = format!("{}: {value}", narrowing.what);
        let name = format!("{words}: take this filter away");
        view! {
            <li class="min-w-0">
                <a
                    href=activity_links::list(&workgroup, &narrowing.rest)
                    aria-label=name
                    class="inline-flex min-h-8 max-w-full items-center gap-1.5 rounded bg-chosen px-2.5 py-1 text-sm text-ink hover:bg-hover max-md:min-h-10"
                >
                    <bdi class="wrap-anywhere">{words}</bdi>
                    <Glyph icon=Icon::Close class="size-3.5 shrink-0 text-ink-3" stroke="2" />
                </a>
            </li>
        }
    });
    let chips: Vec<_> = chips.collect();
    let everything = activity_links::list(&workgroup, &ActivityQuery::default());
    (!chips.is_empty()).then(|| {
        view! {
            <div class="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
                <ul class="flex min-w-0 flex-wrap gap-2" aria-label="Filters that are set">
                    {chips}
                </ul>
                <a href=everything class=format!("text-sm {LINK}")>
                    "Clear the filters"
                </a>
            </div>
        }
    })
}

/// What an actor is called who is named by id.
fn name_of(page: &ActivityPage, actor: &str) -> String {
    let known = page.actors.iter().find(|(id, _)| id == actor);
    known.map_or_else(|| "somebody who did nothing here".to_owned(), |(_, name)| name.clone())
}
