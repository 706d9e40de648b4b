//! The administration: what its pages share. Administrators alone are shown them; for others nothing stands here.

pub mod clock;
mod listing;
pub mod new_user;
pub mod new_workgroup;
pub mod permission;
mod permission_dialog;
pub mod permissions;
pub mod record;
mod user_dialog;
pub mod users;
pub mod workgroup;
pub mod workgroups;

use crate::app::components::icon::{Glyph, Icon};
use crate::app::submitted::Submitted;
use crate::domain::token_list::percent_encode;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

pub const WORKGROUPS: &str = "/administration";
pub const USERS: &str = "/administration/users";
pub const PERMISSIONS: &str = "/administration/permissions";
pub const RECORD: &str = "/administration/activity";

/// The tabs, as links.
const TABS: [(&str, &str); 4] = [
    (WORKGROUPS, "Workgroups"),
    (USERS, "Users"),
    (PERMISSIONS, "Permissions"),
    (RECORD, "Activity"),
];

/// The ways between the administration's lists; `here` is the address of the one that is shown.
#[component]
pub fn Tabs(here: &'static str) -> impl IntoView {
    let tabs = TABS.map(|(href, label)| {
        let on = href == here;
        let look = if on {
            "bg-chosen font-medium text-ink"
        } else {
            "text-ink-2 hover:bg-hover hover:text-ink"
        };
        view! {
            <a
                href=href
                aria-current=on.then_some("page")
                class=format!(
                    "inline-flex h-8 items-center rounded px-3 whitespace-nowrap transition-colors max-md:h-10 {look}",
                )
            >
                {label}
            </a>
        }
    });
    view! {
        <nav aria-label="Administration" class="-mx-3 mb-6 flex gap-1 overflow-x-auto max-md:mx-0">
            {tabs.collect_view()}
        </nav>
    }
}

/// The way back from a form to the list that it belongs to.
#[component]
pub fn Back(href: &'static str, children: Children) -> impl IntoView {
    view! {
        <a
            href=href
            class="-ml-1 mb-2 inline-flex items-center gap-1 rounded text-sm text-ink-3 hover:text-ink"
        >
            <Glyph icon=Icon::Back class="size-3.5 shrink-0" />
            {children()}
        </a>
    }
}

/// What a list's address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub search: String,
    pub after: String,
}

impl Asked {
    /// The address of this question at the list.
    #[must_use]
    pub fn at(&self, list: &str, more: &[(&str, &str)]) -> String {
        let own = [("search", self.search.as_str()), ("after", self.after.as_str())];
        let pairs = own.iter().chain(more).filter(|(_, value)| !value.is_empty());
        let mut address = list.to_owned();
        for (at, (name, value)) in pairs.enumerate() {
            address.push(if at == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            percent_encode(value, &mut address);
        }
        address
    }
}

pub fn use_asked() -> Memo<Asked> {
    let query = use_query_map();
    Memo::new(move |_| {
        let query = query.read();
        let text = |name: &str| query.get(name).unwrap_or_default().trim().to_owned();
        Asked { search: text("search"), after: text("after") }
    })
}

/// The dialog that the address opens, or the one whose post was refused: what it asks, and about which row.
pub fn use_dialog() -> Memo<Option<(String, String)>> {
    let query = use_query_map();
    let refused = use_context::<Submitted>();
    Memo::new(move |_| match &refused {
        Some(post) => {
            let about = post.value("id").or(post.value("name")).unwrap_or_default();
            Some((post.value("action")?.to_owned(), about.to_owned()))
        }
        None => {
            let query = query.read();
            Some((query.get("dialog")?, query.get("id").unwrap_or_default()))
        }
    })
}
