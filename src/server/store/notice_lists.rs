//! What the notices page of a workgroup lists: letters page by page, newest first, and the tokens of which one is due next.

use super::tokens::{Row as TokenRow, columns, complete};
use super::{Lanes, contains, on, statements};
use crate::domain::activity_list::Place;
use crate::domain::notices_list::{
    Delivery, NoticeRow, NoticeToken, NoticesQuery, is_repeatable, kind_words, stage_words,
    tells_subject,
};
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::server::error::Result;

/// The string that a notice is about still decides when its token ends, or was used since a newer one was made: whoever renewed in
/// time is owed nothing more.
macro_rules! stands {
    () => {
        "s.retired_at is null and (s.expires_at = t.expires_at
            or s.last_used_at > (select max(newer.issued_at) from token_strings newer where newer.token_id = t.id))"
    };
}

/// It was given up, and somebody should do something about it: what it is about stands and still names its recipient.
macro_rules! open {
    () => {
        concat!(
            "o.undelivered_at is not null and o.sent_again_at is null
            and (o.letter = 'expiry' and exists (select 1 from notices n join tokens t on t.id = n.token_id
                    join token_strings s on s.id = n.string_id
                    where n.outbox_id = o.id and t.email = o.recipient and t.revoked_at is null and ",
            stands!(),
            ")
                or exists (select 1 from tokens t where t.id = o.token_id and t.email = o.recipient
                    and (t.revoked_at is null or o.letter <> 'issued'))
                or o.letter = 'invitation' and exists (select 1 from invitations i
                    where i.workgroup_id = o.workgroup_id and i.email = o.recipient))"
        )
    };
}

/// Letters at one side of a place (`$2`, `$3`). `$4`: empty, `trying`, `undelivered` or `open`; `$5`: the search pattern, empty for
/// none; `$6`: how many.
macro_rules! letters {
    ($from:literal, $compare:literal, $order:literal) => {
        concat!(
            "select * from (select o.* from ",
            $from,
            " and (o.created_at, o.id) ",
            $compare,
            " ($2, $3)
            and ($4 = '' or $4 = 'trying' and o.sent_at is null and o.undelivered_at is null
                or $4 = 'undelivered' and o.undelivered_at is not null and o.sent_again_at is null
                or $4 = 'open' and ",
            open!(),
            ")
            and ($5 = '' or lower(o.recipient) like $5 escape '\\'
                or exists (select 1 from tokens t where t.id = o.token_id and t.workgroup_id = $1
                    and t.search_text like $5 escape '\\')
                or exists (select 1 from notices n join tokens t on t.id = n.token_id
                    where n.outbox_id = o.id and t.workgroup_id = $1 and t.search_text like $5 escape '\\'))
            order by o.created_at ",
            $order,
            ", o.id ",
            $order,
            " limit $6) part"
        )
    };
}

/// A workgroup's own letters and the digests of those who own it now, with the one token that each is about.
macro_rules! page {
    ($compare:literal, $order:literal) => {
        concat!(
            "select l.*, t.id as standing_id, t.owner, t.name from (
            select p.id, p.letter, p.recipient, p.created_at, p.due_at, p.attempts, p.last_answer, p.sent_at,
                p.undelivered_at, p.sent_again_at, p.subject,
                (select min(n.stage) from notices n where n.outbox_id = p.id) as stage,
                coalesce(p.token_id, (select case when count(distinct n.token_id) = 1 then min(n.token_id) end
                    from notices n where n.outbox_id = p.id)) as about
            from (",
            letters!("outbox o where o.workgroup_id = $1 and o.letter <> 'digest'", $compare, $order),
            " union all ",
            letters!(
                "memberships m join outbox o on o.user_id = m.user_id
                where m.workgroup_id = $1 and m.owner and o.letter = 'digest'",
                $compare,
                $order
            ),
            ") p) l left join tokens t on t.id = l.about and t.workgroup_id = $1
            order by l.created_at ",
            $order,
            ", l.id ",
            $order,
            " limit $6"
        )
    };
}

statements! {
    OLDER = page!("<", "desc");
    NEWER = page!(">", "asc");
    COUNT_TRYING = "select (select count(*) from outbox o
            where o.workgroup_id = $1 and o.letter <> 'digest' and o.sent_at is null and o.undelivered_at is null)
        + (select count(*) from memberships m join outbox o on o.user_id = m.user_id
            where m.workgroup_id = $1 and m.owner and o.letter = 'digest' and o.sent_at is null
                and o.undelivered_at is null) as letters";
    COUNT_UNDELIVERED = "select (select count(*) from outbox o
            where o.workgroup_id = $1 and o.letter <> 'digest' and o.undelivered_at is not null
                and o.sent_again_at is null)
        + (select count(*) from memberships m join outbox o on o.user_id = m.user_id
            where m.workgroup_id = $1 and m.owner and o.letter = 'digest' and o.undelivered_at is not null
                and o.sent_again_at is null) as letters";
    COUNT_OPEN = concat!("select count(*) from outbox o where o.workgroup_id = $1 and ", open!());
    LIST_NEXT = concat!("select ", columns!(), "
        where t.workgroup_id = $1 and t.look_at is not null and t.revoked_at is null
        order by t.look_at, t.id limit $2");
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    letter: String,
    recipient: String,
    created_at: i64,
    due_at: i64,
    attempts: i64,
    last_answer: Option<String>,
    sent_at: Option<i64>,
    undelivered_at: Option<i64>,
    sent_again_at: Option<i64>,
    subject: Option<String>,
    stage: Option<i64>,
    standing_id: Option<String>,
    owner: Option<String>,
    name: Option<String>,
}

impl Row {
    fn delivery(&self) -> Delivery {
        let (attempts, answer) = (self.attempts, self.last_answer.clone().unwrap_or_default());
        match (self.sent_at, self.undelivered_at) {
            (Some(at), _) => Delivery::Sent { at: Time(at), answer },
            (None, Some(at)) => Delivery::Undelivered {
                at: Time(at),
                attempts,
                answer,
                again: self.sent_again_at.is_some(),
            },
            // One that is being tried for the first time has no answer yet.
            (None, None) if answer.is_empty() => Delivery::Waiting { due: Time(self.due_at) },
            (None, None) => Delivery::Trying { next: Time(self.due_at), attempts, answer },
        }
    }

    fn into_row(self) -> NoticeRow {
        let (title, stage) = kind_words(&self.letter);
        let subject = self.subject.clone().filter(|_| tells_subject(&self.letter));
        let token = self.standing_id.clone().zip(self.owner.clone()).map(|(id, owner)| {
            let title = match &self.name {
                Some(name) => format!("{owner} \u{b7} {name}"),
                None => owner,
            };
            NoticeToken { id, title }
        });
        let failed = self.undelivered_at.is_some() && self.sent_again_at.is_none();
        NoticeRow {
            delivery: self.delivery(),
            title: subject.unwrap_or_else(|| title.to_owned()),
            stage: self.stage.map_or_else(|| stage.to_owned(), stage_words),
            has_page: self.letter != "digest",
            can_send_again: failed && is_repeatable(&self.letter),
            id: self.id,
            recipient: self.recipient,
            created_at: Time(self.created_at),
            token,
        }
    }
}

/// At most `most` letters older (`back`) or newer than a place, newest first, and whether there are more behind them.
pub async fn page(
    on: &mut impl Lanes,
    workgroup_id: &str,
    query: &NoticesQuery,
    (from, back): (Option<&Place>, bool),
    most: i64,
) -> Result<(Vec<NoticeRow>, bool)> {
    let ask = (query.show.code(), query.search.as_str());
    listed(on, workgroup_id, ask, (from, back), most).await
}

/// How many letters were given up about which something can be done, and the newest of them.
pub async fn open(on: &mut impl Lanes, workgroup_id: &str) -> Result<(i64, Option<NoticeRow>)> {
    let count: i64 =
        on!(on, c => sqlx::query_scalar(COUNT_OPEN).bind(workgroup_id).fetch_one(c).await)?;
    if count == 0 {
        return Ok((0, None));
    }
    let (rows, _) = listed(on, workgroup_id, ("open", ""), (None, true), 1).await?;
    Ok((count, rows.into_iter().next()))
}

async fn listed(
    on: &mut impl Lanes,
    workgroup_id: &str,
    (show, search): (&str, &str),
    (from, back): (Option<&Place>, bool),
    most: i64,
) -> Result<(Vec<NoticeRow>, bool)> {
    let search = if search.is_empty() { String::new() } else { contains(&fold(search)) };
    let end = if back { i64::MAX } else { i64::MIN };
    let (at, id) = from.map_or((end, ""), |place| (place.at.0, place.id.as_str()));
    let mut rows: Vec<Row> = on!(on, c => sqlx::query_as(if back { OLDER } else { NEWER })
        .bind(workgroup_id)
        .bind(at)
        .bind(id)
        .bind(show)
        .bind(&search)
        .bind(most + 1)
        .fetch_all(c).await)?;
    let wanted = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    if !back {
        rows.reverse();
    }
    Ok((rows.into_iter().map(Row::into_row).collect(), more))
}

/// How many are not sent yet, and how many were given up and not sent again.
pub async fn counts(on: &mut impl Lanes, workgroup_id: &str) -> Result<(i64, i64)> {
    let trying =
        on!(on, c => sqlx::query_scalar(COUNT_TRYING).bind(workgroup_id).fetch_one(c).await)?;
    let undelivered =
        on!(on, c => sqlx::query_scalar(COUNT_UNDELIVERED).bind(workgroup_id).fetch_one(c).await)?;
    Ok((trying, undelivered))
}

/// Tokens that the sweep looks at next, soonest first: none of them is told of anything before.
pub async fn list_next(on: &mut impl Lanes, workgroup_id: &str, most: i64) -> Result<Vec<Token>> {
    let rows: Vec<TokenRow> = on!(on, c => sqlx::query_as(LIST_NEXT)
        .bind(workgroup_id)
        .bind(most)
        .fetch_all(c).await)?;
    complete(on, rows, None).await
}
