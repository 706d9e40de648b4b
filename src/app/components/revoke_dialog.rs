//! Asks before a token is revoked: what stops, what was used in the last day, and the milder way out.

use super::banner::ErrorSummary;
use super::button::{Button, LINK, Look, Size, class};
use super::dialog::{Dialog, DialogFoot};
use super::form::{Hidden, PostForm};
use super::token_links::{self, Asking};
use super::used_lately::UsedLately;
use crate::app::submitted::Filled;
use crate::domain::answers::{MadeToken, TokenPage};
use crate::domain::time::MINUTE;
use leptos::prelude::*;

#[component]
pub fn RevokeDialog(page: TokenPage) -> impl IntoView {
    let TokenPage { workgroup, token, permissions, made, reissue_barred, now, .. } = page;
    let filled = Filled::of_action("revoke");
    let back = token_links::page(&workgroup.slug, &token.id);
    let reissue = token_links::dialog(&workgroup.slug, &token.id, Asking::Reissue);
    let busy = token.last_used_at().is_some_and(|at| at >= now - 10 * MINUTE);
    let milder = reissue_barred.is_none().then(|| {
        view! {
            " To move to a new string without a break, "
            <a href=reissue class=LINK>
                "reissue it instead"
            </a>
            "."
        }
    });
    view! {
        <Dialog title=format!("Revoke the token of {}?", token.title()) back=back.clone()>
            <PostForm action=back.clone()>
                <Hidden name="action" value="revoke" />
                {filled
                    .refusal()
                    .map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal=refusal /></div> })}
                <p class="mt-2 wrap-anywhere text-ink-2">
                    {token.what_stops(now)} ": "
                    <strong class="font-medium text-ink">
                        <bdi>{token.owner.clone()}</bdi> " " {token.what_is_lost(&permissions)}
                    </strong>
                    {busy.then_some(" It is in use right now.")}
                </p>
                <UsedLately token=token now=now />
                <MadeByIt made=made ticked=filled.ticked("also", "on", false) />
                <p class="mt-4 text-sm text-ink-2">
                    "Revoking is final: no edit, reissue or renewal afterwards." {milder}
                </p>
                <DialogFoot>
                    <a
                        href=back
                        autofocus
                        class=class(Look::Secondary, Size::Normal, "")
                    >
                        "Keep token"
                    </a>
                    <Button look=Look::Danger working="Revoking\u{2026}">
                        "Revoke token"
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    }
}

/// Tokens that this one made outlive it unless they are revoked along with it.
#[component]
fn MadeByIt(made: Vec<MadeToken>, ticked: bool) -> impl IntoView {
    let count = made.len();
    (count > 0).then(|| {
        let label = if count == 1 {
            "Also revoke the token that it made".to_owned()
        } else {
            format!("Also revoke the {count} tokens that it made")
        };
        let rows = made.into_iter().map(|token| {
            view! {
                <li class="flex flex-wrap gap-x-2">
                    <bdi class="wrap-anywhere">{token.title}</bdi>
                    <code class="font-mono">{token.hint}</code>
                </li>
            }
        });
        view! {
            <div class="mt-4">
                <label class="flex items-start gap-2.5">
                    <input
                        type="checkbox"
                        name="also"
                        value="on"
                        checked=ticked
                        class="mt-0.5"
                        aria-describedby="made-by-it"
                    />
                    {label}
                </label>
                <ul id="made-by-it" class="mt-1 max-h-40 overflow-y-auto pl-6.5 text-sm text-ink-3">
                    {rows.collect_view()}
                </ul>
            </div>
        }
    })
}
