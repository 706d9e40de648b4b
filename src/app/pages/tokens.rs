//! The list of a workgroup's tokens. The question stands in the address; this loads its answer and shows it.

use crate::app::components::button::{ButtonLink, Look};
use crate::app::components::icon::Icon;
use crate::app::components::import_links;
use crate::app::components::lead_sentence::LeadSentence;
use crate::app::components::no_tokens::NoTokens;
use crate::app::components::removed_strings::RemovedStrings;
use crate::app::components::shortcut::on_key;
use crate::app::components::strip::Strip;
use crate::app::components::token_filters::{SEARCH, TokenFilters};
use crate::app::components::token_links;
use crate::app::components::token_table::{NothingFound, TokenTable};
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::domain::import::ImportKind;
use crate::domain::lead;
use crate::domain::notice::Stages;
use crate::domain::refusal::Refusal;
use crate::domain::time::DAY;
use crate::domain::token_list::{TokenList, TokenQuery};
use crate::domain::usage::grouped;
use crate::rpc;
use leptos::either::Either;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::time::Duration;

/// How long typing has to pause before the list is asked.
const PAUSE: Duration = Duration::from_millis(250);

/// An answer with the question it answers: by the time it is shown another may have been asked.
type Answered = (TokenQuery, TokenList);

#[component]
pub fn Tokens() -> impl IntoView {
    let workgroup = use_workgroup();
    let fields = use_query_map();
    let query = Memo::new(move |_| TokenQuery::read(|name| fields.read().get(name)));
    let list = Resource::new(move || (workgroup.get(), query.get()), load);
    let ask = live(workgroup, query);
    on_key("/", || {
        let field = document().get_element_by_id(SEARCH);
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            let _ = field.focus();
            field.select();
        }
    });
    let show = move |(query, list): Answered| {
        view! { <TokenListView list=list query=query workgroup=workgroup.get_untracked() ask=ask /> }
    };
    view! {
        <Title text="Tokens" />
        <Page section=Section::Tokens>
            <Answer of=list show=show />
        </Page>
    }
}

async fn load((workgroup, query): (String, TokenQuery)) -> Result<Answered, Refusal> {
    let list = rpc::tokens::list_tokens(workgroup, query.clone()).await?;
    Ok((query, list))
}

/// Asks another question by going to its address: at once, or after a pause while the search is being typed.
fn live(workgroup: Memo<String>, now: Memo<TokenQuery>) -> Callback<TokenQuery> {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let navigate = use_navigate();
    Callback::new(move |query: TokenQuery| {
        if let Some(earlier) = waiting.try_update_value(Option::take).flatten() {
            earlier.clear();
        }
        let typing = query.search != now.get_untracked().search;
        let navigate = navigate.clone();
        let go = move || {
            let Some(slug) = workgroup.try_get_untracked() else { return };
            let options =
                NavigateOptions { replace: typing, scroll: false, ..NavigateOptions::default() };
            navigate(&token_links::list(&slug, &query), options);
        };
        if typing {
            waiting.set_value(set_timeout_with_handle(go, PAUSE).ok());
        } else {
            go();
        }
    })
}

#[component]
pub fn TokenListView(
    list: TokenList,
    query: TokenQuery,
    #[prop(into)] workgroup: String,
    ask: Callback<TokenQuery>,
) -> impl IntoView {
    let counts = list.counts;
    let none = counts.standing() + counts.revoked == 0;
    let may_import = list.may_import;
    let (removed, now) = (list.removed.clone(), list.now);
    let body = if none {
        Either::Left(view! { <NoTokens now may_import workgroup=workgroup.clone() /> })
    } else {
        Either::Right(view! { <Found list=list query=query workgroup=workgroup.clone() ask=ask /> })
    };
    view! {
        <div class="flex items-start justify-between gap-4">
            <h1 class="flex items-baseline gap-2.5 text-xl font-semibold">
                "Tokens" <span class="text-lg font-normal text-ink-3">{grouped(counts.standing())}</span>
            </h1>
            <div class="flex gap-2">
                {(may_import && !none)
                    .then(|| view! { <ImportLink workgroup=workgroup.clone() /> })}
                {(!none)
                    .then(|| {
                        view! {
                            <ButtonLink
                                href=token_links::new(&workgroup)
                                look=Look::Primary
                                icon=Icon::Plus
                            >
                                "New token"
                            </ButtonLink>
                        }
                    })}
            </div>
        </div>
        {body}
        <RemovedStrings removed now />
    }
}

/// Only owners bring legacy tokens over. On a phone, where nobody has such a file, the room is for the primary button.
#[component]
fn ImportLink(workgroup: String) -> impl IntoView {
    let href = import_links::form(&workgroup, ImportKind::LegacyTokens);
    view! {
        <ButtonLink href=href icon=Icon::Upload class="max-md:hidden">
            "Import"
        </ButtonLink>
    }
}

/// The sentence, the strip, the filters and what they leave. The filters stay as they are when nothing is left: somebody may be typing.
#[component]
fn Found(
    list: TokenList,
    query: TokenQuery,
    workgroup: String,
    ask: Callback<TokenQuery>,
) -> impl IntoView {
    let pieces = lead::of_list(&list, &query);
    let window = window(&list);
    let rows = if list.items.is_empty() {
        Either::Left(view! { <NothingFound query=query.clone() workgroup=workgroup.clone() /> })
    } else {
        Either::Right(view! {
            <TokenTable list=list.clone() query=query.clone() workgroup=workgroup.clone() />
        })
    };
    view! {
        <p class="mt-1.5 max-w-[54rem] text-md text-ink-2">
            <LeadSentence pieces=pieces workgroup=workgroup.clone() />
        </p>
        <Strip
            strip=list.strip
            never=list.counts.never
            window=window
            now=list.now
            workgroup=workgroup.clone()
            query=query.clone()
        />
        <TokenFilters
            counts=list.counts
            query=query.clone()
            workgroup=workgroup.clone()
            ask=ask
        />
        {rows}
    }
}

/// The first notice stage in days, as the tokens on the page show it; the usual one if they do not.
fn window(list: &TokenList) -> i64 {
    let stage = |token: &crate::domain::token::Token| {
        Some((token.expires_at?.0 - token.expiring_at?.0) / DAY)
    };
    let widest = list.items.iter().filter_map(stage).max().filter(|days| *days > 0);
    widest.unwrap_or_else(|| Stages::default().days().first().copied().unwrap_or(0))
}
