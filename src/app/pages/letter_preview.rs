//! Any letter as this workgroup's token owners would get it. Nothing is sent.

use crate::app::components::button::LINK;
use crate::app::components::letter_links;
use crate::app::components::letter_sheet::{BackToNotices, Fact, Framed, Plain, Sides};
use crate::app::components::mark::Mark;
use crate::app::components::token_links;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::domain::letter_page::{PreviewPage, Sample, Side};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn LetterPreview() -> impl IntoView {
    let workgroup = use_workgroup();
    let query = use_query_map();
    let sample =
        Memo::new(move |_| Sample::parse(query.read().get_str("letter").unwrap_or_default()));
    let side = Memo::new(move |_| Side::parse(query.read().get_str("as").unwrap_or_default()));
    let page = Resource::new(
        move || (workgroup.get(), sample.get()),
        |(slug, sample)| rpc::letters::read_letter_preview(slug, sample),
    );
    let show = move |page: PreviewPage| view! { <PreviewView page=page side=side /> };
    view! {
        <Title text="Letter preview" />
        <Page section=Section::Notices>
            <Answer of=page show=show />
        </Page>
    }
}

#[component]
pub fn PreviewView(page: PreviewPage, #[prop(into)] side: Signal<Side>) -> impl IntoView {
    let slug = page.workgroup.slug.clone();
    let sheet = {
        let page = page.clone();
        move || view! { <Sheet page=page.clone() side=side.get() /> }
    };
    view! {
        <BackToNotices workgroup=slug.clone() />
        <h1 class="mt-2 text-xl font-semibold">"Letter preview"</h1>
        <p class="mt-1.5 max-w-[40rem] text-md text-ink-2">
            "What a letter of " <bdi>{page.workgroup.name.clone()}</bdi>
            " says, as it would be written now. Nothing is sent."
        </p>
        <Samples slug=slug shown=page.sample />
        <div class="mt-6 max-w-[48rem]">{sheet}</div>
    }
}

/// The letters that can be looked at.
#[component]
fn Samples(slug: String, shown: Sample) -> impl IntoView {
    let links = Sample::ALL.map(|sample| {
        let chosen = sample == shown;
        let look =
            if chosen { "bg-chosen font-medium text-ink" } else { "text-ink-2 hover:bg-hover" };
        view! {
            <a
                href=letter_links::preview(&slug, sample, Side::Html)
                aria-current=chosen.then_some("page")
                class=format!("rounded px-2.5 py-1.5 text-sm transition-colors {look}")
            >
                {sample.label()}
            </a>
        }
    });
    view! {
        <nav aria-label="Letters" class="mt-5 -ml-2.5 flex flex-wrap gap-1">
            {links.into_iter().collect_view()}
        </nav>
    }
}

#[component]
fn Sheet(page: PreviewPage, side: Side) -> impl IntoView {
    let (slug, sample) = (page.workgroup.slug, page.sample);
    let link = |side| (side, letter_links::preview(&slug, sample, side));
    let sides = if page.has_html {
        vec![link(Side::Html), link(Side::Text)]
    } else {
        vec![link(Side::Text)]
    };
    let framed = page.has_html && side == Side::Html;
    let shown = if framed { Side::Html } else { Side::Text };
    let about = match (page.token, sample) {
        (Some(token), _) => view! {
            <a href=token_links::page(&slug, &token.id) class=LINK>
                <bdi>{token.title}</bdi>
            </a>
        }
        .into_any(),
        (None, Sample::Test) => "No token: it only shows that mail arrives.".into_any(),
        (None, _) => "An example, since no token here fits.".into_any(),
    };
    let body = if framed {
        view! { <Framed src=letter_links::preview_html(&slug, sample) /> }.into_any()
    } else {
        view! { <Plain text=page.text /> }.into_any()
    };
    view! {
        <section aria-labelledby="sheet">
            <div class="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 border-b border-line pb-2">
                <h2 id="sheet" class="flex items-center gap-2 font-semibold">
                    {sample.label()}
                    <Mark text="preview" />
                </h2>
                <Sides sides=sides shown=shown />
            </div>
            <dl class="mt-3 text-sm">
                <Fact label="Subject">
                    <bdi>{page.subject}</bdi>
                </Fact>
                <Fact label="To">
                    <bdi>{page.recipient}</bdi>
                </Fact>
                <Fact label="From">
                    <bdi>{page.sender}</bdi>
                </Fact>
                <Fact label="About">{about}</Fact>
            </dl>
            {body}
        </section>
    }
}
