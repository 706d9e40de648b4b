//! The route policies of a workgroup, in table `workgroups`.

use super::{Lanes, Tx, on, statements};
use crate::domain::routes::{Family, WrittenRoutes};
use crate::server::error::Result;

statements! {
    FIND = "select routes, routes_family, routes_version from workgroups where id = $1";
    MARK_EDITED = "update workgroups set routes = $3, routes_family = $4, routes_version = routes_version + 1
        where id = $1 and routes_version = $2";
}

/// As they stand; of an unknown workgroup none.
pub async fn find(on: &mut impl Lanes, workgroup_id: &str) -> Result<WrittenRoutes> {
    let row: Option<(Option<String>, Option<String>, i64)> =
        on!(on, c => sqlx::query_as(FIND).bind(workgroup_id).fetch_optional(c).await)?;
    let written = row.map(|(text, family, version)| {
        let family = family.as_deref().and_then(Family::parse);
        WrittenRoutes { text, family, version }
    });
    Ok(written.unwrap_or_default())
}

/// Writes text and family, if nobody else did since the version that `written` names; otherwise `false`.
pub async fn mark_edited(tx: &mut Tx, workgroup_id: &str, written: &WrittenRoutes) -> Result<bool> {
    let count = on!(tx, c => sqlx::query(MARK_EDITED)
        .bind(workgroup_id)
        .bind(written.version)
        .bind(&written.text)
        .bind(written.family.map(Family::code))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(count == 1)
}
