//! Asks before a member is removed, or leaves: what they lose, and which tokens live on.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, ButtonLink, Look, Size};
use crate::app::components::dialog::{Dialog, DialogFoot};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::member_links;
use crate::app::submitted::Filled;
use crate::domain::answers::MadeToken;
use crate::domain::members::MemberPage;
use leptos::prelude::*;

#[component]
pub fn RemoveDialog(page: MemberPage) -> impl IntoView {
    let MemberPage { workgroup, member, issued, issued_count, .. } = page;
    let filled = Filled::of_action("remove");
    let back = member_links::page(&workgroup.slug, &member.user_id);
    let (title, loses, keep, verb) = if member.you {
        (
            format!("Leave {}?", workgroup.name),
            "You will lose access at once.".to_owned(),
            "Stay",
            "Leave workgroup",
        )
    } else {
        (
            format!("Remove {} from {}?", member.name, workgroup.name),
            "They lose access at once, in every browser. Invitations that they sent stop working."
                .to_owned(),
            "Keep member",
            "Remove member",
        )
    };
    view! {
        <Dialog title=title back=back.clone()>
            <PostForm action=back.clone()>
                <Hidden name="action" value="remove" />
                {filled
                    .refusal()
                    .map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal=refusal /></div> })}
                <p class="mt-2 wrap-anywhere text-ink-2">
                    <strong class="font-medium text-ink">{loses}</strong>
                </p>
                <LiveOn issued=issued count=issued_count you=member.you />
                <DialogFoot>
                    <ButtonLink href=back size=Size::Normal>
                        {keep}
                    </ButtonLink>
                    <Button look=Look::Danger working="Removing\u{2026}">
                        {verb}
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
}

/// The tokens belong to the workgroup.
#[component]
fn LiveOn(issued: Vec<MadeToken>, count: i64, you: bool) -> impl IntoView {
    let who = if you { "you" } else { "they" };
    let words = match count {
        0 => "No token depends on it.".to_owned(),
        1 => format!("The token that {who} issued lives on:"),
        count => format!("The {count} tokens that {who} issued live on:"),
    };
    let more = count - i64::try_from(issued.len()).unwrap_or(0);
    let rows = issued.into_iter().map(|token| {
        view! {
            <li class="flex flex-wrap gap-x-2">
                <bdi class="wrap-anywhere">{token.title}</bdi>
                <code class="font-mono">{token.hint}</code>
            </li>
        }
    });
    view! {
        <p class="mt-3 text-ink-2">{words}</p>
        <ul class="mt-1 max-h-40 overflow-y-auto text-sm text-ink-3">
            {rows.collect_view()} {(more > 0).then(|| view! { <li>{format!("and {more} more")}</li> })}
        </ul>
    }
}
