//! Asks how a token is reissued: what the new string will be, and what happens to the older ones.

use super::banner::ErrorSummary;
use super::button::{Button, Look, Size, class};
use super::dialog::{Dialog, DialogFoot};
use super::form::{Hidden, PostForm};
use super::tiles::{Choice, Tiles};
use super::time::{Ago, Exact};
use super::token_links;
use super::used_lately::UsedLately;
use crate::app::submitted::Filled;
use crate::domain::answers::TokenPage;
use crate::domain::time::Time;
use crate::domain::token::{Older, Token};
use leptos::either::Either;
use leptos::prelude::*;

/// Shows nothing to a person who cannot reissue it: the page says why.
#[component]
pub fn ReissueDialog(page: TokenPage) -> impl IntoView {
    if page.reissue_barred.is_some() {
        return None;
    }
    let TokenPage { workgroup, token, next_end, shortened, idempotency_key, now, .. } = page;
    let filled = Filled::of_action("reissue");
    let back = token_links::page(&workgroup.slug, &token.id);
    let key = filled.value("idempotency_key", &idempotency_key);
    let older = filled.value("older", token.usual_older(now).code());
    Some(view! {
        <Dialog title=format!("Reissue the token of {}?", token.title()) back=back.clone()>
            <PostForm action=back.clone()>
                <Hidden name="action" value="reissue" />
                <Hidden name="idempotency_key" value=key />
                {filled
                    .refusal()
                    .map(|refusal| view! { <div class="mt-4"><ErrorSummary refusal=refusal /></div> })}
                <p class="mt-2 text-ink-2">
                    "It gets a new string with the same permissions, shown once. "
                    <NewEnd end=next_end now=now />
                    {shortened.map(|why| format!(" {why}"))}
                </p>
                <div class="mt-5">
                    <Tiles
                        legend="Older strings"
                        name="older"
                        choices=choices(&token, now)
                        value=older
                        error=filled.error("older")
                        columns="grid-cols-1 md:grid-cols-2"
                    />
                </div>
                <UsedLately token=token now=now />
                <DialogFoot>
                    <a href=back class=class(Look::Secondary, Size::Normal, "")>
                        "Keep as it is"
                    </a>
                    <Button look=Look::Primary working="Reissuing\u{2026}">
                        "Reissue token"
                    </Button>
                </DialogFoot>
            </PostForm>
        </Dialog>
    })
}

#[component]
fn NewEnd(end: Option<Time>, now: Time) -> impl IntoView {
    match end {
        None => Either::Left(view! {
            "It "
            <strong class="font-medium text-ink">"does not expire"</strong>
            "."
        }),
        Some(end) => Either::Right(view! {
            "It expires "
            <strong class="font-medium text-ink">
                <Ago at=end now=now />
            </strong>
            " ("
            <Exact at=end />
            ")."
        }),
    }
}

fn choices(token: &Token, now: Time) -> Vec<Choice> {
    let choice = |older: Older| Choice {
        value: older.code().to_owned(),
        label: older.label().to_owned(),
        detail: token.outcome_of(older, now),
        off: older != Older::EndNow && token.is_full(now),
    };
    Older::ALL.map(choice).into()
}
