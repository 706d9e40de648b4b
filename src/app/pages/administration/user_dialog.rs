//! Asks before a user is kept out or let in again, and before somebody administers the installation or no longer does.

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, Look, Size, class};
use crate::app::components::dialog::{Dialog, DialogFoot};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::submitted::Filled;
use crate::domain::administration::UserRow;
use leptos::prelude::*;

/// What is asked about a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserAsks {
    Disable,
    Enable,
    Make,
    Unmake,
}

impl UserAsks {
    /// As addresses and forms call it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            UserAsks::Disable => "disable",
            UserAsks::Enable => "enable",
            UserAsks::Make => "make-administrator",
            UserAsks::Unmake => "unmake-administrator",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<UserAsks> {
        let all = [UserAsks::Disable, UserAsks::Enable, UserAsks::Make, UserAsks::Unmake];
        all.into_iter().find(|asks| asks.code() == code)
    }

    fn title(self, name: &str) -> String {
        match self {
            UserAsks::Disable => format!("Disable {name}?"),
            UserAsks::Enable => format!("Enable {name}?"),
            UserAsks::Make => format!("Make {name} an administrator?"),
            UserAsks::Unmake => format!("Take administration back from {name}?"),
        }
    }

    fn consequence(self) -> &'static str {
        match self {
            UserAsks::Disable => {
                "They are signed out everywhere at once and cannot sign in again. Tokens that they made live on: they belong to the workgroups. Their memberships stay as they are, for the day they are enabled again."
            }
            UserAsks::Enable => {
                "They can sign in again with the password that they had, and are what they were in their workgroups."
            }
            UserAsks::Make => {
                "They will make and disable users, found workgroups and edit their policies, change the permission catalogue, and can make themselves an owner of any workgroup."
            }
            UserAsks::Unmake => {
                "They keep what they are in their workgroups, and see nothing of the administration any more."
            }
        }
    }

    /// The safe way, the verb, and the verb while it is done.
    fn buttons(self) -> (&'static str, &'static str, &'static str) {
        match self {
            UserAsks::Disable => ("Keep enabled", "Disable", "Disabling…"),
            UserAsks::Enable => ("Keep disabled", "Enable", "Enabling…"),
            UserAsks::Make => ("Keep as it is", "Make administrator", "Making…"),
            UserAsks::Unmake => ("Keep as it is", "Take administration back", "Taking back…"),
        }
    }
}

#[component]
pub fn UserDialog(row: UserRow, asks: UserAsks, back: String) -> impl IntoView {
    let refusal = Filled::of_action(asks.code()).refusal();
    let (keep, verb, working) = asks.buttons();
    let look = if asks == UserAsks::Enable { Look::Primary } else { Look::Danger };
    view! {
        <Dialog title=asks.title(&row.user.name) back=back.clone()>
            <PostForm>
                <Hidden name="action" value=asks.code() />
                <Hidden name="id" value=row.user.id />
                {refusal.map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal /></div> })}
                <p class="mt-2 text-ink-2">
                    <bdi class="font-medium wrap-anywhere text-ink">{row.user.email}</bdi> ". "
                    {asks.consequence()}
                </p>
                <DialogFoot>
                    <a href=back autofocus class=class(Look::Secondary, Size::Normal, "")>
                        {keep}
                    </a>
                    <Button look working>
                        {verb}
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
}
