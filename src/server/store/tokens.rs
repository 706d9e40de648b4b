//! Table `tokens`: one grant a row. What a person sees of it is a [`Token`], put together with its strings and uses.

use super::{Lanes, Tx, from_json, knocks, on, put, statements, strings, to_json, uses};
use crate::domain::activity::Actor;
use crate::domain::device::Device;
use crate::domain::lifetime::Lifetime;
use crate::domain::notice::Stages;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Reach, Token};
use crate::server::error::Result;
use anyhow::{Context, anyhow};

/// The columns of a token and the names of what it reaches; its tables are `t`, `g` and `d`.
macro_rules! columns {
    () => {
        "t.id, t.workgroup_id, t.kind, t.owner, t.name, t.email, t.lifetime, t.can_renew, t.permissions, t.scopes,
            t.device_group_id, g.name as group_name, coalesce(t.device_id, t.former_device_id) as device_id,
            coalesce(d.external_id, t.former_external_id) as external_id,
            coalesce(d.name, t.former_device_name) as device_name, t.note,
            t.rate_limit, t.created_at, t.created_by_name, t.revoked_at, t.revoked_by, t.version, t.newest_number,
            t.expires_at, t.expiring_at, t.knocks, t.knocked_at, t.knocked_from
        from tokens t
        left join device_groups g on g.id = t.device_group_id
        left join devices d on d.id = t.device_id"
    };
}
pub(super) use columns;

statements! {
    FIND = concat!("select ", columns!(), " where t.workgroup_id = $1 and t.id = $2");
    FIND_ANYWHERE = concat!("select ", columns!(), " where t.id = $1");
    LIST_MADE_BY = concat!("select ", columns!(), "
        where t.created_by_kind = 'token' and t.created_by_id = $1 and t.workgroup_id = $2 and t.revoked_at is null
        order by t.created_at, t.id");
    LIST_OF_DEVICE = concat!("select ", columns!(), "
        where t.workgroup_id = $1 and t.device_id = $2 order by t.sort_at desc, t.id desc limit $3");
    COUNT_OF_DEVICE = "select count(*) as tokens, count(case when t.revoked_at is null then 1 end) as standing
        from tokens t where t.workgroup_id = $1 and t.device_id = $2";
    MARK_DEVICE_GONE = "update tokens set former_device_id = device_id, former_external_id = $2,
            former_device_name = $3, device_id = null
        where device_id = $1";
    LIST_ISSUED_BY = concat!("select ", columns!(), "
        where t.workgroup_id = $1 and t.created_by_kind = 'person' and t.created_by_id = $2 and t.revoked_at is null
            and ($3 = '' or t.device_group_id = $3)
        order by t.sort_at, t.id limit $4");
    COUNT_ISSUED_BY = "select count(*) from tokens t
        where t.workgroup_id = $1 and t.created_by_kind = 'person' and t.created_by_id = $2 and t.revoked_at is null
            and ($3 = '' or t.device_group_id = $3)";
    INSERT = "insert into tokens
            (id, workgroup_id, kind, owner, name, email, search_text, lifetime, can_renew, permissions, scopes,
             device_group_id, device_id, note, rate_limit, created_at, created_by_kind, created_by_id, created_by_name,
             version, newest_number, expires_at, expiring_at, sort_at, remove_at, renew_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26)";
    MARK_EDITED = "update tokens set owner = $3, name = $4, email = $5, lifetime = $6, can_renew = $7, note = $8,
            rate_limit = $9, version = version + 1
        where id = $1 and version = $2";
    MARK_REVOKED = "update tokens set revoked_at = $2, revoked_by = $3, version = version + 1
        where id = $1 and revoked_at is null";
    MARK_TURNS = "update tokens set expires_at = $2, expiring_at = $3, sort_at = $4, search_text = $5, remove_at = $6,
            look_at = 0, renew_by = $7 where id = $1";
    MARK_STAGES = "update tokens set expiring_at = coalesce((
            select tokens.expires_at - 86400 * case
                when $2 * 172800 <= tokens.expires_at - s.issued_at then $2
                when $3 * 172800 <= tokens.expires_at - s.issued_at then $3
                when $4 * 172800 <= tokens.expires_at - s.issued_at then $4
                when $5 * 172800 <= tokens.expires_at - s.issued_at then $5
                when $6 * 172800 <= tokens.expires_at - s.issued_at then $6
                else 0 end
            from token_strings s
            where s.token_id = tokens.id and s.retired_at is null and s.expires_at = tokens.expires_at
            order by s.number limit 1), expiring_at)
        where workgroup_id = $1 and expires_at is not null and revoked_at is null and sort_at > $7";
    MARK_LOOKED_AT_SOON = "update tokens set look_at = 0
        where workgroup_id = $1 and revoked_at is null and look_at is not null and (sort_at <= $2 or look_at <= $2)";
    MARK_NEWEST = "update tokens set newest_number = newest_number + 1 where id = $1 returning newest_number";
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: String,
    workgroup_id: String,
    kind: String,
    owner: String,
    name: Option<String>,
    email: String,
    lifetime: String,
    can_renew: bool,
    permissions: String,
    scopes: String,
    device_group_id: Option<String>,
    group_name: Option<String>,
    device_id: Option<String>,
    external_id: Option<String>,
    device_name: Option<String>,
    note: Option<String>,
    rate_limit: Option<i64>,
    created_at: i64,
    created_by_name: String,
    revoked_at: Option<i64>,
    revoked_by: Option<String>,
    version: i64,
    expires_at: Option<i64>,
    expiring_at: Option<i64>,
    #[sqlx(flatten)]
    knocks: knocks::Row,
}

impl Row {
    fn reach(&self) -> anyhow::Result<Reach> {
        let named = |name: &Option<String>| name.clone().context("a token reaches what is gone");
        if let Some(id) = self.device_group_id.clone() {
            return Ok(Reach::Group { id, name: named(&self.group_name)? });
        }
        let Some(id) = self.device_id.clone() else { return Ok(Reach::Workgroup) };
        Ok(Reach::Device {
            id,
            external_id: named(&self.external_id)?,
            name: named(&self.device_name)?,
        })
    }

    fn into_token(self) -> anyhow::Result<Token> {
        let odd = |what: &str| anyhow!("token {} has an unknown {what}", self.id);
        Ok(Token {
            kind: Kind::parse(&self.kind).ok_or_else(|| odd("kind"))?,
            lifetime: Lifetime::parse(&self.lifetime).ok_or_else(|| odd("lifetime"))?,
            permissions: from_json(&self.permissions)?,
            scopes: from_json(&self.scopes)?,
            reach: self.reach()?,
            id: self.id,
            owner: self.owner,
            name: self.name,
            email: self.email,
            can_renew: self.can_renew,
            note: self.note,
            rate_limit: self.rate_limit,
            created_at: Time(self.created_at),
            created_by: self.created_by_name,
            revoked_at: self.revoked_at.map(Time),
            revoked_by: self.revoked_by,
            version: self.version,
            expires_at: self.expires_at.map(Time),
            expiring_at: self.expiring_at.map(Time),
            knocks: self.knocks.into_knocks(),
            strings: Vec::new(),
            uses: Vec::new(),
        })
    }
}

/// A token to be written as it stands; its strings are written in the same transaction.
pub struct NewToken<'a> {
    pub token: &'a Token,
    pub workgroup_id: &'a str,
    pub created_by: &'a Actor,
    /// What the search compares.
    pub search_text: &'a str,
}

/// The token with its strings, if it is one of this workgroup.
pub async fn find(on: &mut impl Lanes, workgroup_id: &str, id: &str) -> Result<Option<Token>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND).bind(workgroup_id).bind(id).fetch_optional(c).await)?;
    let tokens = complete(on, row.into_iter().collect(), None).await?;
    Ok(tokens.into_iter().next())
}

/// The token with its strings and the id of its workgroup, whichever that is.
pub async fn find_anywhere(on: &mut impl Lanes, id: &str) -> Result<Option<(String, Token)>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND_ANYWHERE).bind(id).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let workgroup_id = row.workgroup_id.clone();
    let tokens = complete(on, vec![row], None).await?;
    Ok(tokens.into_iter().next().map(|token| (workgroup_id, token)))
}

/// The first of the tokens that a person issued in a workgroup and that are not revoked, and how many there are;
/// `bound_to`: those of one device group alone.
pub async fn list_issued_by(
    on: &mut impl Lanes,
    workgroup_id: &str,
    user_id: &str,
    bound_to: Option<&str>,
    most: i64,
) -> Result<(Vec<Token>, i64)> {
    let group = bound_to.unwrap_or_default();
    let count: i64 = on!(on, c => sqlx::query_scalar(COUNT_ISSUED_BY)
        .bind(workgroup_id)
        .bind(user_id)
        .bind(group)
        .fetch_one(c).await)?;
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST_ISSUED_BY)
        .bind(workgroup_id)
        .bind(user_id)
        .bind(group)
        .bind(most)
        .fetch_all(c).await)?;
    Ok((complete(on, rows, None).await?, count))
}

/// The tokens of the workgroup that a token made and that are not revoked, oldest first.
pub async fn list_made_by(
    on: &mut impl Lanes,
    workgroup_id: &str,
    maker: &str,
) -> Result<Vec<Token>> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST_MADE_BY).bind(maker).bind(workgroup_id).fetch_all(c).await)?;
    complete(on, rows, None).await
}

/// The tokens of a device, those that live longest first, at most `most`.
pub async fn list_of_device(
    on: &mut impl Lanes,
    workgroup_id: &str,
    device_id: &str,
    most: i64,
) -> Result<Vec<Token>> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST_OF_DEVICE)
        .bind(workgroup_id)
        .bind(device_id)
        .bind(most)
        .fetch_all(c).await)?;
    complete(on, rows, None).await
}

/// How many tokens a device has, and how many of them are not revoked.
pub async fn count_of_device(
    on: &mut impl Lanes,
    workgroup_id: &str,
    device_id: &str,
) -> Result<(i64, i64)> {
    Ok(on!(on, c => sqlx::query_as(COUNT_OF_DEVICE)
        .bind(workgroup_id)
        .bind(device_id)
        .fetch_one(c).await)?)
}

/// Puts rows together with their strings and, from a day on, their uses.
pub(super) async fn complete(
    on: &mut impl Lanes,
    rows: Vec<Row>,
    uses_from: Option<i64>,
) -> Result<Vec<Token>> {
    let mut tokens = Vec::with_capacity(rows.len());
    for row in rows {
        tokens.push(row.into_token()?);
    }
    for part in tokens.chunks_mut(strings::AT_ONCE) {
        let ids: Vec<_> = part.iter().map(|token| token.id.clone()).collect();
        for (token_id, string) in strings::list_of_tokens(on, &ids).await? {
            if let Some(token) = part.iter_mut().find(|token| token.id == token_id) {
                token.strings.push(string);
            }
        }
        let Some(day) = uses_from else { continue };
        for (token_id, day_use) in uses::list_of_tokens(on, &ids, day).await? {
            if let Some(token) = part.iter_mut().find(|token| token.id == token_id) {
                token.uses.push(day_use);
            }
        }
    }
    Ok(tokens)
}

/// Adds the uses since a day to a token that was found.
pub async fn add_uses(on: &mut impl Lanes, token: &mut Token, from_day: i64) -> Result<()> {
    let uses = uses::list_of_tokens(on, std::slice::from_ref(&token.id), from_day).await?;
    token.uses = uses.into_iter().map(|(_, day_use)| day_use).collect();
    Ok(())
}

pub async fn insert(tx: &mut Tx, new: &NewToken<'_>) -> Result<()> {
    let token = new.token;
    let (permissions, scopes) = (to_json(&token.permissions)?, to_json(&token.scopes)?);
    let (group, device) = match &token.reach {
        Reach::Workgroup => (None, None),
        Reach::Group { id, .. } => (Some(id), None),
        Reach::Device { id, .. } => (None, Some(id)),
    };
    let (maker_kind, maker_id) = new.created_by.key();
    put!(
        tx,
        INSERT,
        &token.id,
        new.workgroup_id,
        token.kind.code(),
        &token.owner,
        token.name.as_deref(),
        &token.email,
        new.search_text,
        token.lifetime.code(),
        token.can_renew,
        &permissions,
        &scopes,
        group,
        device,
        token.note.as_deref(),
        token.rate_limit,
        token.created_at.0,
        maker_kind,
        maker_id,
        &token.created_by,
        token.version,
        token.newest().map_or(0, |string| string.number),
        token.expires_at.map(|at| at.0),
        token.expiring_at.map(|at| at.0),
        token.expires_at.unwrap_or(Time::END).0,
        token.remove_at().map(|at| at.0),
        token.renew_by().map(|at| at.0),
    );
    Ok(())
}

/// Writes what an edit may change, if nobody else did since `token.version`; otherwise `false`.
pub async fn mark_edited(tx: &mut Tx, token: &Token) -> Result<bool> {
    let count = on!(tx, c => sqlx::query(MARK_EDITED)
        .bind(&token.id)
        .bind(token.version)
        .bind(&token.owner)
        .bind(token.name.as_deref())
        .bind(&token.email)
        .bind(token.lifetime.code())
        .bind(token.can_renew)
        .bind(token.note.as_deref())
        .bind(token.rate_limit)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(count == 1)
}

/// `false` if it was revoked already.
pub async fn mark_revoked(tx: &mut Tx, id: &str, at: Time, by: &str) -> Result<bool> {
    let count = on!(tx, c => sqlx::query(MARK_REVOKED)
        .bind(id)
        .bind(at.0)
        .bind(by)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(count == 1)
}

/// Writes what follows from its strings: its dates, and what the search compares. The next sweep looks at it.
pub async fn mark_turns(tx: &mut Tx, token: &Token, search_text: &str) -> Result<()> {
    put!(
        tx,
        MARK_TURNS,
        &token.id,
        token.expires_at.map(|at| at.0),
        token.expiring_at.map(|at| at.0),
        token.expires_at.unwrap_or(Time::END).0,
        search_text,
        token.remove_at().map(|at| at.0),
        token.renew_by().map(|at| at.0),
    );
    Ok(())
}

/// Sets anew when each token of the workgroup that ends after `now` comes near its end: one statement, however many they
/// are. What has ended is past every stage. The rule is [`Stages::expiring_at`]; a test holds the two together.
pub async fn mark_stages(
    tx: &mut Tx,
    workgroup_id: &str,
    stages: &Stages,
    now: Time,
) -> Result<()> {
    // A stage of no days fits every life and changes nothing: it fills up what a shorter list leaves.
    let stage = |at: usize| stages.days().get(at).copied().unwrap_or(0);
    put!(tx, MARK_STAGES, workgroup_id, stage(0), stage(1), stage(2), stage(3), stage(4), now.0);
    Ok(())
}

/// The next sweep looks at every token of the workgroup that ends before `until`: its stages, hour or zone have changed.
pub async fn mark_looked_at_soon(tx: &mut Tx, workgroup_id: &str, until: Time) -> Result<()> {
    put!(tx, MARK_LOOKED_AT_SOON, workgroup_id, until.0);
    Ok(())
}

/// Takes the next number for a string of this token.
pub async fn mark_newest(tx: &mut Tx, id: &str) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(MARK_NEWEST).bind(id).fetch_one(c).await)?)
}

/// The device is about to be removed: its tokens keep what it was called, and open nothing any more.
pub async fn mark_device_gone(tx: &mut Tx, device: &Device) -> Result<()> {
    put!(tx, MARK_DEVICE_GONE, &device.id, &device.external_id, &device.name);
    Ok(())
}
