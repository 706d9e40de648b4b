//! A workgroup's route policies: their text, what its lines mean, the line for the proxy, and a box to try a request.

mod editor;
mod lines;
mod proxy;
mod remove;
mod trial;

use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::time::Ago;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Filled;
use crate::domain::routes::{RawTrial, RoutesPage};
use crate::rpc;
use editor::Editor;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use lines::{Example, Lines};
use proxy::Proxy;
use remove::RemoveDialog;
use trial::TrialBox;

/// The address of the page.
fn address(slug: &str) -> String {
    format!("/{slug}/settings/routes")
}

#[component]
pub fn RoutePolicies() -> impl IntoView {
    let workgroup = use_workgroup();
    let fields = use_query_map();
    let asked = Memo::new(move |_| {
        let fields = fields.read();
        let text = |name: &str| fields.get(name).unwrap_or_default();
        RawTrial {
            method: text("method"),
            path: text("path"),
            kind: text("kind"),
            permissions: fields.get_all("permission").unwrap_or_default(),
            device: text("device"),
        }
    });
    let page = Resource::new(
        move || (workgroup.get(), asked.get()),
        |(workgroup, asked)| rpc::routes::read_routes(workgroup, asked),
    );
    view! {
        <Title text="Route policies" />
        <Page section=Section::Routes>
            <Answer of=page show=|page| view! { <RoutesView page /> } />
        </Page>
    }
}

#[component]
fn RoutesView(page: RoutesPage) -> impl IntoView {
    let query = use_query_map();
    let posted = Filled::here();
    let kept = page.written.text.is_some();
    let refused = Filled::of_action("remove").refusal().is_some();
    // What neither the form nor the dialog shows: an unknown action, or a removal of what somebody else has removed.
    let shown = Filled::of_action("save").refusal().is_some() || (refused && kept);
    let stray = posted.refusal().filter(|_| !shown);
    let removing = {
        let page = page.clone();
        move || {
            let asked = refused || query.read().get("dialog").as_deref() == Some("remove");
            (asked && kept).then(|| view! { <RemoveDialog page=page.clone() /> })
        }
    };
    let below = if page.written.text.is_some() {
        view! {
            <Lines routes=page.routes.clone() />
            <TrialBox page=page.clone() />
            <Proxy page=page.clone() />
        }
        .into_any()
    } else {
        view! { <Example /> }.into_any()
    };
    view! {
        <h1 class="text-xl font-semibold">"Route policies"</h1>
        <p class="mt-1.5 max-w-[46rem] text-md text-ink-2">
            "What each method and path of your API asks of a token. With them the proxy in front of it needs one line and no parameters, and what no line names is refused."
        </p>
        {stray
            .map(|refusal| {
                view! {
                    <div class="mt-6">
                        <ErrorSummary refusal=refusal />
                    </div>
                }
            })}
        <Void page=page.clone() />
        <Editor page=page.clone() />
        <Last page />
        {below}
        {removing}
    }
}

/// Lines that the permission catalogue has made void since they were saved.
#[component]
fn Void(page: RoutesPage) -> impl IntoView {
    (!page.void.is_empty()).then(|| {
        let said = page.void.into_iter().map(|error| {
            view! {
                <li class="wrap-anywhere">
                    {format!("Line {}: {}", error.line, error.message)}
                </li>
            }
        });
        view! {
            <div class="mt-5 max-w-[46rem]">
                <Banner
                    tone=Tone::Warning
                    lead="The permission catalogue was changed after these lines were saved."
                >
                    "They still count, and refuse whoever lacks what they ask for."
                    <ul class="mt-1 grid gap-0.5">{said.collect_view()}</ul>
                </Banner>
            </div>
        }
    })
}

#[component]
fn Last(page: RoutesPage) -> impl IntoView {
    page.last.map(|row| {
        view! {
            <p class="mt-4 text-sm text-ink-3">
                "Last changed by " <bdi>{row.actor}</bdi> " " <Ago at=row.at now=page.now /> "."
            </p>
        }
    })
}
