//! A workgroup without any token: what a token is for, the one button, and the other ways to have some.

use super::button::{ButtonLink, LINK, Look};
use super::empty::Empty;
use super::icon::Icon;
use super::import_links;
use super::strip::BlankStrip;
use super::token_links;
use crate::domain::import::ImportKind;
use crate::domain::time::Time;
use leptos::prelude::*;

#[component]
pub fn NoTokens(now: Time, may_import: bool, #[prop(into)] workgroup: String) -> impl IntoView {
    let import = format!("latchkey token import --workgroup {workgroup} FILE");
    view! {
        <BlankStrip now=now />
        <Empty title="No tokens yet">
            <p class="mt-3 text-md text-ink-2">
                "A token lets a program or a device use your API until a date that you choose. Say whom it is for and what it may do; the string is shown once, and its owner is mailed before it expires."
            </p>
            <div class="mt-6 flex flex-wrap items-center gap-3">
                <ButtonLink href=token_links::new(&workgroup) look=Look::Primary icon=Icon::Plus>
                    "New token"
                </ButtonLink>
                <span class="text-sm text-ink-3 max-md:hidden">
                    "or press "
                    <kbd class="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line-2 px-1 font-mono text-xs text-ink-3">
                        "n"
                    </kbd>
                </span>
            </div>
            <dl class="mt-12 border-t border-line">
                <Way name="Registering a device">"A device gets its first token by itself."</Way>
                <Way name="Coming from elsewhere">
                    "Bring the tokens of another system over, so that they can be seen and revoked here."
                    {may_import
                        .then(|| view! { <Upload workgroup=workgroup.clone() /> })}
                    <code class="mt-2 block w-fit max-w-full overflow-x-auto rounded-sm bg-sunken px-2 py-1 font-mono text-sm text-ink">
                        {import}
                    </code>
                </Way>
                <Way name="From a program">
                    "Tokens can be issued over HTTP too, with a token that holds Manage access."
                </Way>
            </dl>
        </Empty>
    }
}

#[component]
fn Upload(workgroup: String) -> impl IntoView {
    let href = import_links::form(&workgroup, ImportKind::LegacyTokens);
    view! {
        " "
        <a href=href class=LINK>
            "Import a file"
        </a>
        ", or on the server's command line:"
    }
}

#[component]
fn Way(name: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="grid gap-1 border-b border-line py-4 md:grid-cols-[11rem_1fr]">
            <dt class="font-medium">{name}</dt>
            <dd class="min-w-0 text-ink-2">{children()}</dd>
        </div>
    }
}
