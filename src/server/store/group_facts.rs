//! Table `device_groups` with what is counted of each group: what lists and pages show.

use super::{Lanes, contains, on, statements};
use crate::domain::device_groups::{GroupFacts, RuleFacts};
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::server::error::Result;
use anyhow::anyhow;

/// A group with what is counted of it; each count has an index of its own.
macro_rules! facts {
    () => {
        "select g.id, g.name, g.name_folded, g.rule, g.metadata_key, g.metadata_value, g.version, g.created_at,
            (select count(*) from device_group_members m where m.group_id = g.id) as listed,
            case g.rule
                when 'in' then (select count(*) from device_group_members m where m.group_id = g.id)
                when 'not_in' then (select count(*) from devices d where d.workgroup_id = g.workgroup_id)
                    - (select count(*) from device_group_members m where m.group_id = g.id)
                else (select count(*) from device_metadata v join devices d on d.id = v.device_id
                    where v.key = g.metadata_key and v.value = g.metadata_value
                        and d.workgroup_id = g.workgroup_id)
            end as devices,
            (select count(*) from tokens t where t.device_group_id = g.id and t.revoked_at is null) as tokens,
            (select count(*) from tokens t where t.device_group_id = g.id and t.revoked_at is not null) as revoked,
            (select count(*) from memberships b where b.device_group_id = g.id) as members,
            (select count(*) from invitations i where i.device_group_id = g.id) as invitations
        from device_groups g"
    };
}

/// `$2`: the one group that is seen, empty for all; `$3`: the search pattern, empty for none; `$4`: the cursor.
macro_rules! page {
    ($compare:literal, $order:literal) => {
        concat!(
            facts!(),
            " where g.workgroup_id = $1 and ($2 = '' or g.id = $2)
            and ($3 = '' or g.name_folded like $3 escape '\\') and g.name_folded ",
            $compare,
            " $4 order by g.name_folded ",
            $order,
            " limit $5"
        )
    };
}

statements! {
    FIND = concat!(facts!(), " where g.workgroup_id = $1 and g.id = $2");
    PAGE_AFTER = page!(">", "asc");
    PAGE_BEFORE = page!("<", "desc");
    COUNT = "select count(*) from device_groups where workgroup_id = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    name_folded: String,
    rule: String,
    metadata_key: Option<String>,
    metadata_value: Option<String>,
    version: i64,
    created_at: i64,
    listed: i64,
    devices: i64,
    tokens: i64,
    revoked: i64,
    members: i64,
    invitations: i64,
}

impl Row {
    fn into_facts(self) -> Result<GroupFacts> {
        let rule = match (self.rule.as_str(), self.metadata_key, self.metadata_value) {
            ("in", None, None) => RuleFacts::In(self.listed),
            ("not_in", None, None) => RuleFacts::NotIn(self.listed),
            ("metadata", Some(key), Some(value)) => RuleFacts::Metadata { key, value },
            (other, ..) => {
                return Err(anyhow!("device group {} has the rule {other}", self.id).into());
            }
        };
        Ok(GroupFacts {
            id: self.id,
            name: self.name,
            rule,
            devices: self.devices,
            tokens: self.tokens,
            revoked: self.revoked,
            members: self.members,
            invitations: self.invitations,
            version: self.version,
            created_at: Time(self.created_at),
        })
    }
}

/// A group of the workgroup with what is counted of it.
pub async fn find(on: &mut impl Lanes, workgroup_id: &str, id: &str) -> Result<Option<GroupFacts>> {
    let row: Option<Row> = on!(on, c => sqlx::query_as(FIND)
        .bind(workgroup_id)
        .bind(id)
        .fetch_optional(c).await)?;
    row.map(Row::into_facts).transpose()
}

/// What is asked of a page of groups.
pub struct Ask<'a> {
    pub workgroup_id: &'a str,
    /// The group that whoever asks is bound to.
    pub bound_to: Option<&'a str>,
    pub search: &'a str,
    pub most: i64,
}

/// Groups by name behind the cursor, or before it (still by name), each with the cursor that it is.
pub async fn list_page(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    from: &str,
    forward: bool,
) -> Result<Vec<(String, GroupFacts)>> {
    let sql = if forward { PAGE_AFTER } else { PAGE_BEFORE };
    let search = fold(ask.search.trim());
    let pattern = if search.is_empty() { String::new() } else { contains(&search) };
    let mut rows: Vec<Row> = on!(on, c => sqlx::query_as(sql)
        .bind(ask.workgroup_id)
        .bind(ask.bound_to.unwrap_or_default())
        .bind(&pattern)
        .bind(from)
        .bind(ask.most)
        .fetch_all(c).await)?;
    if !forward {
        rows.reverse();
    }
    rows.into_iter().map(|row| Ok((row.name_folded.clone(), row.into_facts()?))).collect()
}

pub async fn count(on: &mut impl Lanes, workgroup_id: &str) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT).bind(workgroup_id).fetch_one(c).await)?)
}
