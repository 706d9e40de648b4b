//! Invitations as a table: to whom, by whom, what is offered, and until when the link works.

use super::rows::{CELL, FACE, FIRST, Head, LAST, ROW, TABLE};
use crate::app::components::button::{Button, Look, Size};
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::icon::{Glyph, Icon};
use crate::app::components::member_links;
use crate::app::components::menu::{Menu, MenuLink};
use crate::app::components::rights_fields::{RightsChips, RightsGroup};
use crate::app::components::time::Day;
use crate::domain::members::InvitationRow;
use crate::domain::time::Time;
use leptos::either::Either;
use leptos::prelude::*;

/// Nothing while nobody is invited.
#[component]
pub fn InvitationTable(
    invitations: Vec<InvitationRow>,
    workgroup: String,
    now: Time,
) -> impl IntoView {
    (!invitations.is_empty()).then(|| {
        let rows = invitations
            .into_iter()
            .map(|it| view! { <Invited invitation=it workgroup=workgroup.clone() now=now /> })
            .collect_view();
        view! {
            <section aria-labelledby="invited" class="mt-10">
                <h2 id="invited" class="mb-2 font-semibold">
                    "Invited"
                </h2>
                <table role="table" class=TABLE>
                    <caption class="sr-only">"Invitations that nobody has accepted yet"</caption>
                    <Head columns=["Address", "Will", "Device group", "Link"] />
                    <tbody
                        role="rowgroup"
                        class="max-md:block max-md:border-t max-md:border-line"
                    >
                        {rows}
                    </tbody>
                </table>
            </section>
        }
    })
}

#[component]
fn Invited(invitation: InvitationRow, workgroup: String, now: Time) -> impl IntoView {
    let InvitationRow { id, email, rights, invited_by, expires_at, problem } = invitation;
    let expired = expires_at <= now;
    let role = if rights.owner { "be an owner" } else { "be a member" };
    let problem = problem.filter(|_| !expired);
    let until = if expired {
        Either::Left(view! { <span class="font-medium text-expired-ink">"Expired"</span> })
    } else {
        Either::Right(view! { "Works until " <Day at=expires_at /> })
    };
    view! {
        <tr role="row" data-testid="invitation-row" class=ROW>
            <Address email=email.clone() invited_by=invited_by />
            <td role="cell" class=CELL>
                <span class="block">{role}</span>
                <RightsChips rights=rights.clone() />
            </td>
            <td role="cell" class=CELL>
                <RightsGroup group=rights.group />
            </td>
            <td role="cell" class=format!("{CELL} text-ink-2")>
                <span class="block">{until}</span>
                {problem
                    .map(|why| {
                        view! { <span class="block text-sm text-expiring-ink">{why}</span> }
                    })}
            </td>
            <Actions id=id email=email workgroup=workgroup />
        </tr>
    }
}

#[component]
fn Address(email: String, invited_by: String) -> impl IntoView {
    view! {
        <th role="rowheader" scope="row" class=FIRST>
            <span class="flex items-start gap-3">
                <span
                    class=format!("{FACE} border border-dashed border-line-2 text-ink-3")
                    aria-hidden="true"
                >
                    <Glyph icon=Icon::Mail />
                </span>
                <span class="min-w-0">
                    <bdi class="block truncate font-medium" title=email.clone()>
                        {email.clone()}
                    </bdi>
                    <span class="block text-sm font-normal wrap-anywhere text-ink-3">
                        "Invited by " <bdi>{invited_by}</bdi>
                    </span>
                </span>
            </span>
        </th>
    }
}

#[component]
fn Actions(id: String, email: String, workgroup: String) -> impl IntoView {
    let withdraw = member_links::withdraw(&workgroup, &id);
    let again = format!("Send again to {email}");
    view! {
        <td role="cell" class=LAST>
            <div class="flex items-center justify-end gap-0.5">
                <PostForm action=member_links::list(&workgroup)>
                    <Hidden name="action" value="send-again" />
                    <Hidden name="id" value=id />
                    <Button
                        look=Look::Quiet
                        size=Size::Row
                        working="Sending\u{2026}"
                        aria_label=again
                    >
                        "Send again"
                    </Button>
                </PostForm>
                <Menu name=format!("More for {email}")>
                    <MenuLink href=withdraw icon=Icon::Ban grave=true>
                        "Withdraw invitation"
                    </MenuLink>
                </Menu>
            </div>
        </td>
    }
}
