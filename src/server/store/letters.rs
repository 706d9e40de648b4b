//! Letters as pages tell of them: one of a workgroup, what it was about, what a token's address was told.

use super::tokens::{Row as TokenRow, columns, complete};
use super::{Lanes, on, statements};
use crate::domain::letter_page::{About, NoticeSent};
use crate::domain::notices_list::{Delivery, NoticeToken};
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::server::error::Result;

/// The columns that say how a letter was taken.
macro_rules! taken {
    () => {
        "o.due_at, o.attempts, o.last_answer, o.sent_at, o.undelivered_at, o.sent_again_at"
    };
}

statements! {
    FIND = concat!("select o.id, o.letter, o.token_id, o.recipient, o.created_at, o.subject, o.sent_text,
            o.sent_html is not null as has_html, ", taken!(), "
        from outbox o where o.workgroup_id = $1 and o.id = $2 and o.letter <> 'digest'");
    FIND_HTML = "select letter, sent_html from outbox where workgroup_id = $1 and id = $2 and letter <> 'digest'";
    LIST_ABOUT = "select t.id, t.owner, t.name, s.hint, n.stage, t.email
        from notices n join token_strings s on s.id = n.string_id join tokens t on t.id = n.token_id
        where n.outbox_id = $1 and t.workgroup_id = $2
        order by n.stage, t.owner, t.name, t.id";
    LIST_OF_TOKEN = concat!("select o.id, n.stage, s.number, n.address, n.claimed_at, n.settled_at, ", taken!(), "
        from notices n join token_strings s on s.id = n.string_id left join outbox o on o.id = n.outbox_id
        where n.token_id = $1 order by n.claimed_at desc, n.stage, s.number limit $2");
    FIND_ENDING = concat!("select ", columns!(), "
        where t.workgroup_id = $1 and t.revoked_at is null and t.expires_at > $2 and (t.can_renew or not $3)
        order by t.expires_at, t.id limit 1");
    FIND_REVOKED = concat!("select ", columns!(), "
        where t.workgroup_id = $1 and t.revoked_at is not null order by t.revoked_at desc, t.id limit 1");
}

#[derive(sqlx::FromRow)]
struct Taken {
    due_at: Option<i64>,
    attempts: Option<i64>,
    last_answer: Option<String>,
    sent_at: Option<i64>,
    undelivered_at: Option<i64>,
    sent_again_at: Option<i64>,
}

impl Taken {
    fn delivery(self) -> Option<Delivery> {
        let (attempts, again) = (self.attempts?, self.sent_again_at.is_some());
        let (due, answer) = (Time(self.due_at?), self.last_answer.unwrap_or_default());
        Some(match (self.sent_at, self.undelivered_at) {
            (Some(at), _) => Delivery::Sent { at: Time(at), answer },
            (None, Some(at)) => Delivery::Undelivered { at: Time(at), attempts, answer, again },
            (None, None) if answer.is_empty() => Delivery::Waiting { due },
            (None, None) => Delivery::Trying { next: due, attempts, answer },
        })
    }
}

/// A letter of a workgroup; digests are nobody's but their reader's.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: String,
    /// Which letter it is, as the store names it.
    pub letter: String,
    pub token_id: Option<String>,
    pub recipient: String,
    pub created_at: Time,
    pub subject: Option<String>,
    pub text: Option<String>,
    pub has_html: bool,
    pub attempts: i64,
    pub delivery: Delivery,
}

#[derive(sqlx::FromRow)]
struct KeptRow {
    id: String,
    letter: String,
    token_id: Option<String>,
    recipient: String,
    created_at: i64,
    subject: Option<String>,
    sent_text: Option<String>,
    has_html: bool,
    #[sqlx(flatten)]
    taken: Taken,
}

#[derive(sqlx::FromRow)]
struct AboutRow {
    id: String,
    owner: String,
    name: Option<String>,
    hint: String,
    stage: i64,
    email: String,
}

#[derive(sqlx::FromRow)]
struct SentRow {
    id: Option<String>,
    stage: i64,
    number: i64,
    address: String,
    claimed_at: i64,
    settled_at: Option<i64>,
    #[sqlx(flatten)]
    taken: Taken,
}

pub async fn find(on: &mut impl Lanes, workgroup_id: &str, id: &str) -> Result<Option<Kept>> {
    let row: Option<KeptRow> = on!(on, c => sqlx::query_as(FIND)
        .bind(workgroup_id)
        .bind(id)
        .fetch_optional(c).await)?;
    let kept = |row: KeptRow| {
        let attempts = row.taken.attempts.unwrap_or_default();
        Some(Kept {
            attempts,
            delivery: row.taken.delivery()?,
            id: row.id,
            letter: row.letter,
            token_id: row.token_id,
            recipient: row.recipient,
            created_at: Time(row.created_at),
            subject: row.subject,
            text: row.sent_text,
            has_html: row.has_html,
        })
    };
    Ok(row.and_then(kept))
}

/// Which letter it is, and its HTML.
pub async fn find_html(
    on: &mut impl Lanes,
    workgroup_id: &str,
    id: &str,
) -> Result<Option<(String, Option<String>)>> {
    Ok(on!(on, c => sqlx::query_as(FIND_HTML)
        .bind(workgroup_id)
        .bind(id)
        .fetch_optional(c).await)?)
}

/// The tokens whose ends a letter told to `recipient`.
pub async fn list_about(
    on: &mut impl Lanes,
    workgroup_id: &str,
    id: &str,
    recipient: &str,
) -> Result<Vec<About>> {
    let rows: Vec<AboutRow> = on!(on, c => sqlx::query_as(LIST_ABOUT)
        .bind(id)
        .bind(workgroup_id)
        .fetch_all(c).await)?;
    let about = |row: AboutRow| About {
        token: NoticeToken { id: row.id, title: title(row.owner, row.name) },
        hint: row.hint,
        stage: Some(row.stage),
        moved: row.email != recipient,
    };
    Ok(rows.into_iter().map(about).collect())
}

fn title(owner: String, name: Option<String>) -> String {
    match name {
        Some(name) => format!("{owner} \u{b7} {name}"),
        None => owner,
    }
}

/// What the addresses of a token were told of its ends, newest first.
pub async fn list_of_token(
    on: &mut impl Lanes,
    token_id: &str,
    most: i64,
) -> Result<Vec<NoticeSent>> {
    let rows: Vec<SentRow> = on!(on, c => sqlx::query_as(LIST_OF_TOKEN)
        .bind(token_id)
        .bind(most)
        .fetch_all(c).await)?;
    let sent = |row: SentRow| NoticeSent {
        letter: row.id,
        stage: row.stage,
        number: row.number,
        address: row.address,
        at: Time(row.settled_at.unwrap_or(row.claimed_at)),
        delivery: row.taken.delivery(),
    };
    Ok(rows.into_iter().map(sent).collect())
}

/// The token that ends next; `renewing`: of those that may renew.
pub async fn find_ending(
    on: &mut impl Lanes,
    workgroup_id: &str,
    now: Time,
    renewing: bool,
) -> Result<Option<Token>> {
    let row: Option<TokenRow> = on!(on, c => sqlx::query_as(FIND_ENDING)
        .bind(workgroup_id)
        .bind(now.0)
        .bind(renewing)
        .fetch_optional(c).await)?;
    Ok(complete(on, row.into_iter().collect(), None).await?.pop())
}

/// The token that was revoked last.
pub async fn find_revoked(on: &mut impl Lanes, workgroup_id: &str) -> Result<Option<Token>> {
    let row: Option<TokenRow> =
        on!(on, c => sqlx::query_as(FIND_REVOKED).bind(workgroup_id).fetch_optional(c).await)?;
    Ok(complete(on, row.into_iter().collect(), None).await?.pop())
}
