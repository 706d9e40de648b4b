//! Asks before a permission is retired, restored or deleted.

use super::PERMISSIONS;
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, Look, Size, class};
use crate::app::components::dialog::{Dialog, DialogFoot};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::submitted::Filled;
use crate::domain::administration::CatalogueEntry;
use leptos::prelude::*;

/// What is asked about a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermissionAsks {
    Retire,
    Restore,
    Delete,
}

impl PermissionAsks {
    /// As addresses and forms call it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            PermissionAsks::Retire => "retire",
            PermissionAsks::Restore => "restore",
            PermissionAsks::Delete => "delete",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<PermissionAsks> {
        let all = [PermissionAsks::Retire, PermissionAsks::Restore, PermissionAsks::Delete];
        all.into_iter().find(|asks| asks.code() == code)
    }

    /// The verb, the verb while it is done, and what follows.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            PermissionAsks::Retire => (
                "Retire",
                "Retiring…",
                "Nobody is given it anew from now on, neither members nor tokens. Whoever has it keeps it, and old tokens that have it can still be reissued. It can be restored.",
            ),
            PermissionAsks::Restore => {
                ("Restore", "Restoring…", "It can be granted again, in every workgroup.")
            }
            PermissionAsks::Delete => (
                "Delete",
                "Deleting…",
                "It leaves the catalogue for good. That is possible only while nobody holds it: no token in any state, no member, no invitation.",
            ),
        }
    }
}

#[component]
pub fn PermissionDialog(entry: CatalogueEntry, asks: PermissionAsks) -> impl IntoView {
    let CatalogueEntry { permission, holders, .. } = entry;
    let refusal = Filled::of_action(asks.code()).refusal();
    let (verb, working, consequence) = asks.words();
    let look = if asks == PermissionAsks::Restore { Look::Primary } else { Look::Danger };
    view! {
        <Dialog title=format!("{verb} {}?", permission.label) back=PERMISSIONS>
            <PostForm>
                <Hidden name="action" value=asks.code() />
                <Hidden name="name" value=permission.name.clone() />
                {refusal.map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal /></div> })}
                <p class="mt-2 text-ink-2">
                    <code class="font-mono text-sm text-ink">{permission.name}</code> " is held by "
                    <strong class="font-medium text-ink">{holders.words()}</strong> ". " {consequence}
                </p>
                <DialogFoot>
                    <a
                        href=PERMISSIONS
                        autofocus
                        class=class(Look::Secondary, Size::Normal, "")
                    >
                        "Keep as it is"
                    </a>
                    <Button look working>
                        {verb}
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
}
