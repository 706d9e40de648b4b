//! The edit form of a token: what can still change, and what never does. A change by somebody else in between is told, never overwritten unseen.

use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::chip::Chip;
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::time::Ago;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::pages::new_token::fields::{Life, More, Whose};
use crate::app::pages::new_token::{BackLink, LABELS};
use crate::app::submitted::Filled;
use crate::domain::answers::TokenPage;
use crate::domain::lifetime::Lifetime;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::token::{Kind, Token};
use crate::domain::token_draft::RawDraft;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn EditToken() -> impl IntoView {
    let workgroup = use_workgroup();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let page = Resource::new(
        move || (workgroup.get(), id.get()),
        |(workgroup, id)| rpc::tokens::read_token(workgroup, id),
    );
    view! {
        <Title text="Edit token" />
        <Page section=Section::Tokens>
            <BackLink />
            <Answer of=page show=|page| view! { <EditTokenView page=page /> } />
        </Page>
    }
}

#[component]
fn EditTokenView(page: TokenPage) -> impl IntoView {
    let back = format!("/{}/settings/tokens/{}", page.workgroup.slug, page.token.id);
    let token = page.token.clone();
    let why_not = match (token.revoked_at, token.kind) {
        (Some(_), _) => Some("It was revoked, which is final."),
        (None, Kind::Legacy) => Some("It is a legacy token: it can be replaced or revoked."),
        _ => None,
    };
    let body = match why_not {
        Some(why) => view! {
            <p class="mt-1.5 mb-6 text-md text-ink-2">"This token cannot be edited. " {why}</p>
            <ButtonLink href=back>"Back to the token"</ButtonLink>
        }
        .into_any(),
        None => view! { <EditForm page=page back=back /> }.into_any(),
    };
    view! {
        <div class="max-w-[46rem]">
            <h1 class="text-xl font-semibold">"Edit " <bdi>{token.title()}</bdi></h1>
            {body}
        </div>
    }
}

#[component]
fn EditForm(page: TokenPage, back: String) -> impl IntoView {
    let filled = Filled::here();
    let token = page.token.clone();
    let start = starting(&filled, &as_draft(&token));
    view! {
        <p class="mt-1.5 mb-7 text-md text-ink-2">
            "Strings that exist keep their own expiry; what you change here holds for the token and its future strings."
        </p>
        <Complaint filled=filled.clone() page=page.clone() />
        <PostForm class="grid gap-9">
            <Hidden name="version" value=token.version.to_string() />
            <Whose start=start.clone() filled=filled.clone() />
            <Life
                start=start.clone()
                filled=filled.clone()
                kind=token.kind
                policy=page.workgroup.policy.clone()
                now=page.now
                always=Some(token.lifetime)
                help="Of strings made from now on. The dates are those of a string made now."
            />
            <Fixed page=page />
            <More start=start filled=filled />
            <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">
                <Button look=Look::Primary working="Saving…">
                    "Save changes"
                </Button>
                <ButtonLink href=back>"Keep as it is"</ButtonLink>
            </div>
        </PostForm>
    }
}

fn as_draft(token: &Token) -> RawDraft {
    RawDraft {
        rate_limit: token.rate_limit.map(|limit| limit.to_string()).unwrap_or_default(),
        ..RawDraft::like(token)
    }
}

/// What the form begins with: what was typed, if its post was refused.
fn starting(filled: &Filled, now: &RawDraft) -> RawDraft {
    RawDraft {
        owner: filled.value("owner", &now.owner),
        email: filled.value("email", &now.email),
        name: filled.value("name", &now.name),
        expires: filled.value("expires", &now.expires),
        can_renew: filled.ticked("can_renew", "on", now.can_renew),
        note: filled.value("note", &now.note),
        rate_limit: filled.value("rate_limit", &now.rate_limit),
        ..now.clone()
    }
}

/// Why the post was refused; after a change by somebody else, what stands there now beside what was typed.
#[component]
fn Complaint(filled: Filled, page: TokenPage) -> impl IntoView {
    let refusal = filled.refusal()?;
    if refusal.code != Code::Conflict {
        return Some(view! { <ErrorSummary refusal=refusal labels=LABELS /> }.into_any());
    }
    let stands = as_draft(&page.token);
    let typed = starting(&filled, &stands);
    Some(view! { <Conflict refusal=refusal page=page stands=stands typed=typed /> }.into_any())
}

#[component]
fn Conflict(refusal: Refusal, page: TokenPage, stands: RawDraft, typed: RawDraft) -> impl IntoView {
    let now = page.now;
    let who = page.activity.first().map(|last| {
        view! {
            <p>
                "The last change was made by " <bdi>{last.actor.clone()}</bdi> " "
                <Ago at=last.at now=now /> "."
            </p>
        }
    });
    let rows = differences(&stands, &typed)
        .into_iter()
        .map(|(label, stands, typed)| {
            view! {
                <li>
                    <span class="font-medium text-ink">{label}</span>
                    ": it says "
                    <q>
                        <bdi>{stands}</bdi>
                    </q>
                    ", you have "
                    <q>
                        <bdi>{typed}</bdi>
                    </q>
                </li>
            }
        })
        .collect_view();
    view! {
        <div role="alert" tabindex="-1" autofocus class="mb-7 rounded">
            <Banner tone=Tone::Warning lead="Changed in between.">
                {refusal.detail} {who} <ul class="mt-1 grid gap-0.5 break-words">{rows}</ul>
                <p class="mt-1">
                    "What you typed is kept below. Save changes writes it over what stands there now."
                </p>
            </Banner>
        </div>
    }
}

/// Label, what the token has, what the form has; only where they differ.
fn differences(stands: &RawDraft, typed: &RawDraft) -> Vec<(&'static str, String, String)> {
    let lifetime = |draft: &RawDraft| {
        Lifetime::parse(&draft.expires).map_or(draft.expires.clone(), |it| it.label().to_owned())
    };
    let renew = |draft: &RawDraft| if draft.can_renew { "yes" } else { "no" }.to_owned();
    let shown = |text: &str| if text.is_empty() { "(nothing)".to_owned() } else { text.to_owned() };
    [
        ("Token owner", shown(&stands.owner), shown(&typed.owner)),
        ("Email address", shown(&stands.email), shown(&typed.email)),
        ("Name", shown(&stands.name), shown(&typed.name)),
        ("Token expiry", lifetime(stands), lifetime(typed)),
        ("Can renew", renew(stands), renew(typed)),
        ("Note", shown(&stands.note), shown(&typed.note)),
        ("Rate limit", shown(&stands.rate_limit), shown(&typed.rate_limit)),
    ]
    .into_iter()
    .filter(|(_, stands, typed)| stands != typed)
    .collect()
}

/// What no edit changes.
#[component]
fn Fixed(page: TokenPage) -> impl IntoView {
    let chips = page
        .permissions
        .into_iter()
        .map(|it| view! { <Chip label=it.label powerful=it.powerful /> })
        .collect_view();
    view! {
        <section aria-labelledby="fixed" class="border-t border-line pt-4">
            <h2 id="fixed" class="font-medium">
                "What never changes"
            </h2>
            <p class="mt-0.5 text-sm text-ink-3">"A wider token is a new token."</p>
            <dl class="mt-3 grid gap-x-6 gap-y-2 md:grid-cols-[7rem_minmax(0,1fr)]">
                <dt class="text-ink-3">"Permissions"</dt>
                <dd class="flex flex-wrap gap-1.5">{chips}</dd>
                <dt class="text-ink-3">"Where"</dt>
                <dd>
                    <bdi>{page.token.reach.label().to_owned()}</bdi>
                </dd>
            </dl>
        </section>
    }
}
