//! The form that invites somebody: an address and the rights that are offered.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::field::Field;
use crate::app::components::form::PostForm;
use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::member_links;
use crate::app::components::rights_fields::{LABELS, RightsFields};
use crate::app::layout::{Answer, Page, Section, use_workgroup};
use crate::app::submitted::Filled;
use crate::domain::members::{HeldRights, InviteMemberPage};
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn InviteMember() -> impl IntoView {
    let workgroup = use_workgroup();
    let page = Resource::new(move || workgroup.get(), rpc::members::read_invite_member);
    view! {
        <Title text="Invite member" />
        <Page section=Section::Members>
            <BackLink />
            <Answer of=page show=|page| view! { <InviteForm page=page /> } />
        </Page>
    }
}

/// Above the title: back to the list.
#[component]
pub fn BackLink() -> impl IntoView {
    let workgroup = use_workgroup();
    view! {
        <a
            href=move || member_links::list(&workgroup.get())
            class="-ml-1 mb-2 inline-flex items-center gap-1 rounded text-sm text-ink-3 hover:text-ink"
        >
            <Glyph icon=Icon::Back class="size-3.5 shrink-0" />
            "Members"
        </a>
    }
}

#[component]
fn InviteForm(page: InviteMemberPage) -> impl IntoView {
    let filled = Filled::here();
    let InviteMemberPage { workgroup, choices } = page;
    // Whoever is bound can only bind to their own group.
    let group = choices.groups.first().cloned().filter(|_| !choices.whole_workgroup);
    let start = HeldRights { group, ..HeldRights::default() };
    view! {
        <div class="max-w-[46rem]">
            <h1 class="text-xl font-semibold">"Invite member"</h1>
            <p class="mt-1.5 mb-7 text-md text-ink-2">
                "They get a letter with a link that works once, for seven days. Until they accept, nothing can be done with it here but send it again or withdraw it."
            </p>
            {filled
                .refusal()
                .map(|refusal| view! { <ErrorSummary refusal=refusal labels=LABELS /> })}
            <PostForm class="grid gap-9">
                <Field
                    label="Email address"
                    name="email"
                    kind="email"
                    required=true
                    max=254
                    help="They sign in with it; whoever has an account uses that one."
                    value=filled.value("email", "")
                    error=filled.error("email")
                />
                <RightsFields choices=choices start=start filled=filled />
                <div class="flex gap-2 border-t border-line pt-6 max-md:flex-col">
                    <Button look=Look::Primary working="Inviting\u{2026}">
                        "Send invitation"
                    </Button>
                    <ButtonLink href=member_links::list(&workgroup.slug)>"Do not invite"</ButtonLink>
                </div>
            </PostForm>
        </div>
    }
}
