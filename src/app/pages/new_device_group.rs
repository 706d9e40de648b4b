//! The form for a new device group.

pub mod fields;

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::empty::Empty;
use crate::app::components::form::PostForm;
use crate::app::components::group_links;
use crate::app::components::group_parts::BackToGroups;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Filled;
use crate::domain::device_groups::{GroupForm, GroupQuery};
use crate::rpc;
use fields::{GroupFields, LABELS};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NewDeviceGroup() -> impl IntoView {
    let workgroup = use_workgroup();
    let form = Resource::new(
        move || workgroup.get(),
        |workgroup| rpc::groups::read_device_group_form(workgroup, None),
    );
    view! {
        <Title text="New device group" />
        <Page section=Section::DeviceGroups>
            <BackToGroups workgroup=workgroup />
            <Answer of=form show=|form| view! { <NewGroupView form=form /> } />
        </Page>
    }
}

#[component]
fn NewGroupView(form: GroupForm) -> impl IntoView {
    let slug = form.workgroup.slug.clone();
    let body = if form.devices == 0 {
        view! {
            <Empty title="There is no device yet">
                <p class="mt-2 mb-6 text-md text-ink-2">
                    "A group that holds nothing would bind to nothing. Register a device first."
                </p>
                <ButtonLink href=group_links::devices(&slug) look=Look::Primary>
                    "To the devices"
                </ButtonLink>
            </Empty>
        }
        .into_any()
    } else {
        view! { <NewGroupForm form=form /> }.into_any()
    };
    view! {
        <div class="max-w-[46rem]">
            <h1 class="text-xl font-semibold">"New device group"</h1>
            {body}
        </div>
    }
}

#[component]
fn NewGroupForm(form: GroupForm) -> impl IntoView {
    let filled = Filled::here();
    let back = group_links::list(&form.workgroup.slug, &GroupQuery::default());
    view! {
        <p class="mt-1.5 mb-7 text-md text-ink-2">
            "Tokens and members can be bound to it. Whoever is bound reaches these devices alone."
        </p>
        {filled
            .refusal()
            .map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
        <PostForm class="grid gap-9">
            <GroupFields form=form filled=filled />
            <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">
                <Button look=Look::Primary working="Making\u{2026}">
                    "Make device group"
                </Button>
                <ButtonLink href=back>"Make none"</ButtonLink>
            </div>
        </PostForm>
    }
}
