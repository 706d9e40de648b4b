//! The record of a workgroup. The question stands in the address; this loads its answer and shows it.

use crate::app::components::activity_filters::ActivityFilters;
use crate::app::components::activity_links;
use crate::app::components::activity_table::ActivityTable;
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, LINK, Size};
use crate::app::components::empty::Empty;
use crate::app::components::form::Hidden;
use crate::app::components::icon::Icon;
use crate::app::components::time::Day;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Filled;
use crate::domain::activity_list::ActivityPage;
use crate::domain::activity_query::ActivityQuery;
use crate::domain::refusal::Refusal;
use crate::domain::usage::counted;
use crate::rpc;
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// An answer with the question it answers: by the time it is shown another may have been asked.
type Answered = (ActivityQuery, ActivityPage);

#[component]
pub fn Activity() -> impl IntoView {
    let workgroup = use_workgroup();
    let fields = use_query_map();
    let query = Memo::new(move |_| ActivityQuery::read(|name| fields.read().get(name)));
    let page = Resource::new(move || (workgroup.get(), query.get()), load);
    let show = |(query, page): Answered| view! { <ActivityView page=page query=query /> };
    view! {
        <Title text="Activity" />
        <Page section=Section::Activity>
            <Answer of=page show=show />
        </Page>
    }
}

async fn load((workgroup, query): (String, ActivityQuery)) -> Result<Answered, Refusal> {
    let page = rpc::activity::read_activity(workgroup, query.clone()).await?;
    Ok((query, page))
}

#[component]
pub fn ActivityView(page: ActivityPage, query: ActivityQuery) -> impl IntoView {
    let refusal = Filled::here().refusal();
    let export = page.may_export.then(|| {
        view! { <Export workgroup=page.workgroup.slug.clone() query=query.clone() /> }
    });
    view! {
        {refusal.map(|refusal| view! { <ErrorSummary refusal=refusal /> })}
        <div class="flex flex-wrap items-start justify-between gap-4">
            <div class="min-w-0 flex-1 basis-72">
                <h1 class="text-xl font-semibold">"Activity"</h1>
                <p class="mt-1.5 max-w-[40rem] text-md text-ink-2">
                    "Everything that was done in " <bdi>{page.workgroup.name.clone()}</bdi>
                    ", by whom and from where, and what was denied."
                </p>
            </div>
            {export}
        </div>
        <ActivityFilters page=page.clone() query=query.clone() />
        <Rows page=page query=query />
    }
}

/// Posts to the page's own address: its filters narrow the file too.
#[component]
fn Export(workgroup: String, query: ActivityQuery) -> impl IntoView {
    view! {
        <form method="post" action=activity_links::list(&workgroup, &query.first_page())>
            <Hidden name="action" value="export" />
            <Button icon=Icon::Download>"Export as CSV"</Button>
        </form>
    }
}

#[component]
fn Rows(page: ActivityPage, query: ActivityQuery) -> impl IntoView {
    let (workgroup, now) = (page.workgroup.slug.clone(), page.now);
    if !page.items.is_empty() {
        let items = page.items.clone();
        return EitherOf3::A(view! {
            <ActivityTable items=items now=now workgroup=workgroup />
            <Paging page=page query=query />
        });
    }
    if query.is_narrowed() || query.after.is_some() || query.before.is_some() {
        return EitherOf3::B(view! {
            <Nothing />
            <Paging page=page query=query />
        });
    }
    EitherOf3::C(view! {
        <Empty title="Nothing has been done yet">
            <p class="mt-3 text-md text-ink-2">
                "Whatever is done to tokens, devices, members and the workgroup itself is written down here, in words, and stays."
            </p>
        </Empty>
    })
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <section class="mt-8 max-w-[40rem]" role="status">
            <h2 class="font-medium">"Nothing fits these filters"</h2>
            <p class="mt-1 text-ink-2">
                "Take one of them away above, or look at other days. Names are those that things had at the time."
            </p>
        </section>
    }
}

/// The ways to newer and older rows, and how far it was looked where the filters find little.
#[component]
fn Paging(page: ActivityPage, query: ActivityQuery) -> impl IntoView {
    let workgroup = page.workgroup.slug;
    let link = |after: Option<String>, before: Option<String>| {
        activity_links::list(&workgroup, &ActivityQuery { after, before, ..query.first_page() })
    };
    let newest = link(None, None);
    let newer = page.newer.map(|place| link(None, Some(place)));
    let older = page.older.map(|place| link(Some(place), None));
    let only = newer.is_none() && older.is_none();
    let words = match page.looked_back_to {
        Some(at) => Either::Left(view! {
            {counted(page.items.len() as i64, "row")}
            " found, looking back to "
            <Day at=at />
        }),
        None => Either::Right(view! {
            "Newest first \u{b7} "
            {counted(page.items.len() as i64, "row")}
        }),
    };
    let further = page.looked_back_to.is_some();
    view! {
        <div class="mt-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm text-ink-3 tabular-nums">
            <p>
                <span role="status">{words}</span>
                {newer
                    .is_some()
                    .then(|| {
                        view! {
                            " \u{b7} "
                            <a href=newest class=LINK>
                                "Back to the newest"
                            </a>
                        }
                    })}
            </p>
            <nav aria-label="Pages" class="flex gap-2" hidden=only>
                {newer
                    .map(|href| {
                        view! {
                            <ButtonLink href=href size=Size::Row>
                                "Newer"
                            </ButtonLink>
                        }
                    })}
                {older
                    .map(|href| {
                        view! {
                            <ButtonLink href=href size=Size::Row>
                                {if further { "Look further back" } else { "Older" }}
                            </ButtonLink>
                        }
                    })}
            </nav>
        </div>
    }
}
