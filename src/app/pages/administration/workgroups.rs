//! The installation's workgroups: whose they are and how large, never what is inside. An administrator can become an owner.

use super::clock::{CONFIRM, ClockNote};
use super::listing::{ACTIONS, CELL, Heading, NothingFound, Paging, ROW, Search, Table};
use super::{Asked, Tabs, WORKGROUPS, use_asked, use_dialog};
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look, Size, class};
use crate::app::components::dialog::{Dialog, DialogFoot};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::icon::Icon;
use crate::app::components::mark::Mark;
use crate::app::components::menu::{Menu, MenuLink};
use crate::app::components::time::Day;
use crate::app::layout::{Answer, Page, Section};
use crate::app::submitted::Filled;
use crate::domain::administration::{Listed, WorkgroupRow};
use crate::domain::clock::ClockPage;
use crate::domain::refusal::Refusal;
use crate::domain::usage::{counted, grouped};
use crate::rpc;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Workgroups() -> impl IntoView {
    let asked = use_asked();
    let list = Resource::new(move || asked.get(), load);
    let show = move |(list, clock): (Listed<WorkgroupRow>, Option<ClockPage>)| {
        view! {
            {clock.map(|page| view! { <ClockNote page /> })}
            <View list asked=asked.get_untracked() />
        }
    };
    view! {
        <Title text="Workgroups" />
        <Page section=Section::Administration>
            <Tabs here=WORKGROUPS />
            <Answer of=list show=show />
        </Page>
    }
}

async fn load(asked: Asked) -> Result<(Listed<WorkgroupRow>, Option<ClockPage>), Refusal> {
    let list = rpc::administration::list_workgroups(asked.search, asked.after).await?;
    let clock = rpc::administration::read_clock().await?;
    Ok((list, clock))
}

#[component]
fn View(list: Listed<WorkgroupRow>, asked: Asked) -> impl IntoView {
    let dialog = use_dialog();
    let rows = list.items.clone();
    let back = asked.at(WORKGROUPS, &[]);
    let show_dialog = move || {
        let (asks, id) = dialog.get()?;
        let row = rows.iter().find(|row| row.id == id).filter(|_| asks == "own")?.clone();
        Some(view! { <OwnDialog row back=back.clone() /> })
    };
    // Where the dialog cannot be shown again, the reason still is.
    let (asks, about) = dialog.get_untracked().unwrap_or_default();
    let homeless = asks != CONFIRM && !list.items.iter().any(|row| row.id == about);
    let refusal = Filled::here().refusal().filter(|_| homeless);
    let (shown, total, next) = (list.items.len(), list.total, list.next.clone());
    let body = if list.items.is_empty() {
        let searched = "Names and short names were searched.";
        Either::Left(view! { <NothingFound list=WORKGROUPS asked=asked.clone() searched /> })
    } else {
        let rows = list.items.clone().into_iter();
        let rows = rows.map(|row| view! { <Row row asked=asked.clone() /> }).collect_view();
        Either::Right(view! {
            <Table caption="Workgroups, by name" columns=&["Workgroup", "Owners", "Members", "Tokens"]>
                {rows}
            </Table>
            <Paging list=WORKGROUPS asked=asked.clone() shown total next noun="workgroup" />
        })
    };
    view! {
        <Heading title="Workgroups" of=list>
            <ButtonLink
                href="/administration/workgroups/new"
                look=Look::Primary
                icon=Icon::Plus
            >
                "New workgroup"
            </ButtonLink>
        </Heading>
        <p class="mt-1.5 max-w-[54rem] text-md text-ink-2">
            "An administrator sees whose they are and how large, not what is inside. To work in one, become an owner; its Activity says so."
        </p>
        {refusal.map(|refusal| view! { <div class="mt-6"><ErrorSummary refusal /></div> })}
        <Search list=WORKGROUPS label="Search workgroups" placeholder="Name" asked />
        {body}
        {show_dialog}
    }
}

#[component]
fn Row(row: WorkgroupRow, asked: Asked) -> impl IntoView {
    let edit = format!("/administration/workgroups/{}", row.slug);
    let own = asked.at(WORKGROUPS, &[("dialog", "own"), ("id", &row.id)]);
    let owners = row.owners.into_iter().map(|owner| {
        view! {
            <li class="wrap-anywhere">
                <bdi title=owner.email>{owner.name}</bdi>
            </li>
        }
    });
    let more = (!row.mine).then(|| {
        view! {
            <Menu name=format!("More for {}", row.name)>
                <MenuLink href=own icon=Icon::UserPlus>
                    "Make myself an owner"
                </MenuLink>
            </Menu>
        }
    });
    view! {
        <tr role="row" class=ROW>
            <td role="cell" class=CELL>
                <span class="flex flex-wrap items-center gap-2">
                    <bdi class="font-medium wrap-anywhere">{row.name.clone()}</bdi>
                    {row.mine.then(|| view! { <Mark text="yours" /> })}
                </span>
                <span class="block text-sm text-ink-3">
                    <code class="font-mono text-xs">{row.slug}</code>
                    ", since "
                    <Day at=row.created_at />
                </span>
            </td>
            <td role="cell" class=CELL>
                <ul class="text-ink-2">{owners.collect_view()}</ul>
            </td>
            <td role="cell" class=format!("{CELL} tabular-nums")>
                {grouped(row.members)}
                <span class="md:sr-only">{if row.members == 1 { " member" } else { " members" }}</span>
            </td>
            <td role="cell" class=format!("{CELL} tabular-nums")>
                {grouped(row.tokens)}
                <span class="md:sr-only">{if row.tokens == 1 { " token" } else { " tokens" }}</span>
            </td>
            <td role="cell" class=ACTIONS>
                <div class="flex items-center justify-end gap-0.5">
                    <ButtonLink
                        href=edit
                        look=Look::Quiet
                        size=Size::Row
                        aria_label=format!("Edit {}", row.name)
                    >
                        "Edit"
                    </ButtonLink>
                    {more}
                </div>
            </td>
        </tr>
    }
}

#[component]
fn OwnDialog(row: WorkgroupRow, back: String) -> impl IntoView {
    let refusal = Filled::of_action("own").refusal();
    view! {
        <Dialog title=format!("Make yourself an owner of {}?", row.name) back=back.clone()>
            <PostForm>
                <Hidden name="action" value="own" />
                <Hidden name="id" value=row.id />
                {refusal.map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal /></div> })}
                <p class="mt-2 text-ink-2">
                    "You will see and do everything there, over " {counted(row.tokens, "token")}
                    " and " {counted(row.members, "member")}
                    ". The workgroup's Activity tells its owners that you did this, when, and from where."
                </p>
                <DialogFoot>
                    <a href=back autofocus class=class(Look::Secondary, Size::Normal, "")>
                        "Stay outside"
                    </a>
                    <Button look=Look::Danger working="Making…">
                        "Make myself an owner"
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
}
