//! The members of a workgroup: who, what they may, when they were here last; and who is invited.

mod invitation_rows;
pub mod invite_member;
pub mod member;
mod remove_dialog;
mod rows;
mod withdraw_dialog;

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{ButtonLink, LINK, Look, Size};
use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::member_links;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Submitted;
use crate::domain::members::{MemberList, MemberQuery};
use crate::domain::refusal::Refusal;
use crate::domain::usage::counted;
use crate::rpc;
use invitation_rows::InvitationTable;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use rows::MemberTable;
use withdraw_dialog::WithdrawDialog;

/// With more members than these the search is offered.
const MANY: usize = 10;

/// An answer with the question that it answers.
type Answered = (MemberQuery, MemberList);

#[component]
pub fn Members() -> impl IntoView {
    let workgroup = use_workgroup();
    let fields = use_query_map();
    let query = Memo::new(move |_| MemberQuery::read(|name| fields.read().get(name)));
    let list = Resource::new(move || (workgroup.get(), query.get()), load);
    let asking = asking();
    let show = move |(query, list): Answered| {
        view! { <MemberListView list=list query=query asking=asking /> }
    };
    view! {
        <Title text="Members" />
        <Page section=Section::Members>
            <Answer of=list show=show />
        </Page>
    }
}

async fn load((workgroup, query): (String, MemberQuery)) -> Result<Answered, Refusal> {
    let list = rpc::members::list_members(workgroup, query.clone()).await?;
    Ok((query, list))
}

/// The invitation that the address, or a refused post, asks to withdraw.
fn asking() -> Memo<Option<String>> {
    let query = use_query_map();
    let refused = use_context::<Submitted>();
    Memo::new(move |_| match &refused {
        Some(post) => {
            let id = post.value("id").filter(|_| post.value("action") == Some("withdraw"));
            id.map(str::to_owned)
        }
        None => {
            let query = query.read();
            query.get("id").filter(|_| query.get_str("dialog") == Some("withdraw"))
        }
    })
}

#[component]
fn MemberListView(
    list: MemberList,
    query: MemberQuery,
    asking: Memo<Option<String>>,
) -> impl IntoView {
    let slug = list.workgroup.slug.clone();
    let invitations = list.invitations.clone();
    // The dialog shows its own, unless the invitation is gone and there is no dialog.
    let in_dialog = asking
        .get_untracked()
        .is_some_and(|id| invitations.iter().any(|invitation| invitation.id == id));
    let refusal =
        use_context::<Submitted>().filter(|_| !in_dialog).and_then(|post| post.refusal().cloned());
    let dialog = {
        let slug = slug.clone();
        move || {
            let id = asking.get()?;
            let invitation = invitations.iter().find(|invitation| invitation.id == id)?.clone();
            Some(view! { <WithdrawDialog invitation=invitation workgroup=slug.clone() /> })
        }
    };
    view! {
        <div class="flex items-start justify-between gap-4">
            <h1 class="flex items-baseline gap-2.5 text-xl font-semibold">
                "Members" <span class="text-lg font-normal text-ink-3">{list.total}</span>
            </h1>
            <ButtonLink
                href=member_links::invite(&slug)
                look=Look::Primary
                icon=Icon::UserPlus
            >
                "Invite member"
            </ButtonLink>
        </div>
        <p class="mt-1.5 mb-7 max-w-[54rem] text-md text-ink-2">{lead(&list)}</p>
        {refusal.map(|refusal| view! { <ErrorSummary refusal=refusal /> })}
        <SearchForm list=list.clone() query=query.clone() />
        <Found list=list.clone() query=query />
        <InvitationTable invitations=list.invitations.clone() workgroup=slug now=list.now />
        {dialog}
    }
}

fn lead(list: &MemberList) -> String {
    const REST: &str = "Nobody can give more than they hold. Removing a person leaves the tokens that they issued alive.";
    match list.owners {
        0 => format!("The members who are bound to the same device group as you. {REST}"),
        1 => {
            format!("One owner holds every permission; the others hold what is listed here. {REST}")
        }
        owners => format!(
            "{} hold every permission; the others hold what is listed here. {REST}",
            counted(i64::try_from(owners).unwrap_or(i64::MAX), "owner")
        ),
    }
}

#[component]
fn SearchForm(list: MemberList, query: MemberQuery) -> impl IntoView {
    let wanted = list.total > MANY || !query.search.is_empty();
    wanted.then(|| {
        view! {
            <form
                method="get"
                role="search"
                action=member_links::list(&list.workgroup.slug)
                class="mb-4 flex flex-wrap items-center gap-2"
            >
                <div class="relative w-full md:w-72">
                    <label for="search" class="sr-only">
                        "Search members"
                    </label>
                    <Glyph
                        icon=Icon::Search
                        class="pointer-events-none absolute top-1/2 left-2.5 size-4 shrink-0 -translate-y-1/2 text-ink-3"
                    />
                    <input
                        id="search"
                        name="search"
                        type="search"
                        value=query.search
                        placeholder="Name or e-mail address"
                        autocomplete="off"
                        class="h-9 w-full rounded border border-edge bg-paper pr-3 pl-8.5 text-ink max-md:h-10 max-md:text-field"
                    />
                </div>
                <button
                    type="submit"
                    class="inline-flex h-9 items-center rounded border border-line-2 bg-paper px-3.5 font-medium text-ink hover:bg-hover max-md:h-10"
                >
                    "Search"
                </button>
            </form>
        }
    })
}

#[component]
fn Found(list: MemberList, query: MemberQuery) -> impl IntoView {
    let slug = list.workgroup.slug.clone();
    if list.items.is_empty() {
        let (title, more) = if query.search.is_empty() {
            ("Nobody here yet".to_owned(), "Invite the first one.")
        } else {
            (
                format!("Nobody matches \u{201c}{}\u{201d}", query.search),
                "Names and e-mail addresses were searched.",
            )
        };
        return Either::Left(view! {
            <section class="mt-4 max-w-[40rem]" role="status">
                <h2 class="font-medium wrap-anywhere">{title}</h2>
                <p class="mt-1 text-ink-2">
                    {more} " "
                    <a href=member_links::list(&slug) class=LINK>
                        "Show all members"
                    </a> "."
                </p>
            </section>
        });
    }
    Either::Right(view! {
        <MemberTable items=list.items.clone() workgroup=list.workgroup.clone() now=list.now />
        <Paging list=list query=query />
    })
}

#[component]
fn Paging(list: MemberList, query: MemberQuery) -> impl IntoView {
    let to = |page: usize, words: &'static str| {
        let query = MemberQuery { page, ..query.clone() };
        let href = member_links::page_of(&list.workgroup.slug, &query);
        view! {
            <ButtonLink href=href size=Size::Row>
                {words}
            </ButtonLink>
        }
    };
    (list.pages > 1).then(|| {
        view! {
            <div class="mt-4 flex items-center justify-between gap-4 text-sm text-ink-3 tabular-nums">
                <p role="status">
                    {format!("{} of {} on this page", list.items.len(), list.found)}
                </p>
                <nav aria-label="Pages" class="flex gap-2">
                    {(list.page > 1).then(|| to(list.page - 1, "Previous"))}
                    {(list.page < list.pages).then(|| to(list.page + 1, "Next"))}
                </nav>
            </div>
        }
    })
}
