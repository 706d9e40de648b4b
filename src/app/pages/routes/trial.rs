//! *Try it*: a request and a token in, the verdict and the line that says so out. The question stands in the address.

use super::address;
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::Button;
use crate::app::components::field::{Field, Select};
use crate::app::components::icon::{Glyph, Icon};
use crate::domain::permission::Permission;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::routes::{RawTrial, RoutesPage, Verdict};
use leptos::prelude::*;

#[component]
pub fn TrialBox(page: RoutesPage) -> impl IntoView {
    let action = format!("{}#try", address(&page.workgroup.slug));
    let (raw, verdict) = page.tried.unzip();
    let raw = raw.unwrap_or_else(|| RawTrial { method: "GET".to_owned(), ..RawTrial::default() });
    let refusal = verdict.as_ref().and_then(|it| it.as_ref().err().cloned());
    let error =
        |field: &str| refusal.as_ref().and_then(|it| it.message_for(field)).map(ToOwned::to_owned);
    let kinds =
        [("access", "Access token"), ("device", "Device token"), ("legacy", "Legacy token")]
            .map(|(code, words)| (code.to_owned(), words.to_owned()))
            .to_vec();
    view! {
        <section id="try" aria-labelledby="try-title" class="mt-10 max-w-[46rem] scroll-mt-6">
            <h2 id="try-title" class="font-semibold">
                "Try it"
            </h2>
            <p class="mt-0.5 text-sm text-ink-3">
                "What would a request be answered, by the lines that are saved? Nothing is sent to your API."
            </p>
            {verdict.map(|verdict| view! { <Outcome verdict /> })}
            <form method="get" action=action class="mt-4 grid gap-5">
                <div class="grid gap-4 sm:grid-cols-[8rem_minmax(0,1fr)]">
                    <Field
                        label="Method"
                        name="method"
                        value=raw.method
                        required=true
                        error=error("method")
                    />
                    <Field
                        label="Path"
                        name="path"
                        value=raw.path
                        required=true
                        error=error("path")
                    />
                </div>
                <div class="grid gap-4 sm:grid-cols-2">
                    <Select
                        label="Token kind"
                        name="kind"
                        options=kinds
                        value=raw.kind
                        error=error("kind")
                    />
                    <Field
                        label="Bound to the device"
                        name="device"
                        value=raw.device
                        optional=true
                        error=error("device")
                    />
                </div>
                <Permissions catalogue=page.catalogue held=raw.permissions />
                <div>
                    <Button>"Try it"</Button>
                </div>
            </form>
        </section>
    }
}

#[component]
fn Permissions(catalogue: Vec<Permission>, held: Vec<String>) -> impl IntoView {
    let boxes = catalogue.into_iter().map(|permission| {
        let checked = held.contains(&permission.name);
        view! {
            <label class="flex items-start gap-3">
                <input
                    type="checkbox"
                    name="permission"
                    value=permission.name.clone()
                    checked=checked
                    class="mt-0.5"
                />
                <span class="min-w-0 wrap-anywhere">
                    <span class="block">{permission.label}</span>
                    <span class="block font-mono text-sm text-ink-3">{permission.name}</span>
                </span>
            </label>
        }
    });
    view! {
        <fieldset>
            <legend class="font-medium">"Permissions of the token"</legend>
            <p class="mt-0.5 text-sm text-ink-3">"Every access token has Read."</p>
            <div class="mt-2 grid gap-x-4 gap-y-3 sm:grid-cols-2">{boxes.collect_view()}</div>
        </fieldset>
    }
}

#[component]
fn Outcome(verdict: Result<Verdict, Refusal>) -> impl IntoView {
    let verdict = match verdict {
        Ok(verdict) => verdict,
        Err(refusal) => {
            return view! {
                <div class="mt-4">
                    <ErrorSummary refusal=refusal />
                </div>
            }
            .into_any();
        }
    };
    let (icon, ink, said) = match verdict.code {
        None => (Icon::CheckCircle, "text-active-ink", "Let through".to_owned()),
        Some(code) => (Icon::Ban, "text-expired-ink", format!("Refused: {}", Code::as_str(code))),
    };
    let line = verdict.route.map(|route| {
        let words = format!("{} {}", route.methods_words(), route.path);
        view! {
            <p class="mt-1 text-sm text-ink-3 wrap-anywhere">
                {format!("Line {}: ", route.line)} <code class="font-mono">{words}</code>
            </p>
        }
    });
    view! {
        <div
            role="status"
            data-testid="verdict"
            class="mt-4 rounded border border-line bg-raised px-4 py-3"
        >
            <p class=format!("flex items-center gap-2 font-medium {ink}")>
                <Glyph icon=icon class="size-4 shrink-0" stroke="2" />
                {said}
            </p>
            <p class="mt-1 wrap-anywhere text-ink-2">{verdict.why}</p>
            {line}
        </div>
    }
    .into_any()
}
