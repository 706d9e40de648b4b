//! Asks before the route policies of a workgroup are removed: without them it is the proxy that says what a path needs.

use super::address;
use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::{Button, Look, Size, class};
use crate::app::components::dialog::{Dialog, DialogFoot};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::submitted::Filled;
use crate::domain::routes::RoutesPage;
use leptos::prelude::*;

#[component]
pub fn RemoveDialog(page: RoutesPage) -> impl IntoView {
    let filled = Filled::of_action("remove");
    let back = address(&page.workgroup.slug);
    view! {
        <Dialog title="Remove the route policies?" back=back.clone()>
            <PostForm action=format!("{back}?dialog=remove")>
                <Hidden name="action" value="remove" />
                <Hidden name="version" value=page.written.version.to_string() />
                {filled
                    .refusal()
                    .map(|refusal| {
                        view! {
                            <div class="mt-4">
                                <ErrorSummary refusal=refusal />
                            </div>
                        }
                    })}
                <p class="mt-2 text-ink-2">
                    "A proxy that names the workgroup alone then lets every live token of "
                    <bdi class="font-medium text-ink">{page.workgroup.name}</bdi>
                    " through, on every path. Give its call the parameters that each path needs first. The text is gone afterwards; copy it if you may want it back."
                </p>
                <DialogFoot>
                    <a href=back autofocus class=class(Look::Secondary, Size::Normal, "")>
                        "Keep them"
                    </a>
                    <Button look=Look::Danger working="Removing\u{2026}">
                        "Remove"
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
}
