//! Asks before one live string is retired: who still uses it, and when it would end by itself.

use super::banner::ErrorSummary;
use super::button::{Button, Look, Size, class};
use super::dialog::{Dialog, DialogFoot};
use super::form::{Hidden, PostForm};
use super::time::{Ago, Exact};
use super::token_links;
use crate::app::submitted::Filled;
use crate::domain::answers::TokenPage;
use crate::domain::time::Time;
use crate::domain::token::{NumberedString, Token};
use crate::domain::usage::counted;
use leptos::either::Either;
use leptos::prelude::*;

/// Shows nothing for a string that cannot be retired: the newest, or one that has ended.
#[component]
pub fn RetireDialog(page: TokenPage, number: i64) -> impl IntoView {
    let TokenPage { workgroup, token, now, .. } = page;
    let newest = token.newest().map(|newest| newest.number);
    let string = token.live_strings(now).find(|it| it.number == number && newest != Some(number));
    let string = string.cloned()?;
    let filled = Filled::of_action("retire");
    let back = token_links::page(&workgroup.slug, &token.id);
    let ends = string.ends_at().map(|end| {
        view! { " If it is left alone it ends by itself on " <Exact at=end /> "." }
    });
    let dialog = view! {
        <Dialog title=format!("Retire string #{number}?") back=back.clone()>
            <PostForm action=back.clone()>
                <Hidden name="action" value="retire" />
                <Hidden name="number" value=number.to_string() />
                {filled
                    .refusal()
                    .map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal=refusal /></div> })}
                <p class="mt-2 wrap-anywhere text-ink-2">
                    <code class="font-mono text-sm text-ink">{string.hint.clone()}</code>
                    " stops on its next request. The other strings of "
                    <bdi class="font-medium text-ink">{token.title()}</bdi> " stay as they are."
                </p>
                <p class="mt-3 text-ink-2">
                    <LastUse string=string token=token now=now /> {ends}
                </p>
                <DialogFoot>
                    <a
                        href=back
                        autofocus
                        class=class(Look::Secondary, Size::Normal, "")
                    >
                        "Keep string"
                    </a>
                    <Button look=Look::Danger working="Retiring\u{2026}">
                        "Retire"
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    };
    Some(dialog)
}

#[component]
fn LastUse(string: NumberedString, token: Token, now: Time) -> impl IntoView {
    let Some(last) = string.last_used_at else {
        return Either::Left("It has never been used.");
    };
    let calls = token.calls_since_yesterday(string.number, now);
    let from = string.last_used_from.map(|from| view! { " from " <bdi>{from}</bdi> });
    Either::Right(view! {
        <strong class="font-medium text-ink">"It was last used " <Ago at=last now=now /> {from}</strong>
        {(calls > 0).then(|| format!(", with {} since yesterday", counted(calls, "call")))} "."
    })
}
