//! The new-token form: what is asked for at the left, what will come of it at the right.

pub mod fields;
mod permissions;
mod result;

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::LINK;
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::token_links;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Filled;
use crate::domain::answers::{NewTokenPage, ReplacedToken};
use crate::domain::sentence;
use crate::domain::token::Kind;
use crate::domain::token_draft::RawDraft;
use crate::rpc;
use fields::{Life, More, Reach, Whose};
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::FormData;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use permissions::Permissions;
use result::Outcome;

pub const LABELS: &[(&str, &str)] = &[
    ("owner", "Token owner"),
    ("email", "Email address"),
    ("name", "Name"),
    ("expires", "Token expiry"),
    ("can_renew", "Can renew"),
    ("device_group", "Device group"),
    ("device", "Device"),
    ("permissions", "Permissions"),
    ("note", "Note"),
    ("rate_limit", "Rate limit"),
];

#[component]
pub fn NewToken() -> impl IntoView {
    let workgroup = use_workgroup();
    let query = use_query_map();
    let like = Memo::new(move |_| query.read().get("like"));
    let device = Memo::new(move |_| query.read().get("device").as_deref() == Some("1"));
    let of = Memo::new(move |_| query.read().get("for"));
    let page = Resource::new(
        move || (workgroup.get(), like.get(), device.get(), of.get()),
        |(workgroup, like, device, of)| rpc::tokens::read_new_token(workgroup, like, device, of),
    );
    view! {
        <Title text="New token" />
        <Page section=Section::Tokens>
            <BackLink />
            <Answer
                of=page
                show=move |page| {
                    view! { <NewTokenView page=page asked_device=device.get_untracked() /> }
                }
            />
        </Page>
    }
}

/// Above the title: back to the list.
#[component]
pub fn BackLink() -> impl IntoView {
    let workgroup = use_workgroup();
    view! {
        <a
            href=move || format!("/{}/settings/tokens", workgroup.get())
            class="-ml-1 mb-2 inline-flex items-center gap-1 rounded text-sm text-ink-3 hover:text-ink"
        >
            <Glyph icon=Icon::Back class="size-3.5 shrink-0" />
            "Tokens"
        </a>
    }
}

#[component]
fn NewTokenView(page: NewTokenPage, asked_device: bool) -> impl IntoView {
    let filled = Filled::here();
    let start = starting(&filled, &page.draft);
    let kind =
        if asked_device || start.kind() == Kind::Device { Kind::Device } else { Kind::Access };
    let start = RawDraft { expires: allowed_lifetime(&start, kind, &page), ..start };
    let draft = RwSignal::new(start.clone());
    let form = NodeRef::<html::Form>::new();
    let read = move || {
        if let Some(typed) = form.get().and_then(|form| FormData::new_with_form(&form).ok()) {
            draft.set(typed_so_far(&typed));
        }
    };
    // What was typed, or put back by the browser, before the page came alive.
    Effect::new(read);
    let still = filled.refusal().is_some();
    let key = filled.value("idempotency_key", &page.idempotency_key);
    view! {
        <h1 class="text-xl font-semibold">"New token"</h1>
        {match page.replaces.clone() {
            Some(token) => view! { <Replaces token slug=page.workgroup.slug.clone() /> }.into_any(),
            None => {
                let (like, slug) = (page.like.clone(), page.workgroup.slug.clone());
                view! { <Lead kind=kind like=like slug=slug /> }.into_any()
            }
        }}
        <div class="mt-7">
            {filled
                .refusal()
                .map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <PostForm
                class="grid gap-x-16 gap-y-10 xl:grid-cols-[minmax(0,1fr)_22rem]"
                node_ref=form
            >
                <div class="grid min-w-0 content-start gap-9" on:input=move |_| read()>
                    <Hidden name="idempotency_key" value=key />
                    <Whose start=start.clone() filled=filled.clone() />
                    <Life
                        start=start.clone()
                        filled=filled.clone()
                        kind=kind
                        policy=page.workgroup.policy.clone()
                        now=page.now
                    />
                    <Reach
                        start=start.clone()
                        filled=filled.clone()
                        kind=kind
                        page=page.clone()
                    />
                    <Permissions
                        choices=page.permissions.clone()
                        start=start.clone()
                        kind=kind
                        error=filled.error("permissions")
                    />
                    <More start=start filled=filled />
                </div>
                <Outcome draft=draft.read_only() kind=kind page=page still=still />
            </PostForm>
        </div>
    }
}

/// Which kind the form makes, the way to the other one, and what it was filled in from.
#[component]
fn Lead(kind: Kind, like: Option<String>, slug: String) -> impl IntoView {
    let new = format!("/{slug}/settings/tokens/new");
    let (words, href, other) = if kind == Kind::Device {
        ("For one device, which it opens alone. ", new, "Make an access token instead")
    } else {
        (
            "For a program or an integration. ",
            format!("{new}?device=1"),
            "Make a device token instead",
        )
    };
    view! {
        <p class="mt-1.5 text-md text-ink-2">
            {like.map(|title| view! { "Filled in from " <bdi>{title}</bdi> ". " })} {words}
            <a href=href class=LINK>
                {other}
            </a> "."
        </p>
    }
}

/// Which legacy token the new one takes the place of, and that nothing happens to that one by itself.
#[component]
fn Replaces(token: ReplacedToken, slug: String) -> impl IntoView {
    let scopes = if token.scopes.is_empty() {
        "It has no scopes; choose what the new token may do.".to_owned()
    } else {
        format!(
            "Its scopes, {}, are no permissions: choose what the new token may do.",
            token.scopes.join(", ")
        )
    };
    let works = if token.works {
        ", which keeps working until it is revoked. "
    } else {
        ", which no longer works. "
    };
    view! {
        <p class="mt-1.5 max-w-[46rem] text-md wrap-anywhere text-ink-2">
            "Replaces the legacy token "
            <a href=token_links::page(&slug, &token.id) class=LINK>
                <bdi>{token.title}</bdi>
            </a> " (" <code class="font-mono text-sm">{token.hint}</code> ")" {works} {scopes}
        </p>
    }
}

/// What the form begins with: what was typed, if its post was refused.
fn starting(filled: &Filled, draft: &RawDraft) -> RawDraft {
    if filled.refusal().is_none() {
        return draft.clone();
    }
    let value = |field| filled.value(field, "");
    RawDraft {
        owner: value("owner"),
        email: value("email"),
        name: value("name"),
        expires: value("expires"),
        can_renew: filled.ticked("can_renew", "on", false),
        permissions: filled.all("permissions"),
        device_group: value("device_group"),
        device: value("device"),
        note: value("note"),
        rate_limit: value("rate_limit"),
    }
}

/// The lifetime that is chosen at first: one that today's policy allows.
fn allowed_lifetime(start: &RawDraft, kind: Kind, page: &NewTokenPage) -> String {
    let wanted = sentence::lifetime(start, kind);
    page.workgroup.policy.clamp(kind, wanted).0.code().to_owned()
}

fn typed_so_far(typed: &FormData) -> RawDraft {
    let value = |field| typed.get(field).as_string().unwrap_or_default();
    RawDraft {
        owner: value("owner"),
        email: value("email"),
        name: value("name"),
        expires: value("expires"),
        can_renew: typed.has("can_renew"),
        permissions: typed.get_all("permissions").iter().filter_map(|it| it.as_string()).collect(),
        device_group: value("device_group"),
        device: value("device"),
        note: value("note"),
        rate_limit: value("rate_limit"),
    }
}
