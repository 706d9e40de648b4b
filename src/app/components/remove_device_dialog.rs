//! Asks before a device is removed: which tokens are revoked, which groups list it, and that nothing brings it back.

use super::banner::ErrorSummary;
use super::button::{Button, ButtonLink, Look, Size, class};
use super::device_links;
use super::dialog::{Dialog, DialogFoot};
use super::form::{Hidden, PostForm};
use crate::app::submitted::Filled;
use crate::domain::device_list::{DevicePage, TokenLine};
use crate::domain::status::TokenStatus;
use crate::domain::usage::counted;
use leptos::prelude::*;

#[component]
pub fn RemoveDeviceDialog(page: DevicePage) -> impl IntoView {
    let filled = Filled::of_action("remove");
    let device = page.kept.device;
    let back = device_links::page(&page.workgroup.slug, &device.id);
    let title = format!("Remove {}?", device.name);
    if !page.alone_in.is_empty() {
        return view! {
            <Dialog title=title back=back.clone()>
                <InTheWay groups=page.alone_in />
                <DialogFoot>
                    <ButtonLink href=back>"Keep the device"</ButtonLink>
                </DialogFoot>
            </Dialog>
        }
        .into_any();
    }
    let listed: Vec<_> = page.groups.into_iter().map(|group| group.name).collect();
    let groups = (!listed.is_empty()).then(|| {
        view! {
            <p class="mt-3 wrap-anywhere text-ink-2">
                "It leaves the device groups that hold it: " <bdi>{listed.join(", ")}</bdi> "."
            </p>
        }
    });
    let tokens = page.access.map(|access| access.own).unwrap_or_default();
    view! {
        <Dialog title=title back=back.clone()>
            <PostForm action=back.clone()>
                <Hidden name="action" value="remove" />
                {filled
                    .refusal()
                    .map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal=refusal /></div> })}
                <Stops standing=page.standing tokens=tokens />
                {groups}
                <p class="mt-3 text-sm text-ink-2">
                    "Removing is final. Its id, "
                    <code class="font-mono break-all">{device.external_id}</code>
                    ", is free afterwards; the record keeps what was done to it."
                </p>
                <DialogFoot>
                    <a href=back autofocus class=class(Look::Secondary, Size::Normal, "")>
                        "Keep the device"
                    </a>
                    <Button look=Look::Danger working="Removing\u{2026}">
                        "Remove device"
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
    .into_any()
}

/// Groups that list this device alone: removing it would leave them empty.
#[component]
fn InTheWay(groups: Vec<String>) -> impl IntoView {
    let names: Vec<_> = groups.iter().map(|name| format!("\u{201c}{name}\u{201d}")).collect();
    view! {
        <p class="mt-2 wrap-anywhere text-ink-2">
            "It cannot be removed yet: it is the only device that " <bdi>{names.join(", ")}</bdi>
            " lists, and a device group is never empty. List another device there first, or remove the group."
        </p>
    }
}

/// The tokens that stop, by name for whoever may see them.
#[component]
fn Stops(standing: i64, tokens: Vec<TokenLine>) -> impl IntoView {
    if standing == 0 {
        return view! {
            <p class="mt-2 text-ink-2">"It has no token of its own that could stop."</p>
        }
        .into_any();
    }
    let verb = if standing == 1 { "is" } else { "are" };
    let rows =
        tokens.into_iter().filter(|token| token.status != TokenStatus::Revoked).map(|token| {
            view! {
                <li class="flex flex-wrap gap-x-2">
                    <bdi class="wrap-anywhere">{token.title}</bdi>
                    <code class="font-mono text-ink-2">{token.hint}</code>
                </li>
            }
        });
    view! {
        <p class="mt-2 text-ink-2">
            <strong class="font-medium text-ink">
                {format!("{} of the device {verb} revoked", counted(standing, "token"))}
            </strong> ": every string stops at once."
        </p>
        <ul class="mt-2 max-h-40 overflow-y-auto text-sm">{rows.collect_view()}</ul>
    }
    .into_any()
}
