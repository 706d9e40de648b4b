//! The tokens as a table, and the way to the pages before and after. Without a row it says what was looked for.

use super::button::{ButtonLink, LINK, Size};
use super::token_access::Catalogue;
use super::token_filters::when;
use super::token_links;
use super::token_row::TokenRow;
use crate::domain::status::TokenStatus;
use crate::domain::token_list::{TokenList, TokenQuery};
use crate::domain::usage::{counted, grouped};
use leptos::prelude::*;

/// Heading and class of each column; two fold under the owner where there is no room.
const COLUMNS: [(&str, &str); 5] = [
    ("Owner", ""),
    ("String", "max-xl:hidden"),
    ("Access", "max-xl:hidden"),
    ("Expires", ""),
    ("Last used", ""),
];

#[component]
pub fn TokenTable(
    list: TokenList,
    query: TokenQuery,
    #[prop(into)] workgroup: String,
) -> impl IntoView {
    let now = list.now;
    provide_context(Catalogue(list.catalogue.clone()));
    let paging = view! { <Paging list=list.clone() query=query workgroup=workgroup.clone() /> };
    let rows = list.items.into_iter().map(|token| {
        view! { <TokenRow token=token now=now workgroup=workgroup.clone() /> }
    });
    let rows = rows.collect_view();
    view! {
        <table
            role="table"
            class="w-full table-fixed border-collapse max-md:-mx-4 max-md:block max-md:w-auto"
        >
            <caption class="sr-only">"Tokens, those that need attention first"</caption>
            <colgroup class="max-md:hidden">
                <col class="w-[35%] xl:w-[26%] min-[88rem]:w-[24%]" />
                <col class="max-xl:hidden xl:w-[11%]" />
                <col class="max-xl:hidden xl:w-[18%] min-[88rem]:w-[20%]" />
                <col class="w-[28%] xl:w-[18.5%]" />
                <col class="w-[23%] xl:w-[16.5%]" />
                <col class="w-[14%] xl:w-[10%]" />
            </colgroup>
            <thead role="rowgroup" class="border-b border-line max-md:sr-only">
                <tr role="row">
                    {COLUMNS
                        .map(|(heading, class)| {
                            view! {
                                <th
                                    role="columnheader"
                                    scope="col"
                                    class=format!(
                                        "h-8 pr-4 align-middle text-sm font-normal text-ink-3 {class}",
                                    )
                                >
                                    {heading}
                                </th>
                            }
                        })
                        .into_iter()
                        .collect_view()}
                    <th role="columnheader" scope="col" class="h-8">
                        <span class="sr-only">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup" class="max-md:block max-md:border-t max-md:border-line">
                {rows}
            </tbody>
        </table>
        {paging}
    }
}

#[component]
fn Paging(list: TokenList, query: TokenQuery, workgroup: String) -> impl IntoView {
    let shown = list.items.len() as i64;
    let words = match total(&list, &query) {
        Some(total) if total > shown => {
            format!("{} of {} on this page", grouped(shown), grouped(total))
        }
        _ => counted(shown, "token"),
    };
    let page = |after: Option<String>, before: Option<String>| {
        token_links::list(&workgroup, &TokenQuery { after, before, ..query.first_page() })
    };
    let previous = list.previous.map(|cursor| page(None, Some(cursor)));
    let next = list.next.map(|cursor| page(Some(cursor), None));
    let only = previous.is_none() && next.is_none();
    let link = |words: &'static str, href: String| {
        view! {
            <ButtonLink href=href size=Size::Row>
                {words}
            </ButtonLink>
        }
    };
    view! {
        <div class="mt-4 flex items-center justify-between gap-4 text-sm text-ink-3 tabular-nums">
            <p>"Those that need attention first \u{b7} " <span role="status">{words}</span></p>
            <nav aria-label="Pages" class="flex gap-2" hidden=only>
                {previous.map(|href| link("Previous", href))}
                {next.map(|href| link("Next", href))}
            </nav>
        </div>
    }
}

/// How many tokens the question finds on all pages, where the counts tell.
fn total(list: &TokenList, query: &TokenQuery) -> Option<i64> {
    if !query.search.is_empty() || query.unused.is_some() || query.expires.is_some() {
        return None;
    }
    if query.knocking {
        return Some(list.counts.knocking);
    }
    Some(match query.status {
        Some(status) => list.counts.of(status),
        None if query.revoked => list.counts.standing() + list.counts.revoked,
        None => list.counts.standing(),
    })
}

/// Nothing fits the question: says what was looked for, and the ways out.
#[component]
pub fn NothingFound(query: TokenQuery, #[prop(into)] workgroup: String) -> impl IntoView {
    let everything = token_links::list(&workgroup, &TokenQuery::default());
    let stands_alone = query.knocking || query.unused.is_some();
    let revoked_too = !query.revoked && !stands_alone && query.status != Some(TokenStatus::Revoked);
    let with_revoked = TokenQuery { revoked: true, status: None, ..query.first_page() };
    let searched = !query.search.is_empty();
    let what = match (searched, revoked_too) {
        (true, true) => {
            "Owners, names, e-mail addresses and hints were searched, revoked tokens were not. "
        }
        (true, false) => "Owners, names, e-mail addresses and hints were searched. ",
        (false, true) => "Revoked tokens are not shown. ",
        (false, false) => "",
    };
    let with_revoked = revoked_too.then(|| {
        view! {
            <a href=token_links::list(&workgroup, &with_revoked) class=LINK>
                {if searched { "Search those too" } else { "Show those too" }}
            </a>
            " or "
        }
    });
    let clear = if revoked_too { "clear the filters" } else { "Clear the filters" };
    view! {
        <section class="mt-8 max-w-[40rem]" role="status">
            <h2 class="font-medium wrap-anywhere">{nothing(&query)}</h2>
            <p class="mt-1 text-ink-2">
                {what} {with_revoked} <a href=everything class=LINK>
                    {clear}
                </a> "."
            </p>
        </section>
    }
}

fn nothing(query: &TokenQuery) -> String {
    let which = query.status.map_or(String::new(), |status| format!("{} ", status.code()));
    let mut text = format!("No {which}token");
    let mut verb = query.knocking;
    if query.knocking {
        text.push_str(" is used after its end");
    }
    if let Some(unused) = query.unused {
        text.push_str(&format!(" that was {}", unused.label().to_lowercase()));
    }
    if !query.search.is_empty() {
        let and = if verb { " and" } else { "" };
        text.push_str(&format!("{and} matches \u{201c}{}\u{201d}", query.search));
        verb = true;
    }
    if let Some(when) = when(query) {
        text.push_str(&format!("{} expires {when}", if verb { " and" } else { "" }));
        verb = true;
    }
    if !verb && query.unused.is_none() {
        text.push_str(" on this page");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::token_list::Unused;

    #[test]
    fn nothing_found_says_what_was_looked_for() {
        let query = |search: &str, status, expires: Option<&str>| TokenQuery {
            search: search.into(),
            status,
            expires: expires.map(Into::into),
            ..TokenQuery::default()
        };
        let cases = [
            (query("pump", None, None), "No token matches \u{201c}pump\u{201d}"),
            (query("", Some(TokenStatus::Expired), None), "No expired token on this page"),
            (
                TokenQuery { knocking: true, ..query("", None, None) },
                "No token is used after its end",
            ),
            (query("", None, Some("2027-02")), "No token expires in Feb 2027"),
            (
                TokenQuery { unused: Some(Unused::Never), ..query("pump", None, None) },
                "No token that was never used matches \u{201c}pump\u{201d}",
            ),
            (
                TokenQuery {
                    unused: Some(Unused::Days(60)),
                    ..query("", Some(TokenStatus::Active), None)
                },
                "No active token that was unused for 60 days",
            ),
            (
                query("a", Some(TokenStatus::Active), Some("2027-02-21")),
                "No active token matches \u{201c}a\u{201d} and expires on 21 Feb 2027",
            ),
        ];
        for (query, words) in cases {
            assert_eq!(nothing(&query), words);
        }
    }
}
