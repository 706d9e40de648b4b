//! What narrows the list: search, states with their counts, an expiry from the strip, revoked tokens. One GET form and links;
//! once the page is alive, typing and ticking act at once.

use super::icon::{Glyph, Icon};
use super::status_badge::{icon, ink};
use super::token_links;
use crate::domain::status::TokenStatus;
use crate::domain::time::Time;
use crate::domain::token_list::{Counts, TokenQuery, Unused};
use crate::domain::usage::grouped;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

/// The id of the search field, for the shortcut.
pub const SEARCH: &str = "search";

const APPLY: &str = "<button class=\"inline-flex h-7 items-center rounded border border-line-2 bg-paper px-2.5 text-sm \
                     font-medium text-ink hover:bg-hover max-md:h-9\">Apply</button>";

/// `ask` is called with another question when it is not asked by a link: while typing, and on ticking.
#[component]
pub fn TokenFilters(
    counts: Counts,
    query: TokenQuery,
    #[prop(into)] workgroup: String,
    ask: Callback<TokenQuery>,
) -> impl IntoView {
    let with_revoked = {
        let query = query.clone();
        move |event| {
            ask.run(TokenQuery { revoked: event_target_checked(&event), ..query.first_page() });
        }
    };
    // The list follows the typing already: Enter has nothing to load anew.
    let entered = move |event: SubmitEvent| event.prevent_default();
    let action = token_links::list(&workgroup, &TokenQuery::default());
    let revoked = query.revoked || query.status == Some(TokenStatus::Revoked);
    view! {
        <form
            method="get"
            role="search"
            action=action
            class="mt-6 flex flex-wrap items-center gap-x-3 gap-y-2 pb-2"
            on:submit=entered
        >
            <SearchField query=query.clone() ask=ask />
            <States counts=counts query=query.clone() workgroup=workgroup.clone() />
            <InUse query=query.clone() workgroup=workgroup.clone() />
            <ExpiryFilter query=query.clone() workgroup=workgroup />
            <label class="ml-auto flex items-center gap-2 text-sm whitespace-nowrap text-ink-2 max-md:ml-0 max-md:h-10">
                <input
                    type="checkbox"
                    name="revoked"
                    value="1"
                    checked=revoked
                    prop:checked=revoked
                    on:change=with_revoked
                />
                "Show revoked tokens"
            </label>
            {kept(&query)}
            // Text to a browser with script, which must not find elements in it that it never made.
            <noscript inner_html=APPLY></noscript>
        </form>
    }
}

/// The parts of the question that the form's own fields do not carry.
fn kept(query: &TokenQuery) -> impl IntoView + use<> {
    let fields = [
        ("status", query.status.map(|status| status.code().to_owned())),
        ("knocking", query.knocking.then(|| "1".to_owned())),
        ("use", query.unused.map(Unused::code)),
        ("expires", query.expires.clone()),
    ];
    let hidden = |(name, value): (&'static str, Option<String>)| {
        value.map(|value| view! { <input type="hidden" name=name value=value /> })
    };
    fields.map(hidden).into_iter().collect_view()
}

#[component]
fn SearchField(query: TokenQuery, ask: Callback<TokenQuery>) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let asked = query.search.clone();
    // A link may have changed the question; what is being typed is never overwritten.
    Effect::new(move || {
        if let Some(input) = node.get()
            && document().active_element().as_ref() != Some(input.as_ref())
        {
            input.set_value(&asked);
        }
    });
    let value = query.search.clone();
    let typed = move |event| {
        ask.run(TokenQuery { search: event_target_value(&event), ..query.first_page() });
    };
    view! {
        <div class="relative w-full md:w-72">
            <label for=SEARCH class="sr-only">
                "Search tokens"
            </label>
            <Glyph
                icon=Icon::Search
                class="pointer-events-none absolute top-1/2 left-2.5 size-4 shrink-0 -translate-y-1/2 text-ink-3"
            />
            <input
                node_ref=node
                id=SEARCH
                name="search"
                type="search"
                value=value
                placeholder="Owner, name, e-mail or hint"
                autocomplete="off"
                aria-keyshortcuts="/"
                class="h-9 w-full rounded border border-edge bg-paper pr-9 pl-8.5 text-ink max-md:h-10 max-md:text-field"
                on:input=typed
            />
            <kbd
                aria-hidden="true"
                class="pointer-events-none absolute top-1/2 right-2 inline-flex h-5 min-w-5 -translate-y-1/2 items-center justify-center rounded-sm border border-line-2 px-1 font-mono text-xs text-ink-3 max-md:hidden"
            >
                "/"
            </kbd>
        </div>
    }
}

/// All, and the four states, each with how many there are in the whole workgroup.
#[component]
fn States(counts: Counts, query: TokenQuery, workgroup: String) -> impl IntoView {
    let all = if query.revoked { counts.standing() + counts.revoked } else { counts.standing() };
    let still = (counts.knocking > 0 || query.knocking).then(|| {
        let (query, workgroup) = (query.clone(), workgroup.clone());
        view! { <StillKnocking count=counts.knocking query workgroup /> }
    });
    let chip = move |status: Option<TokenStatus>| {
        let on = query.status == status && !query.knocking;
        let unused = query.unused.filter(|_| status != Some(TokenStatus::Revoked));
        let asked = TokenQuery { status, knocking: false, unused, ..query.first_page() };
        let href = token_links::list(&workgroup, &asked);
        let glyph = status.map(|status| {
            view! {
                <span class=ink(status)>
                    <Glyph icon=icon(status) class="size-3.5 shrink-0" stroke="2.25" />
                </span>
            }
        });
        view! {
            <a
                href=href
                aria-current=on.then_some("true")
                class=chip_class(on)
            >
                {glyph}
                {status.map_or("All", TokenStatus::label)}
                <span class="font-normal text-ink-3 tabular-nums">
                    {grouped(status.map_or(all, |status| counts.of(status)))}
                </span>
            </a>
        }
    };
    let chips = std::iter::once(None).chain(TokenStatus::ALL.map(Some)).map(chip).collect_view();
    view! {
        <nav
            aria-label="Status"
            class="-mx-1 flex items-center gap-0.5 max-md:w-[calc(100%+0.5rem)] max-md:overflow-x-auto max-md:px-0.5 max-md:py-0.5"
        >
            {chips} {still}
        </nav>
    }
}

fn chip_class(on: bool) -> String {
    let class = if on {
        "bg-chosen font-medium text-ink"
    } else {
        "text-ink-2 hover:bg-hover hover:text-ink"
    };
    format!(
        "inline-flex h-8 shrink-0 items-center gap-1.5 rounded px-2.5 text-sm whitespace-nowrap transition-colors max-md:h-10 {class}"
    )
}

/// Expired and revoked tokens that are used all the same; there only while there are some.
#[component]
fn StillKnocking(count: i64, query: TokenQuery, workgroup: String) -> impl IntoView {
    let on = query.knocking;
    let asked = TokenQuery { knocking: true, status: None, unused: None, ..query.first_page() };
    view! {
        <a
            href=token_links::list(&workgroup, &asked)
            aria-current=on.then_some("true")
            class=chip_class(on)
        >
            <span class="text-expired-ink">
                <Glyph icon=Icon::Warning class="size-3.5 shrink-0" stroke="2.25" />
            </span>
            "Still knocking"
            <span class="font-normal text-ink-3 tabular-nums">{grouped(count)}</span>
        </a>
    }
}

/// Tokens that nobody uses; chosen once more, a choice is taken back. No counts: nothing here counts rows.
#[component]
fn InUse(query: TokenQuery, workgroup: String) -> impl IntoView {
    let other = query.unused.filter(|chosen| !Unused::OFFERED.contains(chosen));
    let chip = move |offered: Unused| {
        let on = query.unused == Some(offered);
        let status = query.status.filter(|status| *status != TokenStatus::Revoked);
        let unused = (!on).then_some(offered);
        let asked = TokenQuery { unused, status, knocking: false, ..query.first_page() };
        let cross = on.then(|| {
            view! { <Glyph icon=Icon::Close class="size-3.5 shrink-0 text-ink-3" stroke="2" /> }
        });
        view! {
            <a
                href=token_links::list(&workgroup, &asked)
                aria-current=on.then_some("true")
                class=chip_class(on)
            >
                {offered.label()}
                {cross}
            </a>
        }
    };
    let chips = Unused::OFFERED.into_iter().chain(other).map(chip).collect_view();
    view! {
        <nav aria-label="Use" class="-mx-1 flex items-center gap-0.5 max-md:flex-wrap">
            {chips}
        </nav>
    }
}

/// The day or month that was chosen on the strip, and the way out of it.
#[component]
fn ExpiryFilter(query: TokenQuery, workgroup: String) -> impl IntoView {
    when(&query).map(|when| {
        let href = token_links::list(&workgroup, &TokenQuery { expires: None, ..query.first_page() });
        view! {
            <a
                href=href
                aria-label=format!("Expires {when}: show every expiry")
                class="inline-flex h-8 items-center gap-1.5 rounded bg-chosen px-2.5 text-sm font-medium whitespace-nowrap text-ink hover:bg-hover max-md:h-10"
            >
                {format!("Expires {when}")}
                <Glyph icon=Icon::Close class="size-3.5 shrink-0 text-ink-3" stroke="2" />
            </a>
        }
    })
}

/// `on 21 Feb 2027`, `in Feb 2027`.
#[must_use]
pub fn when(query: &TokenQuery) -> Option<String> {
    let (first, last) = query.expiry_days()?;
    let date = Time::of_day(first).date();
    if first == last {
        return Some(format!("on {date}"));
    }
    let month = date.split_once(' ').map_or(date.as_str(), |(_, month)| month);
    Some(format!("in {month}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_expiry_is_said_in_words() {
        let said =
            |text: &str| when(&TokenQuery { expires: Some(text.into()), ..TokenQuery::default() });
        assert_eq!(said("2027-02-21").as_deref(), Some("on 21 Feb 2027"));
        assert_eq!(said("2027-02").as_deref(), Some("in Feb 2027"));
        assert_eq!(said("soon"), None);
    }
}
