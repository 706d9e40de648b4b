//! Asks before an invitation is withdrawn.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::ButtonLink;
use crate::app::components::button::{Button, Look, Size};
use crate::app::components::dialog::{Dialog, DialogFoot};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::member_links;
use crate::app::submitted::Filled;
use crate::domain::members::InvitationRow;
use leptos::prelude::*;

#[component]
pub fn WithdrawDialog(invitation: InvitationRow, workgroup: String) -> impl IntoView {
    let back = member_links::list(&workgroup);
    let filled = Filled::of_action("withdraw");
    view! {
        <Dialog title="Withdraw the invitation?" back=back.clone()>
            <PostForm action=back.clone()>
                <Hidden name="action" value="withdraw" />
                <Hidden name="id" value=invitation.id />
                {filled
                    .refusal()
                    .map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal=refusal /></div> })}
                <p class="mt-2 wrap-anywhere text-ink-2">
                    "The link that was sent to "
                    <bdi class="font-medium text-ink">{invitation.email}</bdi>
                    " stops working at once. They can be invited again."
                </p>
                <DialogFoot>
                    <ButtonLink href=back size=Size::Normal>
                        "Keep invitation"
                    </ButtonLink>
                    <Button look=Look::Danger working="Withdrawing\u{2026}">
                        "Withdraw invitation"
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
}
