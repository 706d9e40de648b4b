//! A workgroup's name and policy as an administrator edits them, without a look inside.

use super::{Back, WORKGROUPS};
use crate::app::layout::{Answer, Page, Section};
use crate::app::pages::policy::PolicyForm;
use crate::domain::administration::PolicyPage;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn EditWorkgroup() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("slug").unwrap_or_default());
    let page = Resource::new(move || slug.get(), rpc::administration::read_workgroup);
    view! {
        <Title text="Edit workgroup" />
        <Page section=Section::Administration>
            <Back href=WORKGROUPS>"Workgroups"</Back>
            <Answer of=page show=|page| view! { <View page /> } />
        </Page>
    }
}

#[component]
fn View(page: PolicyPage) -> impl IntoView {
    let name = page.workgroup.name.clone();
    view! {
        <div class="max-w-[46rem]">
            <h1 class="text-xl font-semibold">
                "Edit " <bdi class="wrap-anywhere">{name}</bdi>
            </h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                "Its owners see who changed what in their Activity, and can change it back."
            </p>
            <PolicyForm page back=WORKGROUPS />
        </div>
    }
}
