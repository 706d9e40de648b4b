//! One letter, as it was sent: its HTML, its text or its headers, how it was taken, and which tokens it was about.

use crate::app::components::banner::{Banner, Tone};
use crate::app::components::button::{Button, ButtonLink, LINK, Size};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::icon::Icon;
use crate::app::components::letter_links;
use crate::app::components::letter_result::LetterResult;
use crate::app::components::letter_sheet::{BackToNotices, Fact, Framed, Plain, Sides};
use crate::app::components::time::Exact;
use crate::app::components::token_links;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::domain::letter_page::{About, LetterPage, Side};
use crate::domain::notices_list::{Delivery, stage_words};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn LetterDetail() -> impl IntoView {
    let workgroup = use_workgroup();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let side = Memo::new(move |_| Side::parse(query.read().get_str("as").unwrap_or_default()));
    let page = Resource::new(
        move || (workgroup.get(), id.get()),
        |(slug, id)| rpc::letters::read_letter(slug, id),
    );
    let show = move |page: LetterPage| view! { <LetterView page=page side=side /> };
    view! {
        <Page section=Section::Notices>
            <Answer of=page show=show />
        </Page>
    }
}

#[component]
pub fn LetterView(page: LetterPage, #[prop(into)] side: Signal<Side>) -> impl IntoView {
    let slug = page.workgroup.slug.clone();
    let sheet = {
        let page = page.clone();
        move || view! { <AsSent page=page.clone() side=side.get() /> }
    };
    view! {
        <Title text=page.title.clone() />
        <BackToNotices workgroup=slug />
        <div class="mt-2 flex flex-wrap items-start justify-between gap-4">
            <h1 class="min-w-0 flex-1 basis-72 text-xl font-semibold">
                <bdi class="wrap-anywhere">{page.title.clone()}</bdi>
            </h1>
            <SendAgain page=page.clone() />
        </div>
        <div class="mt-6">
            <Undelivered page=page.clone() />
        </div>
        <div class="grid gap-x-14 gap-y-10 xl:grid-cols-[20rem_minmax(0,1fr)]">
            <div class="min-w-0 max-xl:order-2">
                <Facts page=page.clone() />
                <Tokens page=page />
            </div>
            <div class="min-w-0">{sheet}</div>
        </div>
    }
}

/// Posts to the list, which knows how; the list says what came of it.
#[component]
fn SendAgain(page: LetterPage) -> impl IntoView {
    page.can_send_again.then(|| {
        view! {
            <PostForm action=letter_links::list(&page.workgroup.slug)>
                <Hidden name="action" value="send-again" />
                <Hidden name="id" value=page.id />
                <Button icon=Icon::Mail working="Sending\u{2026}">
                    "Send again"
                </Button>
            </PostForm>
        }
    })
}

#[component]
fn Undelivered(page: LetterPage) -> impl IntoView {
    let open = matches!(page.delivery, Delivery::Undelivered { again: false, .. });
    open.then(|| {
        let next = if page.can_send_again {
            "Correct the address of the token if it is wrong, or send this again."
        } else if page.sealed {
            "Its one-time link was not received: it is sent anew from where it was asked for."
        } else {
            "See what the server answered before you try once more."
        };
        view! {
            <div class="mb-7">
                <Banner
                    tone=Tone::Wrong
                    icon=Icon::MailFailed
                    lead=format!("{} did not get this.", page.recipient)
                >
                    {next}
                </Banner>
            </div>
        }
    })
}

#[component]
fn Facts(page: LetterPage) -> impl IntoView {
    view! {
        <section aria-labelledby="delivery">
            <h2 id="delivery" class="border-b border-line pb-2 font-semibold">
                "Delivery"
            </h2>
            <dl class="mt-2">
                <Fact label="To">
                    <bdi>{page.recipient}</bdi>
                </Fact>
                <Fact label="Result">
                    <LetterResult delivery=page.delivery />
                </Fact>
                <Fact label="Tries">{page.attempts}</Fact>
                <Fact label="Owed">
                    <Exact at=page.created_at />
                </Fact>
            </dl>
        </section>
    }
}

#[component]
fn Tokens(page: LetterPage) -> impl IntoView {
    let LetterPage { workgroup, about, delivery, sealed, .. } = page;
    let failed = matches!(delivery, Delivery::Undelivered { again: false, .. });
    let none = about.is_empty();
    let rows = about
        .into_iter()
        .map(|about| view! { <Token about slug=workgroup.slug.clone() failed /> })
        .collect_view();
    (!sealed).then(|| {
        view! {
            <section aria-labelledby="about" class="mt-9">
                <h2 id="about" class="border-b border-line pb-2 font-semibold">
                    "About"
                </h2>
                <ul>{rows}</ul>
                <p class="mt-2 text-ink-2" hidden=!none>
                    "About no token that still stands here."
                </p>
            </section>
        }
    })
}

#[component]
fn Token(about: About, slug: String, failed: bool) -> impl IntoView {
    let edit = (failed && !about.moved).then(|| {
        view! {
            <ButtonLink href=token_links::edit(&slug, &about.token.id) size=Size::Row>
                "Edit the address"
            </ButtonLink>
        }
    });
    let moved = about.moved.then_some("Its notices go to another address now.");
    view! {
        <li class="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-b border-line py-2.5">
            <div class="min-w-0">
                <a href=token_links::page(&slug, &about.token.id) class=LINK>
                    <bdi class="wrap-anywhere">{about.token.title}</bdi>
                </a>
                <span class="block text-sm text-ink-3">
                    <code class="font-mono">{about.hint}</code>
                    {about.stage.map(|stage| format!(" \u{b7} {}", stage_words(stage)))}
                </span>
                <span class="block text-sm text-ink-3">{moved}</span>
            </div>
            {edit}
        </li>
    }
}

#[component]
fn AsSent(page: LetterPage, side: Side) -> impl IntoView {
    let slug = page.workgroup.slug.clone();
    let link = |side| (side, letter_links::side(&slug, &page.id, side));
    let sides = match (page.has_html, page.text.is_some()) {
        (true, _) => vec![link(Side::Html), link(Side::Text), link(Side::Headers)],
        (false, true) => vec![link(Side::Text), link(Side::Headers)],
        (false, false) => vec![link(Side::Headers)],
    };
    let nothing = page.text.is_none() && !page.has_html;
    let shown = match side {
        Side::Headers => Side::Headers,
        Side::Html if page.has_html => Side::Html,
        _ => Side::Text,
    };
    let html = letter_links::html(&slug, &page.id);
    let body = match (shown, page.text.clone()) {
        (Side::Headers, _) => view! { <Headers page=page /> }.into_any(),
        (Side::Html, _) => view! { <Framed src=html /> }.into_any(),
        (Side::Text, Some(text)) => view! { <Plain text=text /> }.into_any(),
        (Side::Text, None) => view! { <Unwritten sealed=page.sealed /> }.into_any(),
    };
    let heading = if nothing { "The letter" } else { "As it was sent" };
    view! {
        <section aria-labelledby="as-sent">
            <div class="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 border-b border-line pb-2">
                <h2 id="as-sent" class="font-semibold">
                    {heading}
                </h2>
                <Sides sides=sides shown=shown />
            </div>
            {body}
        </section>
    }
}

/// Why there is nothing to read.
#[component]
fn Unwritten(sealed: bool) -> impl IntoView {
    let why = if sealed {
        "It held a link that works once. Whoever reads the link can use it, so no copy of this letter is kept."
    } else {
        "It is written when it is sent, from what is true then. Nothing of it is written yet."
    };
    view! { <p class="mt-4 max-w-[36rem] text-ink-2">{why}</p> }
}

#[component]
fn Headers(page: LetterPage) -> impl IntoView {
    view! {
        <dl class="mt-3 text-sm">
            <Fact label="Subject">
                <bdi>{if page.sealed { "Not kept".to_owned() } else { page.title }}</bdi>
            </Fact>
            <Fact label="To">
                <bdi>{page.recipient}</bdi>
            </Fact>
            <Fact label="From">
                <bdi>{page.sender}</bdi>
            </Fact>
            <Fact label="Message-ID">
                <code class="font-mono">{format!("<{}>", page.message_id)}</code>
            </Fact>
            <Fact label="Result">
                <LetterResult delivery=page.delivery />
            </Fact>
        </dl>
    }
}
