//! Legacy tokens from a file: what its columns are, and the form that takes it.

use crate::app::components::import_form::{Back, Columns, ImportForm, Template};
use crate::app::components::import_links;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::domain::import::{ImportFormPage, ImportKind};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;

const TEMPLATE: Template = Template {
    name: "legacy-tokens.csv",
    content: "owner,email,sha256,expires_at,scopes\nOld portal,ops@example.com,ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad,2027-03-31,plant.read plant.write\n",
};

#[component]
pub fn ImportTokens() -> impl IntoView {
    let workgroup = use_workgroup();
    let read = |slug| rpc::imports::read_import_form(slug, ImportKind::LegacyTokens);
    let page = Resource::new(move || workgroup.get(), read);
    view! {
        <Title text="Import legacy tokens" />
        <Page section=Section::Tokens>
            <Answer of=page show=|page| view! { <ImportTokensView page=page /> } />
        </Page>
    }
}

#[component]
fn ImportTokensView(page: ImportFormPage) -> impl IntoView {
    let back = import_links::things(&page.workgroup.slug, ImportKind::LegacyTokens);
    view! {
        <div class="max-w-[46rem]">
            <Back href=back label="Tokens" />
            <h1 class="text-xl font-semibold">"Import legacy tokens"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                "Brings over up to 10,000 tokens of another system by the hashes of their strings. They go on working, are listed as legacy and can be revoked; they cannot be edited, renewed or reissued. Their scopes are reported as they are and never taken for permissions."
            </p>
            <ImportForm page=page kind=ImportKind::LegacyTokens template=TEMPLATE>
                <Columns columns=COLUMNS />
            </ImportForm>
        </div>
    }
}

const COLUMNS: &[(&str, &str)] = &[
    ("owner", "Whose token it is, up to 200 characters."),
    ("email", "Where its owner is written to before it expires."),
    ("sha256", "The SHA-256 of the string, 64 hexadecimal digits. Never the string itself."),
    (
        "expires_at",
        "2027-03-31 (from the first second of that day in UTC it is dead), 2027-03-31T10:00:00Z, or empty: it never expires. One that expired more than four weeks ago is not taken.",
    ),
    ("scopes", "Separated by spaces; may be empty."),
    ("name", "If you like: what tells one owner's tokens apart."),
];
