//! The form that takes a file or pasted rows, with every bad row of the file that was refused.

use super::banner::{Banner, ErrorSummary, Tone};
use super::button::{Button, LINK, Look};
use super::field::{FieldError, TextArea};
use super::form::PostForm;
use super::icon::{Glyph, Icon};
use super::import_links;
use crate::app::submitted::Filled;
use crate::domain::import::{Import, ImportFormPage, ImportKind};
use crate::domain::refusal::{FieldError as Wrong, Refusal};
use leptos::prelude::*;

const LABELS: &[(&str, &str)] = &[("file", "CSV file"), ("rows", "Rows")];

/// A file that shows how it is done: its name and its content.
#[derive(Clone, Copy)]
pub struct Template {
    pub name: &'static str,
    pub content: &'static str,
}

/// `children` say what the columns are.
#[component]
pub fn ImportForm(
    page: ImportFormPage,
    kind: ImportKind,
    template: Template,
    children: Children,
) -> impl IntoView {
    let filled = Filled::here();
    let (refusal, bad) = match filled.refusal() {
        Some(refusal) => told_apart(refusal),
        None => (None, Vec::new()),
    };
    view! {
        {page.running.map(|import| view! { <Running import workgroup=page.workgroup.slug.clone() /> })}
        {refusal.map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
        <BadRows bad=bad />
        {children()}
        <p class="mt-4">
            <a href=address_of(template.content) download=template.name class=LINK>
                "Download a template"
            </a>
        </p>
        <PostForm class="mt-8 grid gap-7" enctype="multipart/form-data">
            <FileField error=filled.error("file") />
            <TextArea
                label="Rows"
                name="rows"
                help="Instead of a file: paste its lines here, the header first."
                optional=true
                value=filled.value("rows", "")
                error=filled.error("rows")
            />
            <div class="flex flex-wrap items-center gap-4">
                <Button look=Look::Primary icon=Icon::Upload working="Checking\u{2026}">
                    "Check the file"
                </Button>
                <span class="text-sm text-ink-3">
                    "Nothing is made yet: you see first what would be. "
                    {format!("A file of up to 4 MiB and 10,000 {}.", rows_of(kind))}
                </span>
            </div>
        </PostForm>
    }
}

fn rows_of(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Devices => "devices",
        ImportKind::LegacyTokens => "tokens",
    }
}

/// The bad rows have a list of their own; what is left is about the form.
fn told_apart(mut refusal: Refusal) -> (Option<Refusal>, Vec<Wrong>) {
    let of_rows = |error: &Wrong| error.field.starts_with("line ");
    let (bad, rest) = refusal.errors.into_iter().partition(of_rows);
    refusal.errors = rest;
    (Some(refusal), bad)
}

/// A file that the browser makes of the link itself.
fn address_of(content: &str) -> String {
    let mut address = String::from("data:text/csv;charset=utf-8,");
    for byte in content.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                address.push(char::from(byte))
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

#[component]
fn FileField(error: Option<String>) -> impl IntoView {
    let described = if error.is_some() { "file-help file-error" } else { "file-help" };
    view! {
        <div>
            <label for="file" class="block font-medium">
                "CSV file"
            </label>
            <p id="file-help" class="mt-0.5 text-sm text-ink-3">
                "UTF-8 text; commas, semicolons or tabs between the values."
            </p>
            <input
                type="file"
                id="file"
                name="file"
                accept=".csv,.tsv,.txt,text/csv,text/plain"
                class="mt-2 block w-full max-w-full rounded border border-edge bg-paper p-1.5 text-sm text-ink-2 file:mr-3 file:rounded-sm file:border-0 file:bg-chosen file:px-3 file:py-1.5 file:font-medium file:text-ink"
                aria-describedby=described
                aria-invalid=error.is_some().then_some("true")
            />
            {error.map(|message| view! { <FieldError id="file-error" message=message /> })}
        </div>
    }
}

#[component]
fn BadRows(bad: Vec<Wrong>) -> impl IntoView {
    (!bad.is_empty()).then(|| {
        let rows = bad.into_iter().map(|row| {
            view! {
                <li class="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 border-b border-line px-3 py-2 last:border-b-0">
                    <span class="text-ink-3 tabular-nums">{capital(&row.field)}</span>
                    <bdi class="wrap-anywhere">{row.message}</bdi>
                </li>
            }
        });
        view! {
            <section aria-labelledby="bad-rows" class="mb-8">
                <h2 id="bad-rows" class="flex items-center gap-2 font-semibold">
                    <Glyph icon=Icon::Warning class="size-4 shrink-0 text-expired-ink" stroke="2" />
                    "Rows to correct"
                </h2>
                <ol class="mt-3 max-h-96 overflow-y-auto rounded border border-line" tabindex="0">
                    {rows.collect_view()}
                </ol>
            </section>
        }
    })
}

fn capital(field: &str) -> String {
    field.replacen("line", "Line", 1)
}

/// Another import of the workgroup has to end first.
#[component]
fn Running(import: Import, workgroup: String) -> impl IntoView {
    view! {
        <div class="mb-7">
            <Banner tone=Tone::Plain icon=Icon::Info lead="An import is running.">
                "A file can be checked meanwhile; it can be started once the other has ended. "
                <a href=import_links::page(&workgroup, &import.id) class=LINK>
                    "See how far it is"
                </a>
                "."
            </Banner>
        </div>
    }
}

/// The way back to the list.
#[component]
pub fn Back(href: String, label: &'static str) -> impl IntoView {
    view! {
        <a
            href=href
            class="-ml-1 mb-2 inline-flex items-center gap-1 rounded text-sm text-ink-3 hover:text-ink"
        >
            <Glyph icon=Icon::Back class="size-3.5 shrink-0" />
            {label}
        </a>
    }
}

/// What the first line has to name.
#[component]
pub fn Columns(columns: &'static [(&'static str, &'static str)]) -> impl IntoView {
    let rows = columns.iter().map(|(name, what)| {
        view! {
            <div class="grid gap-x-4 border-b border-line py-2.5 md:grid-cols-[11rem_minmax(0,1fr)]">
                <dt class="font-mono text-sm">{*name}</dt>
                <dd class="text-ink-2">{*what}</dd>
            </div>
        }
    });
    view! {
        <h2 class="font-semibold">"The columns that the first line names"</h2>
        <dl class="mt-2 border-t border-line">{rows.collect_view()}</dl>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::FieldErrors;

    #[test]
    fn a_template_is_a_link_that_nothing_can_end() {
        assert_eq!(
            address_of("a,\"b\"\n<é"),
            "data:text/csv;charset=utf-8,a%2C%22b%22%0A%3C%C3%A9"
        );
    }

    #[test]
    fn rows_are_told_from_fields() {
        let mut wrong = FieldErrors::default();
        wrong.add("line 7", "No.");
        wrong.add("file", "Choose.");
        let (refusal, bad) = told_apart(wrong.into_refusal());
        assert_eq!(refusal.unwrap().errors[0].field, "file");
        assert_eq!((bad.len(), capital(&bad[0].field).as_str()), (1, "Line 7"));
    }
}
