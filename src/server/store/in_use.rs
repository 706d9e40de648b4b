//! What the writing of uses reads and marks of table `tokens`.

use super::many::{many, parts};
use super::strings::{AT_ONCE, hundred};
use super::{Lanes, Tx, from_json, on, statements};
use crate::domain::time::Time;
use crate::server::error::Result;
use std::collections::BTreeSet;

statements! {
    LIST = concat!("select id, permissions, expires_at, revoked_at from tokens where id in (", hundred!(), ")");
    // Once a day for each token: the index over it is left alone by whatever else is counted.
    MARK_USED_DAY = many!(
        "update tokens set used_day = v.column2 from (values (cast($1 as text), cast($2 as bigint))",
        2,
        ") v where tokens.id = v.column1 and coalesce(tokens.used_day, 0) < v.column2");
}

/// A token that stands.
#[derive(Clone, Debug)]
pub struct InUse {
    pub id: String,
    pub permissions: BTreeSet<String>,
    expires_at: Option<Time>,
    revoked_at: Option<Time>,
}

impl InUse {
    #[must_use]
    pub fn has_ended(&self, now: Time) -> bool {
        self.revoked_at.is_some() || self.expires_at.is_some_and(|end| end <= now)
    }
}

type Row = (String, String, Option<i64>, Option<i64>);

/// Those of up to [`AT_ONCE`] tokens that stand; the others were removed.
pub async fn list(on: &mut impl Lanes, token_ids: &[&str]) -> Result<Vec<InUse>> {
    let Some(last) = token_ids.last() else { return Ok(Vec::new()) };
    let padded = token_ids.iter().chain(std::iter::repeat(last)).take(AT_ONCE);
    let rows: Vec<Row> = on!(on, c => padded
        .fold(sqlx::query_as(LIST), |query, id| query.bind(*id))
        .fetch_all(c).await)?;
    let in_use = |(id, permissions, expires_at, revoked_at): Row| {
        Ok(InUse {
            id,
            permissions: from_json(&permissions)?,
            expires_at: expires_at.map(Time),
            revoked_at: revoked_at.map(Time),
        })
    };
    rows.into_iter().map(in_use).collect()
}

/// The tokens were used on these days; none is named twice.
pub async fn mark_used_day(tx: &mut Tx, rows: &[(&str, i64)]) -> Result<()> {
    for part in parts(rows, ("", 0)) {
        on!(tx, c => part
            .iter()
            .fold(sqlx::query(MARK_USED_DAY), |query, (id, day)| query.bind(*id).bind(*day))
            .execute(c).await.map(drop))?;
    }
    Ok(())
}
