//! One member: what they hold and may be given, the tokens that they issued, and the way out.

use super::invite_member::BackLink;
use super::remove_dialog::RemoveDialog;
use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::{Button, ButtonLink, ButtonOff, LINK, Look};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::mark::Mark;
use crate::app::components::member_links;
use crate::app::components::rights_fields::{LABELS, RightsFields};
use crate::app::components::time::{Ago, Day};
use crate::app::components::token_history::TokenHistory;
use crate::app::components::token_links;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::{Filled, Submitted};
use crate::domain::members::{MemberPage, MemberRow};
use crate::domain::refusal::Code;
use crate::domain::time::Time;
use crate::rpc;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn MemberDetail() -> impl IntoView {
    let workgroup = use_workgroup();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let question = move || (workgroup.get(), id.get());
    let page = Resource::new(question, |(slug, id)| rpc::members::read_member(slug, id));
    let asking = asking();
    view! {
        <Page section=Section::Members>
            <BackLink />
            <Answer of=page show=move |page| view! { <MemberView page=page asking=asking /> } />
        </Page>
    }
}

/// Whether the address, or a refused post, asks to remove.
fn asking() -> Memo<bool> {
    let query = use_query_map();
    let refused = use_context::<Submitted>();
    Memo::new(move |_| match &refused {
        Some(post) => post.value("action") == Some("remove"),
        None => query.read().get_str("dialog") == Some("remove"),
    })
}

#[component]
fn MemberView(page: MemberPage, asking: Memo<bool>) -> impl IntoView {
    let member = page.member.clone();
    // The dialog shows its own, unless there is none any more.
    let in_dialog = page.remove_barred.is_none();
    let refusal = use_context::<Submitted>()
        .filter(|post| !in_dialog || post.value("action") != Some("remove"))
        .and_then(|post| post.refusal().cloned());
    let dialog = {
        let page = page.clone();
        move || {
            let open = asking.get() && page.remove_barred.is_none();
            open.then(|| view! { <RemoveDialog page=page.clone() /> })
        }
    };
    view! {
        <Title text=member.name.clone() />
        <div class="max-w-[46rem]">
            <Heading member=member.clone() now=page.now />
            {refusal.map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <div class="grid gap-10">
                <Rights page=page.clone() />
                <Issued page=page.clone() />
                <Removal page=page.clone() />
            </div>
            <TokenHistory activity=page.activity />
        </div>
        {dialog}
    }
}

#[component]
fn Heading(member: MemberRow, now: Time) -> impl IntoView {
    let marks = [
        (member.you, "you"),
        (member.administrator, "administrator"),
        (member.disabled, "cannot sign in"),
    ];
    let marks =
        marks.into_iter().filter(|(on, _)| *on).map(|(_, text)| view! { <Mark text=text /> });
    let seen = match member.last_signed_in_at {
        Some(at) => Either::Left(view! { "signed in last " <Ago at=at now=now /> }),
        None => Either::Right("never signed in"),
    };
    view! {
        <h1 class="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
            <bdi class="wrap-anywhere">{member.name}</bdi>
            <span class="contents font-normal">{marks.collect_view()}</span>
        </h1>
        <p class="mt-1.5 mb-7 text-md wrap-anywhere text-ink-2">
            <bdi>{member.email}</bdi> ", joined " <Day at=member.joined_at /> ", " {seen} ". Holds: "
            <bdi class="font-medium text-ink">{member.rights.in_words()}</bdi> "."
        </p>
    }
}

#[component]
fn Rights(page: MemberPage) -> impl IntoView {
    let body = match page.set_barred.clone() {
        Some(why) => Either::Left(view! { <p class="mt-1 text-ink-2">{why}</p> }),
        None => Either::Right(view! { <RightsForm page=page /> }),
    };
    view! {
        <section aria-labelledby="rights" class="border-t border-line pt-6">
            <h2 id="rights" class="font-semibold">
                "Rights"
            </h2>
            {body}
        </section>
    }
}

#[component]
fn RightsForm(page: MemberPage) -> impl IntoView {
    let filled = Filled::of_action("set");
    let you = page.member.you;
    let help = if you {
        "As an owner you may step down while another owner remains. You cannot take it back yourself."
    } else {
        "They hold from the next request on; nobody has to sign in again."
    };
    let conflict = filled.refusal().is_some_and(|refusal| refusal.code == Code::Conflict);
    let held = conflict.then(|| {
        let now = page.member.rights.in_words();
        view! {
            <div class="mb-5">
                <Banner tone=Tone::Warning lead="Changed in between.">
                    "They hold now: " <bdi class="font-medium text-ink">{now}</bdi>
                    ". What you chose is kept below; Save changes puts it in the place of that."
                </Banner>
            </div>
        }
    });
    view! {
        <p class="mt-0.5 mb-5 text-sm text-ink-3">{help}</p>
        {held}
        <PostForm class="grid gap-9" action=member_links::page(&page.workgroup.slug, &page.member.user_id)>
            <Hidden name="action" value="set" />
            <Hidden name="version" value=page.version.to_string() />
            <RightsFields choices=page.choices start=page.member.rights filled=filled />
            <div>
                <Button look=Look::Primary working="Saving\u{2026}">
                    "Save changes"
                </Button>
            </div>
        </PostForm>
    }
}

#[component]
fn Issued(page: MemberPage) -> impl IntoView {
    (page.issued_count > 0).then(|| {
        let more = page.issued_count - i64::try_from(page.issued.len()).unwrap_or(0);
        let slug = page.workgroup.slug.clone();
        let rows = page.issued.into_iter().map(|token| {
            view! {
                <li class="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line py-2.5">
                    <a href=token_links::page(&slug, &token.id) class=LINK>
                        <bdi class="wrap-anywhere">{token.title}</bdi>
                    </a>
                    <code class="font-mono text-sm text-ink-2">{token.hint}</code>
                </li>
            }
        });
        view! {
            <section aria-labelledby="issued">
                <h2 id="issued" class="border-b border-line pb-2 font-semibold">
                    "Tokens issued"
                </h2>
                <ul>{rows.collect_view()}</ul>
                {(more > 0)
                    .then(|| view! { <p class="mt-2 text-sm text-ink-3">{format!("and {more} more")}</p> })}
            </section>
        }
    })
}

#[component]
fn Removal(page: MemberPage) -> impl IntoView {
    let MemberPage { workgroup, member, remove_barred, .. } = page;
    let verb = if member.you { "Leave workgroup" } else { "Remove member" };
    let button = match remove_barred {
        Some(why) => Either::Left(view! { <ButtonOff label=verb why=why /> }),
        None => Either::Right(view! {
            <ButtonLink
                href=member_links::remove(&workgroup.slug, &member.user_id)
                look=Look::DangerOutline
            >
                {verb}
            </ButtonLink>
        }),
    };
    view! {
        <section aria-labelledby="removal" class="border-t border-line pt-6">
            <h2 id="removal" class="font-semibold">
                {verb}
            </h2>
            <p class="mt-0.5 mb-4 text-sm text-ink-3">
                "Access ends at once. Tokens belong to the workgroup: they live on."
            </p>
            {button}
        </section>
    }
}
