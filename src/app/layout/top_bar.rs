//! The top bar with its drawer, below 768 px.

use super::Section;
use super::rail::{Nav, NavLink, Switcher};
use super::ways_back::WaysBack;
use crate::app::components::form::Hidden;
use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::mark::{Keyhole, initials};
use crate::app::components::menu::{Disclosure, MenuLine, MenuLink, item_class};
use crate::app::components::theme::ThemeButtons;
use crate::domain::alarm::undelivered;
use crate::domain::answers::Frame;
use leptos::prelude::*;

#[component]
pub fn TopBar(frame: Option<Frame>, section: Section) -> impl IntoView {
    view! {
        <header class="sticky top-0 z-10 flex h-14 items-center gap-2 border-b border-line bg-rail px-4 md:hidden">
            {match frame {
                Some(frame) => view! { <Inside frame=frame section=section /> }.into_any(),
                None => view! { <Keyhole /> }.into_any(),
            }}
        </header>
    }
}

#[component]
fn Inside(frame: Frame, section: Section) -> impl IntoView {
    let Frame { user, workgroups, current, may, tokens, alarms } = frame;
    let wrong = undelivered(&alarms);
    let nav = match current.clone() {
        Some(workgroup) => {
            view! { <Nav workgroup may tokens wrong section in_rail=false /> }.into_any()
        }
        None => {
            let workgroups = workgroups.clone();
            view! { <WaysBack workgroups in_rail=false /> }.into_any()
        }
    };
    let administration = user.administrator.then(|| {
        view! {
            <NavLink
                href="/administration".to_owned()
                icon=Icon::Administration
                label="Administration"
                chosen=section == Section::Administration
                in_rail=false
            />
        }
    });
    view! {
        <Disclosure class="">
            <summary
                class="-ml-2 grid size-10 place-items-center rounded text-ink-2"
                aria-label="Menu"
            >
                <Glyph icon=Icon::Menu class="size-5 shrink-0" />
            </summary>
            <div class="absolute inset-x-0 top-14 border-b border-line bg-raised p-3 shadow-float">
                {nav} <MenuLine /> {administration} <MenuLink href="/account" icon=Icon::Users>
                    "Account"
                </MenuLink> <ThemeButtons /> <MenuLine /> <SignOut />
            </div>
        </Disclosure>
        <div class="mr-auto min-w-0">
            <Switcher workgroups=workgroups current=current in_rail=false />
        </div>
        <a
            href="/account"
            class="grid size-8 shrink-0 place-items-center rounded border border-line-2 bg-paper text-xs font-semibold text-ink-2"
            aria-label=format!("Account: {}", user.name)
        >
            {initials(&user.name)}
        </a>
    }
}

#[component]
fn SignOut() -> impl IntoView {
    view! {
        <form method="post" action="/account">
            <Hidden name="action" value="sign-out" />
            <button type="submit" class=item_class(false)>
                <Glyph icon=Icon::SignOut class="size-4 shrink-0 text-ink-3" />
                "Sign out"
            </button>
        </form>
    }
}
