//! Asks before a device group is removed, or says what is still bound to it and what to do.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look};
use crate::app::components::dialog::{Dialog, DialogFoot};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::group_links;
use crate::app::submitted::Filled;
use crate::domain::device_groups::{GroupFacts, GroupPage};
use crate::domain::usage::counted;
use leptos::prelude::*;

#[component]
pub fn Removal(page: GroupPage) -> impl IntoView {
    let group = page.group;
    let back = group_links::page(&page.workgroup.slug, &group.id);
    let title = format!("Remove the device group {}?", group.name);
    let refusal = Filled::of_action("remove").refusal();
    let refused = refusal.map(|refusal| {
        view! { <div class="mt-4"><ErrorSummary refusal=refusal /></div> }
    });
    if group.is_bound() {
        return view! {
            <Dialog title=title back=back.clone()>
                // A refused post has just said the same, by name.
                {refused.is_none().then(|| view! { <StillBound group=group /> })} {refused}
                <DialogFoot>
                    <ButtonLink href=back>"Back to the group"</ButtonLink>
                </DialogFoot>
            </Dialog>
        }
        .into_any();
    }
    view! {
        <Dialog title=title back=back.clone()>
            <PostForm action=back.clone()>
                <Hidden name="action" value="remove" />
                {refused}
                <p class="mt-2 text-ink-2">
                    "Nothing is bound to it, so nobody gains or loses a device. Its "
                    {counted(group.devices, "device")} " stay."
                </p>
                <p class="mt-4 text-sm text-ink-2">
                    "The group cannot be brought back; it can be made again."
                </p>
                <DialogFoot>
                    <ButtonLink href=back>"Keep device group"</ButtonLink>
                    <Button look=Look::Danger working="Removing\u{2026}">
                        "Remove device group"
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
    .into_any()
}

/// Each sort of thing that refers to the group, with how it leaves it.
#[component]
fn StillBound(group: GroupFacts) -> impl IntoView {
    let all = [
        (
            group.tokens,
            "token",
            "Revoke them first; a revoked or expired token leaves after four weeks.",
        ),
        (group.revoked, "revoked token", "They leave Latchkey four weeks after their end."),
        (group.members, "member", "Bind them to another group, or remove them."),
        (
            group.invitations,
            "pending invitation",
            "Withdraw them, or wait until they are accepted.",
        ),
    ];
    let rows = all.into_iter().filter(|(count, ..)| *count > 0).map(|(count, noun, what)| {
        view! {
            <li>
                <span class="font-medium text-ink">{counted(count, noun)}</span>
                ". "
                {what}
            </li>
        }
    });
    view! {
        <p class="mt-2 text-ink-2">"It cannot be removed while something is bound to it:"</p>
        <ul class="mt-2 grid list-disc gap-1 pl-5 text-ink-2">{rows.collect_view()}</ul>
    }
}
