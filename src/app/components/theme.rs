//! The switch between light, dark and what the system says: a form of three buttons. The server keeps the choice in a cookie.

use super::icon::{Glyph, Icon};
use super::menu::item_class;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Value, words, icon, and when its check shows: the server writes the choice on the document's root.
const THEMES: [(&str, &str, Icon, &str); 3] = [
    (
        "system",
        "Follow the system",
        Icon::ThemeSystem,
        "ml-auto hidden text-accent-ink in-[html:not([data-theme])]:block",
    ),
    (
        "light",
        "Light",
        Icon::ThemeLight,
        "ml-auto hidden text-accent-ink in-[html[data-theme=light]]:block",
    ),
    (
        "dark",
        "Dark",
        Icon::ThemeDark,
        "ml-auto hidden text-accent-ink in-[html[data-theme=dark]]:block",
    ),
];

#[component]
pub fn ThemeButtons() -> impl IntoView {
    let location = use_location();
    let here = move || format!("{}{}", location.pathname.get(), query(&location.search.get()));
    let chosen = RwSignal::new(None::<String>);
    Effect::new(move || {
        let root = document().document_element();
        let theme = root.and_then(|root| root.get_attribute("data-theme"));
        chosen.set(Some(theme.unwrap_or_else(|| "system".to_owned())));
    });
    let buttons = THEMES
        .map(|(value, words, icon, check)| {
            let pressed = move || chosen.get().map(|it| if it == value { "true" } else { "false" });
            view! {
                <button
                    type="submit"
                    name="theme"
                    value=value
                    class=item_class(false)
                    aria-pressed=pressed
                >
                    <Glyph icon=icon class="size-4 shrink-0 text-ink-3" />
                    {words}
                    <span class=check>
                        <Glyph icon=Icon::Check stroke="2.5" />
                    </span>
                </button>
            }
        })
        .collect_view();
    view! {
        <form method="post" action="/account">
            <input type="hidden" name="action" value="theme" />
            <input type="hidden" name="next" value=here />
            {buttons}
        </form>
    }
}

/// The query as it stands in an address.
fn query(search: &str) -> String {
    let search = search.trim_start_matches('?');
    if search.is_empty() { String::new() } else { format!("?{search}") }
}
