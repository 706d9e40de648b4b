//! The left rail from 768 px: whose workgroup, which page, who is signed in. Icons alone below 1024 px.

use super::Section;
use super::ways_back::WaysBack;
use crate::app::components::button::IconButton;
use crate::app::components::form::Hidden;
use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::mark::{Initials, Keyhole};
use crate::app::components::menu::{Disclosure, MenuLink};
use crate::app::components::theme::ThemeButtons;
use crate::domain::alarm::undelivered;
use crate::domain::answers::{Frame, May};
use crate::domain::workgroup::Workgroup;
use leptos::prelude::*;

#[component]
pub fn Rail(frame: Option<Frame>, section: Section) -> impl IntoView {
    view! {
        <header class="hidden border-r border-line bg-rail md:block">
            <div class="sticky top-0 flex h-dvh flex-col p-3">
                <a
                    href="/"
                    rel="external"
                    class="mb-4 flex items-center gap-2.5 rounded px-2 pt-1.5 max-lg:justify-center"
                >
                    <Keyhole />
                    <span class="text-md font-semibold tracking-[-0.01em] max-lg:sr-only">
                        "Latchkey"
                    </span>
                </a>
                {frame.map(|frame| view! { <Inside frame=frame section=section /> })}
            </div>
        </header>
    }
}

#[component]
fn Inside(frame: Frame, section: Section) -> impl IntoView {
    let Frame { user, workgroups, current, may, tokens, alarms } = frame;
    let wrong = undelivered(&alarms);
    let nav = match current.clone() {
        Some(workgroup) => {
            view! { <Nav workgroup may tokens wrong section in_rail=true /> }.into_any()
        }
        None => {
            let workgroups = workgroups.clone();
            view! { <WaysBack workgroups in_rail=true /> }.into_any()
        }
    };
    let administration = user.administrator.then(|| {
        view! {
            <div class="mb-1">
                <NavLink
                    href="/administration".to_owned()
                    icon=Icon::Administration
                    label="Administration"
                    chosen=section == Section::Administration
                    in_rail=true
                />
            </div>
        }
    });
    view! {
        <div class="mb-3">
            <Switcher workgroups=workgroups current=current in_rail=true />
        </div>
        {nav}
        <div class="mt-auto">{administration}</div>
        <div class="flex items-center gap-1 max-lg:flex-col-reverse">
            <Account name=user.name section=section />
            <Disclosure>
                <summary
                    class="grid size-7 place-items-center rounded text-ink-3 transition-colors hover:bg-chosen hover:text-ink"
                    aria-label="Colours"
                >
                    <Glyph icon=Icon::ThemeSystem />
                </summary>
                <div class="absolute bottom-full z-20 mb-1 w-52 rounded border border-line bg-raised p-1 shadow-float max-lg:left-0 lg:right-0">
                    <ThemeButtons />
                </div>
            </Disclosure>
            <form method="post" action="/account">
                <Hidden name="action" value="sign-out" />
                <IconButton icon=Icon::SignOut label="Sign out" />
            </form>
        </div>
    }
}

#[component]
fn Account(name: String, section: Section) -> impl IntoView {
    let chosen = section == Section::Account;
    view! {
        <a
            href="/account"
            aria-current=chosen.then_some("page")
            title="Account"
            class=format!(
                "flex min-w-0 flex-1 items-center gap-2.5 rounded px-2 py-1.5 transition-colors hover:bg-chosen {}",
                if chosen { "bg-chosen font-medium" } else { "" },
            )
        >
            <Initials name=name.clone() />
            <span class="min-w-0 truncate max-lg:sr-only">
                <span class="sr-only">"Account: "</span>
                <bdi>{name}</bdi>
            </span>
        </a>
    }
}

/// The ways to a workgroup's pages, as far as the person may go them; beside the tokens, how many stand, and
/// beside the notices, how many could not be delivered.
#[component]
pub fn Nav(
    workgroup: Workgroup,
    may: May,
    tokens: Option<i64>,
    wrong: Option<i64>,
    section: Section,
    in_rail: bool,
) -> impl IntoView {
    let slug = workgroup.slug;
    let links = [
        (Section::Tokens, Icon::Key, "Tokens", "tokens", may.manage_access),
        (Section::Devices, Icon::Device, "Devices", "devices", true),
        (Section::DeviceGroups, Icon::Layers, "Device groups", "device-groups", true),
        (Section::Members, Icon::Users, "Members", "members", may.manage_access),
        (Section::Notices, Icon::Mail, "Notices", "notices", may.manage_access && !may.bound),
        (Section::Activity, Icon::History, "Activity", "activity", may.manage_access && !may.bound),
        (Section::Policy, Icon::Policy, "Policy", "policy", true),
        (Section::Routes, Icon::Shield, "Route policies", "routes", may.own),
    ];
    let links = links.into_iter().filter(|link| link.4).map(|(to, icon, label, path, _)| {
        let count = tokens.filter(|_| to == Section::Tokens);
        let wrong = wrong.filter(|_| to == Section::Notices);
        let href = format!("/{slug}/settings/{path}");
        view! { <NavLink href icon label count wrong chosen=section == to in_rail /> }
    });
    view! { <nav aria-label="Workgroup">{links.collect_view()}</nav> }
}

#[component]
pub fn NavLink(
    href: String,
    icon: Icon,
    label: &'static str,
    #[prop(default = None)] count: Option<i64>,
    #[prop(default = None)] wrong: Option<i64>,
    chosen: bool,
    in_rail: bool,
) -> impl IntoView {
    let (height, words) = if in_rail {
        ("h-8 px-2 max-lg:justify-center", "max-lg:sr-only")
    } else {
        ("h-11 px-3", "")
    };
    let ground = if chosen {
        "bg-chosen font-medium text-ink"
    } else {
        "text-ink-2 hover:bg-chosen hover:text-ink"
    };
    let mark =
        if chosen { "size-4 shrink-0 text-accent-ink" } else { "size-4 shrink-0 text-ink-3" };
    let count = count.map(|count| {
        let class = format!("text-xs font-normal text-ink-3 tabular-nums {words}");
        view! { <span class=class>{count}</span> }
    });
    let wrong = wrong.map(|count| view! { <Wrong count words /> });
    view! {
        <a
            href=href
            aria-current=chosen.then_some("page")
            title=in_rail.then_some(label)
            class=format!("flex items-center gap-2.5 rounded transition-colors {height} {ground}")
        >
            <Glyph icon=icon class=mark />
            <span class=format!("flex-1 {words}")>{label}</span>
            {count}
            {wrong}
        </a>
    }
}

/// How many letters could not be delivered.
#[component]
fn Wrong(count: i64, words: &'static str) -> impl IntoView {
    view! {
        <span class=format!(
            "inline-flex h-5 items-center gap-1 rounded-sm bg-expired-wash px-1.5 text-xs text-expired-ink tabular-nums {words}",
        )>
            <Glyph icon=Icon::MailFailed class="size-3 shrink-0" stroke="2" />
            {count}
            <span class="sr-only">" not delivered"</span>
        </span>
    }
}

/// The workgroup's name; a menu where there is another one to go to.
#[component]
pub fn Switcher(
    workgroups: Vec<Workgroup>,
    current: Option<Workgroup>,
    in_rail: bool,
) -> impl IntoView {
    let name = current.as_ref().map_or_else(|| "Workgroups".to_owned(), |it| it.name.clone());
    let slug = current.map(|it| it.slug);
    let (words, gap) = if in_rail { ("max-lg:sr-only", "max-lg:justify-center") } else { ("", "") };
    let links = workgroups
        .into_iter()
        .map(|workgroup| {
            let icon = if slug.as_ref() == Some(&workgroup.slug) { Icon::Check } else { Icon::Key };
            view! {
                <MenuLink href=format!("/{}/settings", workgroup.slug) icon=icon external=true>
                    <bdi class="truncate">{workgroup.name}</bdi>
                </MenuLink>
            }
        })
        .collect_view();
    view! {
        <Disclosure class="relative min-w-0">
            <summary class=format!(
                "flex min-w-0 items-center gap-2.5 rounded px-2 py-1.5 transition-colors hover:bg-chosen {gap}",
            )>
                <span class=if in_rail { "" } else { "hidden" }>
                    <Initials name=name.clone() framed=true />
                </span>
                <span class=format!("min-w-0 flex-1 truncate font-medium {words}")>
                    <span class="sr-only">"Workgroup: "</span>
                    <bdi>{name}</bdi>
                    <span class="sr-only">". Change workgroup"</span>
                </span>
                <Glyph
                    icon=Icon::Switch
                    class=if in_rail {
                        "size-3.5 shrink-0 text-ink-3 max-lg:hidden"
                    } else {
                        "size-3.5 shrink-0 text-ink-3"
                    }
                />
            </summary>
            <div class="absolute left-0 top-full z-20 mt-1 max-h-[60dvh] w-52 overflow-y-auto rounded border border-line bg-raised p-1 shadow-float">
                {links}
            </div>
        </Disclosure>
    }
}
