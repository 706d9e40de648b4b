//! What can be done with a token from its row: the usual thing as a button, the rest in a menu, the grave one last.

use super::button::{ButtonLink, Look, Size};
use super::icon::Icon;
use super::menu::{Menu, MenuLine, MenuLink};
use super::token_links::{self, Asking};
use crate::domain::status::TokenStatus;
use crate::domain::token::{Kind, Token};
use leptos::prelude::*;

/// The hover wash of the row reaches past its right edge.
const AFTER: &str = "md:relative md:after:absolute md:after:inset-y-0 md:after:-right-3 md:after:w-3 \
                     md:after:transition-colors md:group-hover/row:after:bg-hover";
#[component]
pub fn RowActions(token: Token, status: TokenStatus, workgroup: String) -> impl IntoView {
    let title = token.title();
    let (legacy, revoked) = (token.kind == Kind::Legacy, status == TokenStatus::Revoked);
    let like = token_links::like(&workgroup, &token.id);
    let direct = match (revoked, legacy) {
        (true, _) => None,
        (false, true) => Some(("Replace", like.clone())),
        (false, false) => Some(("Edit", token_links::edit(&workgroup, &token.id))),
    };
    let direct = direct.map(|(verb, href)| {
        view! {
            <ButtonLink href=href look=Look::Quiet size=Size::Row aria_label=format!("{verb} {title}")>
                {verb}
            </ButtonLink>
        }
    });
    let dialog = |asking| token_links::dialog(&workgroup, &token.id, asking);
    let (reissue, revoke) = (dialog(Asking::Reissue), dialog(Asking::Revoke));
    view! {
        <td
            role="cell"
            class=format!("max-md:absolute max-md:top-2.5 max-md:right-2 md:py-1.5 xl:align-middle {AFTER}")
        >
            <div class="flex items-center justify-end gap-0.5">
                {direct}
                <Menu name=format!("More for {title}")>
                    <MenuLink href=like icon=Icon::Duplicate>
                        {if legacy { "Replace" } else { "Duplicate" }}
                    </MenuLink>
                    {(!revoked && !legacy)
                        .then(|| {
                            view! {
                                <MenuLink href=reissue icon=Icon::Reissue>
                                    "Reissue token"
                                </MenuLink>
                            }
                        })}
                    {(!revoked)
                        .then(|| {
                            view! {
                                <MenuLine />
                                <MenuLink href=revoke icon=Icon::Ban grave=true>
                                    "Revoke token"
                                </MenuLink>
                            }
                        })}
                </Menu>
            </div>
        </td>
    }
}
