//! The list of a workgroup's device groups: what each holds, and how much is bound to it.

use crate::app::components::button::{Button, ButtonLink, LINK, Look};
use crate::app::components::empty::Empty;
use crate::app::components::field::box_class;
use crate::app::components::group_links;
use crate::app::components::group_parts::Pager;
use crate::app::components::icon::Icon;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::domain::device_groups::{GroupFacts, GroupList, GroupQuery};
use crate::domain::refusal::Refusal;
use crate::domain::usage::{counted, grouped};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// An answer with the question it answers.
type Answered = (GroupQuery, GroupList);

#[component]
pub fn DeviceGroups() -> impl IntoView {
    let workgroup = use_workgroup();
    let fields = use_query_map();
    let query = Memo::new(move |_| GroupQuery::read(|name| fields.read().get(name)));
    let list = Resource::new(move || (workgroup.get(), query.get()), load);
    let show = move |(query, list): Answered| {
        view! { <GroupListView list=list query=query workgroup=workgroup.get_untracked() /> }
    };
    view! {
        <Title text="Device groups" />
        <Page section=Section::DeviceGroups>
            <Answer of=list show=show />
        </Page>
    }
}

async fn load((workgroup, query): (String, GroupQuery)) -> Result<Answered, Refusal> {
    let list = rpc::groups::list_device_groups(workgroup, query.clone()).await?;
    Ok((query, list))
}

#[component]
fn GroupListView(list: GroupList, query: GroupQuery, workgroup: String) -> impl IntoView {
    let none = list.total == 0;
    let new = (list.may_edit && !none).then(|| {
        view! {
            <ButtonLink href=group_links::new(&workgroup) look=Look::Primary icon=Icon::Plus>
                "New device group"
            </ButtonLink>
        }
    });
    let lead = if list.bound {
        "You are bound to this group: you see its devices, and the tokens that reach exactly them."
    } else {
        "A token or member that is bound to a group reaches its devices alone. An edit counts at once."
    };
    let total = list.total;
    let body = if none {
        view! { <NoGroups list=list workgroup=workgroup /> }.into_any()
    } else {
        view! { <Found list=list query=query workgroup=workgroup /> }.into_any()
    };
    view! {
        <div class="flex flex-wrap items-start justify-between gap-4">
            <h1 class="flex items-baseline gap-2.5 text-xl font-semibold">
                "Device groups" <span class="text-lg font-normal text-ink-3">{grouped(total)}</span>
            </h1>
            {new}
        </div>
        <p class="mt-1.5 max-w-[46rem] text-md text-ink-2 max-md:mt-3">{lead}</p>
        {body}
    }
}

/// There is no group yet: why one would be wanted, and the next thing to do.
#[component]
fn NoGroups(list: GroupList, workgroup: String) -> impl IntoView {
    let next = match (list.may_edit, list.devices) {
        (false, _) => view! {
            <p class="mt-4 text-ink-2">
                "Members with Manage devices make groups. An owner can give you that permission."
            </p>
        }
        .into_any(),
        (true, 0) => view! {
            <p class="mt-4 mb-6 text-ink-2">"There is no device yet that a group could hold."</p>
            <ButtonLink href=group_links::devices(&workgroup) look=Look::Primary>
                "To the devices"
            </ButtonLink>
        }
        .into_any(),
        (true, devices) => view! {
            <p class="mt-4 mb-6 text-ink-2">
                {format!("This workgroup has {}.", counted(devices, "device"))}
            </p>
            <ButtonLink href=group_links::new(&workgroup) look=Look::Primary icon=Icon::Plus>
                "New device group"
            </ButtonLink>
        }
        .into_any(),
    };
    view! {
        <Empty title="No device group yet">
            <p class="mt-2 text-md text-ink-2">
                "A group is a named part of the devices: a site, a customer, a production line. It is chosen by a list, by exception, or by metadata."
            </p>
            {next}
        </Empty>
    }
}

#[component]
fn Found(list: GroupList, query: GroupQuery, workgroup: String) -> impl IntoView {
    let page = |after: Option<String>, before: Option<String>| {
        group_links::list(&workgroup, &GroupQuery { after, before, ..query.clone() })
    };
    let previous = list.previous.map(|cursor| page(None, Some(cursor)));
    let next = list.next.map(|cursor| page(Some(cursor), None));
    let shown = i64::try_from(list.items.len()).unwrap_or(i64::MAX);
    let words = match query.search.is_empty() && list.total > shown {
        true => format!("{} of {} on this page", grouped(shown), grouped(list.total)),
        false => counted(shown, "device group"),
    };
    let everything = group_links::list(&workgroup, &GroupQuery::default());
    let rows = if list.items.is_empty() {
        let what = match query.search.is_empty() {
            true => "No device group on this page".to_owned(),
            false => format!("No device group is called \u{201c}{}\u{201d}", query.search),
        };
        view! {
            <section class="mt-8 max-w-[40rem]" role="status">
                <h2 class="font-medium wrap-anywhere">{what}</h2>
                <p class="mt-1 text-ink-2">
                    "Names were searched. " <a href=everything class=LINK>
                        "Show all device groups"
                    </a> "."
                </p>
            </section>
        }
        .into_any()
    } else {
        view! {
            <GroupTable items=list.items workgroup=workgroup.clone() />
            <Pager words=words previous=previous next=next />
        }
        .into_any()
    };
    view! {
        {(!list.bound).then(|| view! { <Search search=query.search.clone() /> })}
        {rows}
    }
}

/// Posted to the page's own address as a question: it works without script and can be shared.
#[component]
fn Search(search: String) -> impl IntoView {
    view! {
        <form method="get" role="search" class="mt-7 flex max-w-[26rem] gap-2">
            <label for="search" class="sr-only">
                "Search device groups"
            </label>
            <input
                id="search"
                name="search"
                type="search"
                value=search
                maxlength="80"
                placeholder="Part of a name"
                autocomplete="off"
                class=box_class(false)
            />
            <Button class="shrink-0 self-center">"Search"</Button>
        </form>
    }
}

#[component]
fn GroupTable(items: Vec<GroupFacts>, workgroup: String) -> impl IntoView {
    let head = |name: &'static str| {
        view! {
            <th scope="col" class="h-8 text-right text-sm font-normal text-ink-3 max-md:hidden">
                {name}
            </th>
        }
    };
    let rows = items.into_iter().map(|group| {
        view! { <GroupRow group=group workgroup=workgroup.clone() /> }
    });
    view! {
        <table class="mt-4 w-full table-fixed border-collapse">
            <caption class="sr-only">"Device groups, by name"</caption>
            <colgroup class="max-md:hidden">
                <col />
                <col class="w-24" />
                <col class="w-24" />
                <col class="w-24" />
            </colgroup>
            <thead class="border-b border-line max-md:sr-only">
                <tr>
                    <th scope="col" class="h-8 text-left text-sm font-normal text-ink-3">
                        "Name"
                    </th>
                    {head("Devices")}
                    {head("Tokens")}
                    {head("Members")}
                </tr>
            </thead>
            <tbody class="max-md:border-t max-md:border-line">{rows.collect_view()}</tbody>
        </table>
    }
}

#[component]
fn GroupRow(group: GroupFacts, workgroup: String) -> impl IntoView {
    let counts = [group.devices, group.tokens, group.members];
    let in_words = format!(
        "{} \u{b7} {} \u{b7} {}",
        counted(group.devices, "device"),
        counted(group.tokens, "token"),
        counted(group.members, "member")
    );
    let cells = counts.map(|count| {
        view! {
            <td class="py-2.5 text-right align-top tabular-nums max-md:hidden">{grouped(count)}</td>
        }
    });
    view! {
        <tr data-testid="group-row" class="border-b border-line hover:bg-hover">
            <td class="py-2.5 pr-4 align-top">
                <a
                    href=group_links::page(&workgroup, &group.id)
                    class="rounded font-medium wrap-anywhere hover:underline"
                >
                    <bdi>{group.name}</bdi>
                </a>
                <span class="block text-sm wrap-anywhere text-ink-3">
                    <bdi>{group.rule.in_words()}</bdi>
                </span>
                <span class="block text-sm text-ink-2 tabular-nums md:hidden">{in_words}</span>
            </td>
            {cells.into_iter().collect_view()}
        </tr>
    }
}
