//! The form of the text and the proxy's headers; what is wrong with a line is said beside the text.

use super::address;
use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::field::TextArea;
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::tiles::{Choice, Tiles};
use crate::app::submitted::Filled;
use crate::domain::refusal::{Code, FieldError, Refusal};
use crate::domain::routes::{Family, RoutesPage};
use leptos::prelude::*;

const LABELS: &[(&str, &str)] = &[("routes", "Route policies"), ("family", "Proxy")];

#[component]
pub fn Editor(page: RoutesPage) -> impl IntoView {
    let filled = Filled::of_action("save");
    let refusal = filled.refusal();
    let written = page.written.clone();
    let text = filled.value("routes", written.text.as_deref().unwrap_or_default());
    let wrong = refusal.as_ref().map(of_text).unwrap_or_default();
    let error = match wrong.as_slice() {
        [] => None,
        [only] => Some(capital(&only.message)),
        [first, rest @ ..] => {
            Some(format!("{} And {} more, listed beside.", capital(&first.message), rest.len()))
        }
    };
    let family = filled.value("family", written.family.map_or("", Family::code));
    let remove = written.text.is_some().then(|| {
        let href = format!("{}?dialog=remove", address(&page.workgroup.slug));
        view! {
            <ButtonLink href look=Look::DangerOutline>
                "Remove route policies"
            </ButtonLink>
        }
    });
    let columns = if wrong.is_empty() { "" } else { "lg:grid-cols-[minmax(0,1fr)_20rem]" };
    view! {
        <div class="mt-6">
            {refusal.map(|refusal| view! { <Complaint refusal page=page.clone() /> })}
            <PostForm action=address(&page.workgroup.slug) class="grid gap-6">
                <Hidden name="action" value="save" />
                <Hidden name="version" value=written.version.to_string() />
                <Tiles
                    legend="Proxy"
                    name="family"
                    help="Decides which headers carry the original method and path. The other ones are ignored."
                    choices=families()
                    value=family
                    columns="sm:grid-cols-2 max-w-[46rem]"
                    error=filled.error("family")
                />
                <div class=format!("grid gap-6 {columns}")>
                    <TextArea
                        label="Route policies"
                        name="routes"
                        rows="14"
                        code=true
                        help="One line each: method, path, kind (access, device or any), then the permissions and device={name} or device=any. # begins a comment."
                        value=text.clone()
                        error
                    />
                    <Problems wrong text />
                </div>
                <div class="flex gap-2 max-md:flex-col">
                    <Button look=Look::Primary working="Saving\u{2026}">
                        "Save changes"
                    </Button>
                    {remove}
                </div>
            </PostForm>
        </div>
    }
}

fn families() -> Vec<Choice> {
    let choice = |family: Family| {
        let (method, uri) = family.headers();
        let detail = format!("{method}, {uri}");
        let label = family.label().to_owned();
        Choice { value: family.code().to_owned(), label, detail, off: false }
    };
    Family::ALL.map(choice).to_vec()
}

fn of_text(refusal: &Refusal) -> Vec<FieldError> {
    refusal.errors.iter().filter(|error| error.field == "routes").cloned().collect()
}

fn capital(message: &str) -> String {
    match message.strip_prefix("line ") {
        Some(rest) => format!("Line {rest}"),
        None => message.to_owned(),
    }
}

/// Why it was refused; after a change by somebody else, what stands there now. The wrong lines stand beside the text.
#[component]
fn Complaint(mut refusal: Refusal, page: RoutesPage) -> impl IntoView {
    if refusal.code != Code::Conflict {
        let lines = of_text(&refusal).len();
        if lines > 1 {
            refusal.errors.retain(|error| error.field != "routes");
            let message = format!("{lines} things are wrong, each named beside the text.");
            refusal.errors.push(FieldError { field: "routes".to_owned(), message });
        }
        return view! { <ErrorSummary refusal=refusal labels=LABELS /> }.into_any();
    }
    let now = page.written.text.unwrap_or_else(|| "There are no route policies now.".to_owned());
    view! {
        <div role="alert" tabindex="-1" autofocus class="mb-7 rounded">
            <Banner tone=Tone::Warning lead="Changed in between.">
                {refusal.detail}
                <p class="mt-1">"They say now:"</p>
                <pre
                    class="mt-1 max-h-60 overflow-auto font-mono text-sm text-ink"
                    tabindex="0"
                    role="group"
                    aria-label="Route policies as they are now"
                >
                    {now}
                </pre>
                <p class="mt-1">
                    "What you typed is kept below. Save changes writes it over what stands there now."
                </p>
            </Banner>
        </div>
    }
    .into_any()
}

/// Every wrong line, as it was typed, with what is wrong with it.
#[component]
fn Problems(wrong: Vec<FieldError>, text: String) -> impl IntoView {
    (!wrong.is_empty()).then(|| {
        let rows = wrong.into_iter().map(|error| {
            let number = error.message.strip_prefix("line ").and_then(|it| it.split_once(':'));
            let number = number.and_then(|(number, _)| number.parse::<usize>().ok());
            let typed = number.and_then(|at| text.lines().nth(at.saturating_sub(1)));
            let typed = typed.map(|line| line.trim().chars().take(120).collect::<String>());
            view! {
                <li class="border-t border-line py-2 wrap-anywhere">
                    <p>{capital(&error.message)}</p>
                    <p class="mt-0.5 font-mono text-sm text-ink-3" dir="ltr">
                        {typed}
                    </p>
                </li>
            }
        });
        view! {
            <section aria-labelledby="wrong-lines" class="min-w-0">
                <h2 id="wrong-lines" class="pb-2 font-medium">
                    "What is wrong"
                </h2>
                <ol class="max-h-96 overflow-y-auto text-sm" tabindex="0">
                    {rows.collect_view()}
                </ol>
            </section>
        }
    })
}
