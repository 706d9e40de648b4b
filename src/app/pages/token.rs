//! One token: its facts, strings, usage and activity, and the dialogs that its address opens.

use crate::app::components::activity_links;
use crate::app::components::button::{ButtonLink, ButtonOff, LINK, Look};
use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::lead_sentence::LeadSentence;
use crate::app::components::mark::Mark;
use crate::app::components::reissue_dialog::ReissueDialog;
use crate::app::components::retire_dialog::RetireDialog;
use crate::app::components::revoke_dialog::RevokeDialog;
use crate::app::components::status_badge::StatusBadge;
use crate::app::components::token_calls::TokenCalls;
use crate::app::components::token_facts::TokenFacts;
use crate::app::components::token_history::TokenHistory;
use crate::app::components::token_links::{self, Asking};
use crate::app::components::token_notices::TokenNotices;
use crate::app::components::token_strings::TokenStrings;
use crate::app::components::usage_chart::UsageChart;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Submitted;
use crate::domain::answers::{MadeToken, TokenPage};
use crate::domain::lead;
use crate::domain::token::Kind;
use crate::domain::token_list::TokenQuery;
use crate::rpc;
use leptos::either::EitherOf4;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn TokenDetail() -> impl IntoView {
    let workgroup = use_workgroup();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let question = move || (workgroup.get(), id.get());
    let page = Resource::new(question, |(slug, id)| rpc::tokens::read_token(slug, id));
    let asking = asking();
    let show = move |page: TokenPage| view! { <TokenView page=page asking=asking /> };
    view! {
        <Page section=Section::Tokens>
            <Answer of=page show=show />
        </Page>
    }
}

/// The dialog that the address opens, or the one whose post was refused.
fn asking() -> Memo<Option<Asking>> {
    let query = use_query_map();
    let refused = use_context::<Submitted>();
    Memo::new(move |_| match &refused {
        Some(post) => Asking::parse(post.value("action")?, post.value("number")),
        None => {
            let query = query.read();
            Asking::parse(query.get_str("dialog")?, query.get_str("number"))
        }
    })
}

#[component]
pub fn TokenView(page: TokenPage, #[prop(into)] asking: Signal<Option<Asking>>) -> impl IntoView {
    let TokenPage { token, workgroup, now, .. } = page.clone();
    let all = token_links::list(&workgroup.slug, &TokenQuery::default());
    let pieces = lead::of_token(&token, now);
    let record = activity_links::of_subject(&workgroup.slug, &token.id);
    let record = page.reads_record.then_some((record, "All activity of this token"));
    let dialog = {
        let page = page.clone();
        move || show_dialog(asking.get(), page.clone())
    };
    view! {
        <Title text=token.title() />
        <a
            href=all
            class="-ml-1 inline-flex items-center gap-1 rounded text-sm text-ink-3 hover:text-ink"
        >
            <Glyph icon=Icon::Back class="size-3.5 shrink-0" />
            "Tokens"
        </a>
        <div class="mt-2 flex flex-wrap items-start justify-between gap-x-10 gap-y-5">
            <div class="max-w-[42rem] min-w-0 flex-1 basis-[26rem] max-md:basis-full">
                <Heading page=page.clone() />
                <p class="mt-2 text-md wrap-anywhere text-ink-2">
                    <LeadSentence pieces=pieces workgroup=workgroup.slug />
                </p>
            </div>
            <Actions page=page.clone() />
        </div>
        <div class="mt-9 grid gap-x-14 gap-y-10 xl:grid-cols-[20rem_minmax(0,1fr)]">
            <div class="min-w-0 max-xl:order-2">
                <TokenFacts page=page.clone() />
            </div>
            <div class="min-w-0">
                <TokenStrings page=page.clone() />
                <UsageChart token=token now=now />
                <TokenCalls page=page.clone() />
                <Made made=page.made.clone() workgroup=page.workgroup.slug.clone() />
                <TokenNotices page=page.clone() />
                <TokenHistory activity=page.activity all=record />
            </div>
        </div>
        {dialog}
    }
}

#[component]
fn Heading(page: TokenPage) -> impl IntoView {
    let TokenPage { token, now, .. } = page;
    let status = token.status(now);
    let name = token.name.map(|name| {
        view! {
            <span class="font-normal text-ink-2">
                <span aria-hidden="true">"\u{b7} "</span>
                <bdi class="wrap-anywhere">{name}</bdi>
            </span>
        }
    });
    let kind = match token.kind {
        Kind::Access => None,
        Kind::Device => Some("device"),
        Kind::Legacy => Some("legacy"),
    };
    view! {
        <h1 class="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold">
            <bdi class="wrap-anywhere">{token.owner}</bdi>
            {name}
            <StatusBadge status=status />
            <span class="contents font-normal">{kind.map(|kind| view! { <Mark text=kind /> })}</span>
        </h1>
    }
}

/// What can be done with it; what cannot, with why.
#[component]
fn Actions(page: TokenPage) -> impl IntoView {
    let TokenPage { workgroup, token, reissue_barred, .. } = page;
    let (slug, id) = (workgroup.slug.as_str(), token.id.as_str());
    let alive = token.revoked_at.is_none();
    let own = alive && token.kind != Kind::Legacy;
    let copy = if token.kind == Kind::Legacy { "Replace" } else { "Duplicate" };
    let edit =
        own.then(|| view! { <ButtonLink href=token_links::edit(slug, id)>"Edit"</ButtonLink> });
    let reissue = own.then(|| match reissue_barred {
        None => {
            let href = token_links::dialog(slug, id, Asking::Reissue);
            view! { <ButtonLink href=href>"Reissue token"</ButtonLink> }.into_any()
        }
        Some(why) => view! { <ButtonOff label="Reissue token" why=why /> }.into_any(),
    });
    let revoke = alive.then(|| {
        let href = token_links::dialog(slug, id, Asking::Revoke);
        view! {
            <ButtonLink href=href look=Look::DangerOutline>
                "Revoke token"
            </ButtonLink>
        }
    });
    view! {
        <div class="flex flex-wrap gap-2">
            {edit} {reissue} <ButtonLink href=token_links::like(slug, id)>{copy}</ButtonLink>
            {revoke}
        </div>
    }
}

/// Tokens that this one made and that still stand.
#[component]
fn Made(made: Vec<MadeToken>, workgroup: String) -> impl IntoView {
    (!made.is_empty()).then(|| {
        let rows = made.into_iter().map(|token| {
            view! {
                <li class="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line py-2.5">
                    <a href=token_links::page(&workgroup, &token.id) class=LINK>
                        <bdi class="wrap-anywhere">{token.title}</bdi>
                    </a>
                    <code class="font-mono text-sm text-ink-2">{token.hint}</code>
                </li>
            }
        });
        view! {
            <section aria-labelledby="made" class="mt-10">
                <h2 id="made" class="border-b border-line pb-2 font-semibold">
                    "Tokens that it made"
                </h2>
                <ul>{rows.collect_view()}</ul>
            </section>
        }
    })
}

fn show_dialog(asking: Option<Asking>, page: TokenPage) -> impl IntoView {
    let alive = page.token.revoked_at.is_none();
    match asking.filter(|_| alive) {
        None => EitherOf4::A(()),
        Some(Asking::Reissue) => EitherOf4::B(view! { <ReissueDialog page=page /> }),
        Some(Asking::Revoke) => EitherOf4::C(view! { <RevokeDialog page=page /> }),
        Some(Asking::Retire(number)) => {
            EitherOf4::D(view! { <RetireDialog page=page number=number /> })
        }
    }
}
