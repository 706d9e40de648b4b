//! Table `token_strings`: hashes and hints, numbers and dates. The strings themselves are nowhere.

use super::many::{many, parts};
use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::domain::token::{NumberedString, Origin};
use crate::server::error::Result;
use crate::server::secret::{Hash, Salt};
use anyhow::{Context, anyhow};

/// How many tokens' strings one statement lists.
pub const AT_ONCE: usize = 100;

/// `$1` to `$100`: a statement's text is constant, so a shorter list is filled up with its last id.
macro_rules! hundred {
    () => {
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
        $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40,
        $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59,
        $60, $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77, $78,
        $79, $80, $81, $82, $83, $84, $85, $86, $87, $88, $89, $90, $91, $92, $93, $94, $95, $96, $97,
        $98, $99, $100"
    };
}
pub(super) use hundred;

statements! {
    FIND_BY_HASH = "select s.id, s.token_id, s.number, s.hash, s.expires_at, s.retired_at, s.salt
        from token_strings s where s.hash = $1";
    FIND_SUCCESSOR = "select s.id, s.token_id, s.number, s.hash, s.expires_at, s.retired_at, s.salt
        from token_strings s where s.parent_id = $1 order by s.number desc limit 1";
    LIST_OF_TOKENS = concat!(
        "select token_id, number, hint, origin, issued_at, expires_at, retired_at, last_used_at, last_used_from
        from token_strings where token_id in (", hundred!(), ") order by token_id, number desc");
    INSERT = "insert into token_strings
            (id, token_id, number, hash, hint, origin, issued_at, expires_at, parent_id, salt)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    MARK_RETIRED = "update token_strings set retired_at = $3 where token_id = $1 and number = $2";
    MARK_SALTS_ERASED = "update token_strings set salt = null
        where token_id = $1 and salt is not null and parent_id in
            (select p.id from token_strings p where p.token_id = $1
                and (coalesce(p.expires_at, 253402300799) <= $2 or coalesce(p.retired_at, 253402300799) <= $2))";
    MARK_ALL_SALTS_ERASED = "update token_strings set salt = null where token_id = $1 and salt is not null";
    MARK_DEAD_SALTS_ERASED = "update token_strings set salt = null
        where salt is not null and parent_id in
            (select p.id from token_strings p
                where coalesce(p.expires_at, 253402300799) <= $1 or coalesce(p.retired_at, 253402300799) <= $1)";
    MARK_USED = many!(
        "update token_strings set last_used_at = v.column3, last_used_from = v.column4 from (values
            (cast($1 as text), cast($2 as bigint), cast($3 as bigint), cast($4 as text))",
        4,
        ") v where token_strings.token_id = v.column1 and token_strings.number = v.column2
            and coalesce(token_strings.last_used_at, 0) <= v.column3");
}

/// A string as renewal needs it.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: String,
    pub token_id: String,
    pub number: i64,
    pub hash: Vec<u8>,
    pub expires_at: Option<Time>,
    pub retired_at: Option<Time>,
    pub salt: Option<Salt>,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    id: String,
    token_id: String,
    number: i64,
    hash: Vec<u8>,
    expires_at: Option<i64>,
    retired_at: Option<i64>,
    salt: Option<Vec<u8>>,
}

impl FoundRow {
    fn into_found(self) -> Result<Found> {
        let salt = self.salt.map(Salt::try_from).transpose();
        Ok(Found {
            salt: salt.map_err(|_| anyhow!("string {} has a salt of odd length", self.id))?,
            id: self.id,
            token_id: self.token_id,
            number: self.number,
            hash: self.hash,
            expires_at: self.expires_at.map(Time),
            retired_at: self.retired_at.map(Time),
        })
    }
}

#[derive(sqlx::FromRow)]
struct ListRow {
    token_id: String,
    number: i64,
    hint: String,
    origin: String,
    issued_at: i64,
    expires_at: Option<i64>,
    retired_at: Option<i64>,
    last_used_at: Option<i64>,
    last_used_from: Option<String>,
}

/// A string to be written.
pub struct NewString<'a> {
    pub id: &'a str,
    pub token_id: &'a str,
    pub number: i64,
    pub hash: &'a Hash,
    pub hint: &'a str,
    pub origin: Origin,
    pub issued_at: Time,
    pub expires_at: Option<Time>,
    /// For a renewed one: what it was derived from, and the salt.
    pub parent: Option<(&'a str, &'a Salt)>,
}

impl NewString<'_> {
    /// As it is shown while nobody has used it.
    #[must_use]
    pub fn unused(&self) -> NumberedString {
        NumberedString {
            number: self.number,
            hint: self.hint.to_owned(),
            origin: self.origin,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            retired_at: None,
            last_used_at: None,
            last_used_from: None,
        }
    }
}

pub async fn find_by_hash(on: &mut impl Lanes, hash: &Hash) -> Result<Option<Found>> {
    let row: Option<FoundRow> =
        on!(on, c => sqlx::query_as(FIND_BY_HASH).bind(&hash[..]).fetch_optional(c).await)?;
    row.map(FoundRow::into_found).transpose()
}

/// The newest string that was renewed from this one.
pub async fn find_successor(on: &mut impl Lanes, parent_id: &str) -> Result<Option<Found>> {
    let row: Option<FoundRow> =
        on!(on, c => sqlx::query_as(FIND_SUCCESSOR).bind(parent_id).fetch_optional(c).await)?;
    row.map(FoundRow::into_found).transpose()
}

/// The strings of up to [`AT_ONCE`] tokens, each token's newest first.
pub async fn list_of_tokens(
    on: &mut impl Lanes,
    token_ids: &[String],
) -> Result<Vec<(String, NumberedString)>> {
    let Some(last) = token_ids.last() else { return Ok(Vec::new()) };
    let padded = token_ids.iter().chain(std::iter::repeat(last)).take(AT_ONCE);
    let rows: Vec<ListRow> = on!(on, c => padded
        .fold(sqlx::query_as(LIST_OF_TOKENS), |query, id| query.bind(id))
        .fetch_all(c).await)?;
    let string = |row: ListRow| {
        let origin = Origin::parse(&row.origin).context("a string has an unknown origin")?;
        let string = NumberedString {
            number: row.number,
            hint: row.hint,
            origin,
            issued_at: Time(row.issued_at),
            expires_at: row.expires_at.map(Time),
            retired_at: row.retired_at.map(Time),
            last_used_at: row.last_used_at.map(Time),
            last_used_from: row.last_used_from,
        };
        Ok((row.token_id, string))
    };
    rows.into_iter().map(string).collect()
}

pub async fn insert(tx: &mut Tx, string: &NewString<'_>) -> Result<()> {
    put!(
        tx,
        INSERT,
        string.id,
        string.token_id,
        string.number,
        &string.hash[..],
        string.hint,
        string.origin.code(),
        string.issued_at.0,
        string.expires_at.map(|at| at.0),
        string.parent.map(|(id, _)| id),
        string.parent.map(|(_, salt)| &salt[..]),
    );
    Ok(())
}

pub async fn mark_retired(tx: &mut Tx, token_id: &str, number: i64, at: Time) -> Result<()> {
    put!(tx, MARK_RETIRED, token_id, number, at.0);
    Ok(())
}

/// Erases the salts of this token's strings whose parent is dead at `now`.
pub async fn mark_salts_erased(tx: &mut Tx, token_id: &str, now: Time) -> Result<()> {
    put!(tx, MARK_SALTS_ERASED, token_id, now.0);
    Ok(())
}

/// Erases every salt of this token: it is revoked.
pub async fn mark_all_salts_erased(tx: &mut Tx, token_id: &str) -> Result<()> {
    put!(tx, MARK_ALL_SALTS_ERASED, token_id);
    Ok(())
}

/// Erases the salts of all strings whose parent died by the clock; says how many.
pub async fn mark_dead_salts_erased(tx: &mut Tx, now: Time) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(MARK_DEAD_SALTS_ERASED)
        .bind(now.0)
        .execute(c).await.map(|done| done.rows_affected()))?)
}

/// The last use of a string.
#[derive(Clone, Copy, Debug)]
pub struct LastUse<'a> {
    pub token_id: &'a str,
    pub number: i64,
    /// Exact to the minute.
    pub at: Time,
    pub from: &'a str,
}

/// Writes last uses; a later one that is known already stays. None names a string twice.
pub async fn mark_used(tx: &mut Tx, rows: &[LastUse<'_>]) -> Result<()> {
    let blank = LastUse { token_id: "", number: 0, at: Time(0), from: "" };
    for part in parts(rows, blank) {
        on!(tx, c => part
            .iter()
            .fold(sqlx::query(MARK_USED), |query, used| query
                .bind(used.token_id)
                .bind(used.number)
                .bind(used.at.0)
                .bind(used.from))
            .execute(c).await.map(drop))?;
    }
    Ok(())
}
