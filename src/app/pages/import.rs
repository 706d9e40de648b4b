//! One import: the preview that asks for a word of confirmation, the progress, and how it ended.

use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::icon::Icon;
use crate::app::components::import_form::Back;
use crate::app::components::import_links;
use crate::app::components::import_rows::{Facts, Rows};
use crate::app::components::time::Ago;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Filled;
use crate::domain::import::{Import, ImportKind, ImportPage, ImportState, Preview};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::usage::grouped;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

/// How often the page of a running import asks how far it is.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// The same for browsers without script.
const REFRESH: &str = "<meta http-equiv=\"refresh\" content=\"2\">";

#[component]
pub fn ImportDetail() -> impl IntoView {
    let workgroup = use_workgroup();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let question = move || (workgroup.get(), id.get());
    let page = Resource::new(question, |(slug, id)| rpc::imports::read_import(slug, id));
    Effect::new(move || {
        if page.get().is_some_and(|answer| is_awaited(&answer))
            && let Ok(handle) = set_timeout_with_handle(move || page.refetch(), ASK_EVERY)
        {
            on_cleanup(move || handle.clear());
        }
    });
    view! {
        <Title text="Import" />
        <Page section=Section::Imports>
            <Answer of=page show=|page| view! { <ImportView page=page /> } />
        </Page>
    }
}

/// Whether there is more to come: it runs, or the server was away for a moment.
fn is_awaited(answer: &Result<ImportPage, Refusal>) -> bool {
    match answer {
        Ok(page) => page.import.state == ImportState::Running,
        Err(refusal) => refusal.code == Code::Unavailable,
    }
}

#[component]
fn ImportView(page: ImportPage) -> impl IntoView {
    let ImportPage { workgroup, import, preview, now } = page;
    let slug = workgroup.slug;
    let (things, label) = match import.kind {
        ImportKind::Devices => ("devices", "Devices"),
        ImportKind::LegacyTokens => ("legacy tokens", "Tokens"),
    };
    let back = import_links::things(&slug, import.kind);
    let body = match import.state {
        ImportState::Previewed => {
            let preview = preview.unwrap_or_default();
            view! { <Asking import=import.clone() preview=preview slug=slug /> }.into_any()
        }
        ImportState::Running => view! { <Progress import=import.clone() /> }.into_any(),
        ImportState::Done | ImportState::Stopped => {
            view! { <Ended import=import.clone() slug=slug /> }.into_any()
        }
    };
    view! {
        <Back href=back label=label />
        <h1 class="text-xl font-semibold">{format!("Import of {things}")}</h1>
        <p class="mt-1.5 mb-7 text-md text-ink-2">
            <bdi class="wrap-anywhere">{import.file_name}</bdi> ", " <bdi>{import.actor}</bdi> ", "
            <Ago at=import.created_at now=now />
        </p>
        {body}
    }
}

#[component]
fn Asking(import: Import, preview: Preview, slug: String) -> impl IntoView {
    let count = import.kind.count(import.total);
    let refusal = Filled::here().refusal();
    let note = match import.kind {
        ImportKind::Devices => "They get no token: issue one on a device's page when it is needed.",
        ImportKind::LegacyTokens => {
            "Their strings work from then on; legacy tokens can be revoked, not edited, renewed or reissued."
        }
    };
    view! {
        {refusal.map(|refusal| view! { <ErrorSummary refusal=refusal /> })}
        <p class="max-w-[46rem] text-md">
            "Every row was checked. "
            <strong class="font-medium">{format!("{count} will be made.")}</strong> " " {note}
        </p>
        <div class="mt-6 flex flex-wrap gap-2">
            <PostForm>
                <Hidden name="action" value="start" />
                <Button look=Look::Primary working="Starting\u{2026}">
                    {format!("Import {count}")}
                </Button>
            </PostForm>
            <PostForm>
                <Hidden name="action" value="discard" />
                <Button working="Discarding\u{2026}">"Discard"</Button>
            </PostForm>
            <ButtonLink href=import_links::form(&slug, import.kind) look=Look::Quiet>
                "Choose another file"
            </ButtonLink>
        </div>
        <Facts kind=import.kind facts=preview.facts.clone() />
        <Rows preview=preview total=import.total />
    }
}

#[component]
fn Progress(import: Import) -> impl IntoView {
    let said = format!("{} of {}", grouped(import.done), import.kind.count(import.total));
    view! {
        // Without script the page comes again by itself.
        <noscript inner_html=REFRESH></noscript>
        <div class="max-w-[40rem]">
            <label for="progress" class="block font-medium">
                {said}
            </label>
            <progress
                id="progress"
                max=import.total.to_string()
                value=import.done.to_string()
                class="mt-3 block h-2.5 w-full appearance-none overflow-hidden rounded-full border border-line-2 bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
            ></progress>
            <p class="mt-3 text-ink-2">
                "It goes on by itself: you can leave this page, and it survives a restart of the server."
            </p>
        </div>
    }
}

#[component]
fn Ended(import: Import, slug: String) -> impl IntoView {
    let made = import.kind.made(import.done);
    let look = match import.problem {
        None => view! {
            <Banner tone=Tone::Plain icon=Icon::CheckCircle lead=format!("{made}.")>
                "The file is not kept."
            </Banner>
        }
        .into_any(),
        Some(problem) => view! {
            <Banner tone=Tone::Wrong lead="Not everything was made.">
                <span class="wrap-anywhere">{problem}</span>
                " Correct the file, take out what was made, and upload it again."
            </Banner>
        }
        .into_any(),
    };
    let to = import_links::things(&slug, import.kind);
    let see = match import.kind {
        ImportKind::Devices => "See the devices",
        ImportKind::LegacyTokens => "See the tokens",
    };
    view! {
        <div class="max-w-[46rem]" role="status">
            {look}
        </div>
        <div class="mt-6 flex flex-wrap gap-2">
            <ButtonLink href=to look=Look::Primary>
                {see}
            </ButtonLink>
            <ButtonLink href=import_links::form(&slug, import.kind)>"Import another file"</ButtonLink>
        </div>
    }
}
