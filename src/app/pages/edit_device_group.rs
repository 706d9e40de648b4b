//! The edit form of a device group, in two steps: what the change would open and close, then saving it.

mod review;

use crate::app::components::banner::{Banner, ErrorSummary, Tone};
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::group_links;
use crate::app::components::group_parts::BackToGroups;
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::pages::new_device_group::fields::{GroupFields, LABELS};
use crate::app::submitted::{Filled, Question};
use crate::domain::device_groups::{GroupFacts, GroupForm};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::usage::counted;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use review::Review;

#[component]
pub fn EditDeviceGroup() -> impl IntoView {
    let workgroup = use_workgroup();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let form = Resource::new(
        move || (workgroup.get(), id.get()),
        |(workgroup, id)| rpc::groups::read_device_group_form(workgroup, Some(id)),
    );
    view! {
        <Title text="Edit device group" />
        <Page section=Section::DeviceGroups>
            <BackToGroups workgroup=workgroup />
            <Answer of=form show=|form| view! { <EditGroupView form=form /> } />
        </Page>
    }
}

#[component]
fn EditGroupView(form: GroupForm) -> impl IntoView {
    let group = form.group.clone()?;
    let concerned = group.tokens + group.members;
    let lead = match concerned {
        0 => "Nothing is bound to it at present.".to_owned(),
        _ => format!(
            "{} and {} are bound to it. What you change counts for them at once, so it is shown before it is saved.",
            counted(group.tokens, "token"),
            counted(group.members, "member")
        ),
    };
    Some(view! {
        <div class="max-w-[46rem]">
            <h1 class="text-xl font-semibold wrap-anywhere">"Edit " <bdi>{group.name.clone()}</bdi></h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">{lead}</p>
            <EditForm form=form group=group />
        </div>
    })
}

#[component]
fn EditForm(form: GroupForm, group: GroupFacts) -> impl IntoView {
    let filled = Filled::here();
    let back = group_links::page(&form.workgroup.slug, &group.id);
    let conflict = filled.refusal().is_some_and(|refusal| refusal.code == Code::Conflict);
    // What was typed was typed over the version that was seen; a conflict has just shown the newer one.
    let now = group.version.to_string();
    let version = if conflict { now } else { filled.value("version", &now) };
    let effect = filled.question().map(|Question::GroupEdit(effect)| effect);
    let again = effect.is_some();
    let complaint =
        filled.refusal().map(|refusal| view! { <Complaint refusal=refusal group=group /> });
    let kept = back.clone();
    let foot = if again {
        view! {
            <Button name="review" value="1">
                "Review again"
            </Button>
        }
        .into_any()
    } else {
        view! {
            <Button look=Look::Primary working="Reviewing\u{2026}">
                "Review the change"
            </Button>
            <ButtonLink href=back>"Keep as it is"</ButtonLink>
        }
        .into_any()
    };
    view! {
        {complaint}
        <PostForm class="grid gap-9">
            <Hidden name="version" value=version />
            {effect.map(|effect| view! { <Review effect=effect back=kept /> })}
            <GroupFields form=form filled=filled />
            <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">{foot}</div>
        </PostForm>
    }
}

/// Why the post was refused; after a change by somebody else, what stands there now.
#[component]
fn Complaint(refusal: Refusal, group: GroupFacts) -> impl IntoView {
    if refusal.code != Code::Conflict {
        return view! { <ErrorSummary refusal=refusal labels=LABELS /> }.into_any();
    }
    view! {
        <div role="alert" tabindex="-1" autofocus class="mb-7 rounded">
            <Banner tone=Tone::Warning lead="Changed in between.">
                {refusal.detail}
                <p class="mt-1 wrap-anywhere">
                    "It is now called " <q>
                        <bdi>{group.name}</bdi>
                    </q> " and holds " {counted(group.devices, "device")} ": "
                    <bdi>{group.rule.in_words()}</bdi> ". What you typed is kept below."
                </p>
            </Banner>
        </div>
    }
    .into_any()
}
