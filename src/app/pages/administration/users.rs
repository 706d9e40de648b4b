//! The people of the installation: who administers, who cannot sign in, and where everybody belongs.

use super::listing::{ACTIONS, CELL, Heading, NothingFound, Paging, ROW, Search, Table};
use super::user_dialog::{UserAsks, UserDialog};
use super::{Asked, Tabs, USERS, use_asked, use_dialog};
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{ButtonLink, Look};
use crate::app::components::icon::Icon;
use crate::app::components::mark::Mark;
use crate::app::components::menu::{Menu, MenuLine, MenuLink};
use crate::app::components::time::{Ago, Day};
use crate::app::layout::{Answer, Page, Section};
use crate::app::submitted::Filled;
use crate::domain::administration::{Listed, UserRow};
use crate::domain::time::Time;
use crate::rpc;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Users() -> impl IntoView {
    let asked = use_asked();
    let list = Resource::new(
        move || asked.get(),
        |Asked { search, after }| rpc::administration::list_users(search, after),
    );
    let show = move |list| view! { <View list asked=asked.get_untracked() /> };
    view! {
        <Title text="Users" />
        <Page section=Section::Administration>
            <Tabs here=USERS />
            <Answer of=list show=show />
        </Page>
    }
}

#[component]
fn View(list: Listed<UserRow>, asked: Asked) -> impl IntoView {
    let dialog = use_dialog();
    let rows = list.items.clone();
    let back = asked.at(USERS, &[]);
    let show_dialog = move || {
        let (asks, id) = dialog.get()?;
        let asks = UserAsks::parse(&asks)?;
        let row = rows.iter().find(|row| row.user.id == id)?.clone();
        Some(view! { <UserDialog row asks back=back.clone() /> })
    };
    // Where the dialog cannot be shown again, the reason still is.
    let about = dialog.get_untracked();
    let shown_again = about.is_some_and(|(asks, id)| {
        UserAsks::parse(&asks).is_some() && list.items.iter().any(|row| row.user.id == id)
    });
    let refusal = Filled::here().refusal().filter(|_| !shown_again);
    let (shown, total, next, now) = (list.items.len(), list.total, list.next.clone(), list.now);
    let body = if list.items.is_empty() {
        let searched = "Names and e-mail addresses were searched.";
        Either::Left(view! { <NothingFound list=USERS asked=asked.clone() searched /> })
    } else {
        let rows = list.items.clone().into_iter();
        let rows = rows.map(|row| view! { <Row row asked=asked.clone() now /> }).collect_view();
        Either::Right(view! {
            <Table caption="Users, by name" columns=&["Person", "Workgroups", "Last signed in"]>
                {rows}
            </Table>
            <Paging list=USERS asked=asked.clone() shown total next noun="user" />
        })
    };
    view! {
        <Heading title="Users" of=list>
            <ButtonLink href="/administration/users/new" look=Look::Primary icon=Icon::UserPlus>
                "New user"
            </ButtonLink>
        </Heading>
        <p class="mt-1.5 max-w-[54rem] text-md text-ink-2">
            "Everybody who can sign in, and who no longer can. What they may do in a workgroup is set there, by its own members page."
        </p>
        {refusal.map(|refusal| view! { <div class="mt-6"><ErrorSummary refusal /></div> })}
        <Search list=USERS label="Search users" placeholder="Name or e-mail address" asked />
        {body}
        {show_dialog}
    }
}

#[component]
fn Row(row: UserRow, asked: Asked, now: Time) -> impl IntoView {
    let UserRow { user, disabled_at, last_signed_in_at, workgroups, me, .. } = row;
    let places = workgroups.into_iter().map(|(name, owner)| {
        view! {
            <li class="wrap-anywhere">
                <bdi>{name}</bdi>
                {owner.then(|| view! { <span class="text-ink-3">", owner"</span> })}
            </li>
        }
    });
    let places = places.collect::<Vec<_>>();
    let nowhere = places.is_empty().then(|| view! { <span class="text-ink-3">"None"</span> });
    let seen = match last_signed_in_at {
        Some(at) => view! { <Ago at now /> }.into_any(),
        None => "Not yet".into_any(),
    };
    let disabled = disabled_at.map(|at| {
        view! {
            <span class="block text-sm text-ink-3">"Disabled since " <Day at /></span>
        }
    });
    let administrator = user.administrator;
    view! {
        <tr role="row" class=ROW>
            <td role="cell" class=CELL>
                <span class="flex flex-wrap items-center gap-2">
                    <bdi class="font-medium wrap-anywhere">{user.name.clone()}</bdi>
                    {me.then(|| view! { <Mark text="you" /> })}
                    {administrator.then(|| view! { <Mark text="administrator" /> })}
                    {disabled_at.map(|_| view! { <Mark text="disabled" /> })}
                </span>
                <bdi class="block text-sm wrap-anywhere text-ink-3">{user.email.clone()}</bdi>
            </td>
            <td role="cell" class=CELL>
                <ul class="text-ink-2">{places}</ul>
                {nowhere}
            </td>
            <td role="cell" class=format!("{CELL} text-ink-2")>
                <span class="md:sr-only">"Last signed in: "</span>
                {seen}
                {disabled}
            </td>
            <td role="cell" class=ACTIONS>
                <Actions
                    name=user.name
                    id=user.id
                    me
                    administrator
                    disabled=disabled_at.is_some()
                    asked
                />
            </td>
        </tr>
    }
}

#[component]
fn Actions(
    name: String,
    id: String,
    me: bool,
    administrator: bool,
    disabled: bool,
    asked: Asked,
) -> impl IntoView {
    let dialog = |asks: UserAsks| asked.at(USERS, &[("dialog", asks.code()), ("id", &id)]);
    let (rights, words) = if administrator {
        (UserAsks::Unmake, "Take administration back")
    } else {
        (UserAsks::Make, "Make administrator")
    };
    let rights = dialog(rights);
    let (able, able_words, icon) = if disabled {
        (dialog(UserAsks::Enable), "Enable", Icon::Check)
    } else {
        (dialog(UserAsks::Disable), "Disable", Icon::Ban)
    };
    let able = (!me).then(|| {
        view! {
            <MenuLine />
            <MenuLink href=able icon=icon grave=!disabled>
                {able_words}
            </MenuLink>
        }
    });
    view! {
        <div class="flex justify-end">
            <Menu name=format!("More for {name}")>
                <MenuLink href=rights icon=Icon::Shield>
                    {words}
                </MenuLink>
                {able}
            </Menu>
        </div>
    }
}
