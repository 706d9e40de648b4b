//! Table `outbox`: letters that are owed. Never a one-time code, never a token string.

use super::{Lanes, Tx, from_json, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    INSERT = "insert into outbox
            (id, dedupe_key, letter, workgroup_id, user_id, token_id, recipient, payload, created_at, due_at, attempts)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0)";
    LIST_DUE = "select id from outbox
        where sent_at is null and undelivered_at is null and due_at <= $1
            and (leased_until is null or leased_until <= $1)
        order by due_at, id limit $2";
    LIST_DUE_BUT = "select id from outbox
        where sent_at is null and undelivered_at is null and due_at <= $1
            and (leased_until is null or leased_until <= $1) and letter <> $3
        order by due_at, id limit $2";
    MARK_LEASED = "update outbox set leased_until = $1, attempts = attempts + 1
        where id = $2 and sent_at is null and undelivered_at is null and due_at <= $3
            and (leased_until is null or leased_until <= $3)
        returning id, letter, recipient, payload, created_at, attempts";
    IS_LEASED = "select count(*) from outbox where id = $1 and leased_until = $2 and sent_at is null";
    MARK_SENT = "update outbox set sent_at = $1, last_answer = $2, leased_until = null
        where id = $3 and leased_until = $4";
    MARK_WRITTEN = "update outbox set subject = $2, sent_text = $3, sent_html = $4 where id = $1";
    MARK_LATER = "update outbox set due_at = $1, last_answer = $2, leased_until = null
        where id = $3 and leased_until = $4";
    MARK_UNDELIVERED = "update outbox set undelivered_at = $1, last_answer = $2, leased_until = null
        where id = $3 and leased_until = $4";
    MARK_UNTRIED = "update outbox set attempts = attempts - 1, last_answer = $1, leased_until = null
        where id = $2 and leased_until = $3";
    MARK_LEASES_ENDED = "update outbox set leased_until = null
        where leased_until is not null and sent_at is null and undelivered_at is null";
    DELETE = "delete from outbox where id = $1";
    DELETE_OLD = "delete from outbox where id in (select id from outbox
        where created_at <= $1 and (sent_at <= $1 or undelivered_at <= $2) order by created_at limit $3)";
    OWED_LATELY = "select count(*) from outbox
        where letter = $1 and payload = $2 and undelivered_at is null and (sent_at is null or created_at > $3)";
    INVITATION_LETTER = "select i.email, i.owner, i.permissions, i.invited_by_name, w.name as workgroup,
            g.name as device_group
        from invitations i join workgroups w on w.id = i.workgroup_id
            left join device_groups g on g.id = i.device_group_id
        where i.id = $1";
    MARK_INVITATION_SENT = "update invitations set expires_at = $1 where id = $2";
}

/// A letter to be owed, due at once.
pub struct NewLetter<'a> {
    pub id: &'a str,
    /// What must not be owed twice.
    pub dedupe_key: &'a str,
    pub letter: &'static str,
    pub workgroup_id: Option<&'a str>,
    pub user_id: Option<&'a str>,
    pub token_id: Option<&'a str>,
    pub recipient: &'a str,
    /// What it is about, as JSON.
    pub payload: &'a str,
    pub now: Time,
}

/// A letter that this server alone may send, until its lease ends.
#[derive(Clone, Debug)]
pub struct Owed {
    pub id: String,
    pub letter: String,
    pub recipient: String,
    /// What it is about, as JSON.
    pub payload: String,
    pub created_at: Time,
    /// This one included.
    pub attempts: i64,
    pub leased_until: Time,
}

/// What the letter of an invitation tells.
#[derive(Clone, Debug)]
pub struct InvitationLetter {
    pub email: String,
    pub owner: bool,
    /// Names; none for an owner.
    pub permissions: Vec<String>,
    pub invited_by: String,
    pub workgroup: String,
    pub device_group: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    letter: String,
    recipient: String,
    payload: String,
    created_at: i64,
    attempts: i64,
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    email: String,
    owner: bool,
    permissions: String,
    invited_by_name: String,
    workgroup: String,
    device_group: Option<String>,
}

pub async fn insert(tx: &mut Tx, letter: &NewLetter<'_>) -> Result<()> {
    put!(
        tx,
        INSERT,
        letter.id,
        letter.dedupe_key,
        letter.letter,
        letter.workgroup_id,
        letter.user_id,
        letter.token_id,
        letter.recipient,
        letter.payload,
        letter.now.0,
    );
    Ok(())
}

/// The ids of letters that are due and that nobody sends at the moment, longest due first.
pub async fn list_due(on: &mut impl Lanes, now: Time, most: i64) -> Result<Vec<String>> {
    Ok(on!(on, c => sqlx::query_scalar(LIST_DUE).bind(now.0).bind(most).fetch_all(c).await)?)
}

/// The same without letters of one kind.
pub async fn list_due_but(
    on: &mut impl Lanes,
    now: Time,
    most: i64,
    letter: Option<&str>,
) -> Result<Vec<String>> {
    let Some(letter) = letter else { return list_due(on, now, most).await };
    Ok(on!(on, c => sqlx::query_scalar(LIST_DUE_BUT)
        .bind(now.0)
        .bind(most)
        .bind(letter)
        .fetch_all(c).await)?)
}

/// Takes a letter that is due until `until`; `None` if it is due no more, or somebody else was first.
pub async fn mark_leased(tx: &mut Tx, id: &str, now: Time, until: Time) -> Result<Option<Owed>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(MARK_LEASED)
        .bind(until.0)
        .bind(id)
        .bind(now.0)
        .fetch_optional(c).await)?;
    Ok(row.map(|row| Owed {
        payload: row.payload,
        id: row.id,
        letter: row.letter,
        recipient: row.recipient,
        created_at: Time(row.created_at),
        attempts: row.attempts,
        leased_until: until,
    }))
}

/// Whether the lease is still this one, and the letter unsent.
pub async fn is_leased(on: &mut impl Lanes, owed: &Owed) -> Result<bool> {
    let count: i64 = on!(on, c => sqlx::query_scalar(IS_LEASED)
        .bind(&owed.id)
        .bind(owed.leased_until.0)
        .fetch_one(c).await)?;
    Ok(count > 0)
}

/// Notes what came of a try, if the lease is still this one.
async fn mark(tx: &mut Tx, sql: &'static str, owed: &Owed, at: Time, answer: &str) -> Result<()> {
    put!(tx, sql, at.0, answer, &owed.id, owed.leased_until.0);
    Ok(())
}

pub async fn mark_sent(tx: &mut Tx, owed: &Owed, now: Time, answer: &str) -> Result<()> {
    mark(tx, MARK_SENT, owed, now, answer).await
}

/// Keeps what a letter says, for the pages: its subject, text and HTML. Not for what holds a one-time code.
pub async fn mark_written(
    tx: &mut Tx,
    id: &str,
    subject: &str,
    text: &str,
    html: Option<&str>,
) -> Result<()> {
    put!(tx, MARK_WRITTEN, id, subject, text, html);
    Ok(())
}

/// Puts it off until `due_at`.
pub async fn mark_later(tx: &mut Tx, owed: &Owed, due_at: Time, answer: &str) -> Result<()> {
    mark(tx, MARK_LATER, owed, due_at, answer).await
}

/// Gives it up.
pub async fn mark_undelivered(tx: &mut Tx, owed: &Owed, now: Time, answer: &str) -> Result<()> {
    mark(tx, MARK_UNDELIVERED, owed, now, answer).await
}

/// Gives it back as it was taken: the try counts for nothing.
pub async fn mark_untried(tx: &mut Tx, owed: &Owed, answer: &str) -> Result<()> {
    put!(tx, MARK_UNTRIED, answer, &owed.id, owed.leased_until.0);
    Ok(())
}

/// Ends every lease: for whoever knows that nobody else sends.
pub async fn mark_leases_ended(tx: &mut Tx) -> Result<()> {
    put!(tx, MARK_LEASES_ENDED);
    Ok(())
}

/// Forgets at most `most` letters that were sent by the one time, or given up by the other.
pub async fn delete_old(tx: &mut Tx, sent_by: Time, undelivered_by: Time, most: i64) -> Result<()> {
    put!(tx, DELETE_OLD, sent_by.0, undelivered_by.0, most);
    Ok(())
}

pub async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    put!(tx, DELETE, id);
    Ok(())
}

/// Whether such a letter waits to be sent, or was owed after `since`.
pub async fn owed_lately(
    on: &mut impl Lanes,
    letter: &'static str,
    payload: &str,
    since: Time,
) -> Result<bool> {
    let count: i64 = on!(on, c => sqlx::query_scalar(OWED_LATELY)
        .bind(letter)
        .bind(payload)
        .bind(since.0)
        .fetch_one(c).await)?;
    Ok(count > 0)
}

/// What to write in the letter of an invitation; `None` once it was accepted or withdrawn.
pub async fn find_invitation(on: &mut impl Lanes, id: &str) -> Result<Option<InvitationLetter>> {
    let row: Option<InvitationRow> =
        on!(on, c => sqlx::query_as(INVITATION_LETTER).bind(id).fetch_optional(c).await)?;
    let letter = |row: InvitationRow| -> Result<InvitationLetter> {
        Ok(InvitationLetter {
            permissions: from_json(&row.permissions)?,
            email: row.email,
            owner: row.owner,
            invited_by: row.invited_by_name,
            workgroup: row.workgroup,
            device_group: row.device_group,
        })
    };
    row.map(letter).transpose()
}

/// Notes until when the link works that is being sent.
pub async fn mark_invitation_sent(tx: &mut Tx, id: &str, expires_at: Time) -> Result<()> {
    put!(tx, MARK_INVITATION_SENT, expires_at.0, id);
    Ok(())
}
