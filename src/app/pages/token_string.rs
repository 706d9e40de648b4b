//! The one page on which a token string stands. Only the server renders it, in answer to a post; nothing of it is hydrated or kept.

use crate::app::components::banner::{Banner, Tone};
use crate::app::components::button::{ButtonLink, Look, Size};
use crate::app::components::copy::{CopyButton, DownloadButton};
use crate::app::components::icon::Icon;
use crate::app::components::mark::Keyhole;
use crate::app::components::time::Exact;
use crate::domain::answers::IssuedToken;
use crate::domain::permission::Permission;
use crate::domain::workgroup::Workgroup;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn TokenStringPage(
    issued: IssuedToken,
    workgroup: Workgroup,
    catalogue: Vec<Permission>,
    /// Without a slash at its end.
    public_url: String,
    /// Where *Done* leads.
    done: String,
) -> impl IntoView {
    let IssuedToken { token, number, string, notes } = issued;
    let notes = notes
        .into_iter()
        .map(|note| {
            view! {
                <Banner tone=Tone::Plain icon=Icon::Info lead="Note.">
                    {note}
                </Banner>
            }
        })
        .collect_view();
    let facts = Facts {
        may: token.permission_labels(&catalogue).join(", "),
        reach: token.reach.label().to_owned(),
        until: token.newest().and_then(|newest| newest.expires_at),
    };
    let renew_from = token.renew_from().filter(|_| token.expires_at.is_some());
    view! {
        <Title formatter=crate::app::title text="Token string" />
        <div class="min-h-dvh px-4 py-6 md:px-6 md:py-12">
            <main class="mx-auto max-w-[42rem]">
                <p class="flex items-center gap-2.5 text-ink-3">
                    <Keyhole />
                    <bdi>{workgroup.name}</bdi>
                </p>
                <h1 class="mt-8 break-words text-2xl font-semibold md:mt-14">
                    "The token string for " <bdi>{token.title()}</bdi>
                </h1>
                <p class="mt-2 text-md text-ink-2">
                    "This is the only time it is shown. Hand it over by a way that you trust, then press Done."
                </p>
                <TheString
                    string=string.reveal().to_owned()
                    number=number
                />
                <div class="mt-6 grid gap-3 empty:hidden">{notes}</div>
                <FactList facts=facts />
                <Recipe
                    id="try"
                    title="Try it".to_owned()
                    what=": the line to try it"
                    command=format!("curl {public_url}/api/v1/token")
                />
                {renew_from
                    .map(|from| {
                        view! {
                            <Recipe
                                id="renew"
                                title=format!("Renew it, best from {} on", from.date())
                                what=": the line to renew it"
                                command=format!("curl -X POST {public_url}/api/v1/token/renew")
                            />
                        }
                    })}
                <Foot href=done hint=string.hint() />
            </main>
        </div>
    }
}

#[component]
fn TheString(string: String, number: i64) -> impl IntoView {
    let length = string.len();
    view! {
        <div class="mt-7 rounded border border-edge bg-sunken">
            <p
                id="token-string"
                data-testid="token-string"
                translate="no"
                class="px-5 py-6 font-mono text-string font-medium break-all text-ink select-all max-md:px-4 max-md:py-5"
            >
                {string}
            </p>
            <div class="flex min-h-15 flex-wrap items-center gap-2 border-t border-line-2 px-5 py-3 max-md:px-4">
                <CopyButton from="token-string" look=Look::Primary />
                <DownloadButton
                    from="token-string"
                    filename="latchkey.env"
                    prefix="LATCHKEY_TOKEN="
                >
                    "Download as .env"
                </DownloadButton>
                <span class="ml-auto text-sm text-ink-3 tabular-nums max-md:hidden">
                    {format!("String #{number}, {length} characters")}
                </span>
            </div>
        </div>
    }
}

struct Facts {
    may: String,
    reach: String,
    until: Option<crate::domain::time::Time>,
}

#[component]
fn FactList(facts: Facts) -> impl IntoView {
    let Facts { may, reach, until } = facts;
    let until = match until {
        Some(at) => view! { <Exact at=at /> }.into_any(),
        None => "It is revoked".into_any(),
    };
    view! {
        <dl class="mt-6 grid gap-x-8 gap-y-3 text-sm md:grid-cols-[auto_auto_auto] md:justify-between">
            <div>
                <dt class="text-ink-3">"May"</dt>
                <dd class="mt-0.5 text-base">{may}</dd>
            </div>
            <div>
                <dt class="text-ink-3">"Where"</dt>
                <dd class="mt-0.5 text-base">
                    <bdi>{reach}</bdi>
                </dd>
            </div>
            <div>
                <dt class="text-ink-3">"Until"</dt>
                <dd class="mt-0.5 text-base">{until}</dd>
            </div>
        </dl>
    }
}

/// A line for the shell. It names the variable, never the string.
#[component]
fn Recipe(id: &'static str, title: String, what: &'static str, command: String) -> impl IntoView {
    view! {
        <section class="mt-9">
            <div class="flex min-h-7 items-center justify-between">
                <h2 class="text-sm font-medium">{title}</h2>
                <CopyButton
                    from=id
                    look=Look::Quiet
                    size=Size::Row
                    word="To clipboard"
                    what=what
                    class="-mr-2"
                />
            </div>
            <pre
                class="mt-1 overflow-x-auto rounded border border-line bg-sunken px-4 py-3 font-mono text-sm leading-5 text-ink-2"
                tabindex="0"
            >
                <code id=id translate="no">
                    {command}
                    " \\\n  -H \"Authorization: Bearer "
                    <span class="text-ink">"$LATCHKEY_TOKEN"</span>
                    "\""
                </code>
            </pre>
        </section>
    }
}

#[component]
fn Foot(href: String, hint: String) -> impl IntoView {
    view! {
        <div class="mt-9 flex items-center gap-5 border-t border-line pt-6 max-md:flex-col-reverse max-md:items-stretch">
            <ButtonLink href=href class="px-6">
                "Done"
            </ButtonLink>
            <p class="text-sm text-ink-3">
                "After Done nobody can see it again. Latchkey keeps its hash and its last four characters, "
                <code class="font-mono whitespace-nowrap text-ink-2">{hint}</code>
                ". A lost string is replaced by " <em class="not-italic text-ink-2">"Reissue token"</em> "."
            </p>
        </div>
    }
}
