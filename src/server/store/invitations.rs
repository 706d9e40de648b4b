//! Table `invitations`: the pending ones alone. What was accepted or withdrawn is gone.

use super::memberships::Membership;
use super::{Lanes, Tx, from_json, on, put, statements, to_json};
use crate::domain::activity::Actor;
use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::error::Result;

/// The columns of every reading statement.
macro_rules! columns {
    () => {
        "select i.id, i.workgroup_id, i.email, i.owner, i.permissions, i.device_group_id, i.invited_by_kind,
            i.invited_by_id, i.invited_by_name, i.expires_at from invitations i"
    };
}

statements! {
    INSERT = "insert into invitations
            (id, workgroup_id, email, email_folded, owner, permissions, device_group_id, invited_by_kind, invited_by_id,
             invited_by_name, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    FIND = concat!(columns!(), " where i.id = $1");
    FIND_BY_EMAIL = concat!(columns!(), " where i.workgroup_id = $1 and i.email_folded = $2");
    LIST = concat!(columns!(), " where i.workgroup_id = $1 order by i.email_folded");
    MARK_SENT = "update invitations
        set invited_by_kind = $1, invited_by_id = $2, invited_by_name = $3, expires_at = $4 where id = $5";
    DELETE = "delete from invitations where id = $1";
}

#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: String,
    pub workgroup_id: String,
    pub email: String,
    /// What whoever accepts it will hold.
    pub offered: Membership,
    /// Whoever sent it last.
    pub invited_by: Actor,
    /// Of the link that was sent last.
    pub expires_at: Time,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    workgroup_id: String,
    email: String,
    owner: bool,
    permissions: String,
    device_group_id: Option<String>,
    invited_by_kind: String,
    invited_by_id: String,
    invited_by_name: String,
    expires_at: i64,
}

impl Row {
    fn into_invitation(self) -> Result<Invitation> {
        let (id, name) = (self.invited_by_id, self.invited_by_name);
        let invited_by = match self.invited_by_kind.as_str() {
            "person" => Actor::Person { id, name },
            "token" => Actor::Token { id, title: name },
            _ => Actor::CommandLine,
        };
        let offered = Membership {
            owner: self.owner,
            permissions: from_json(&self.permissions)?,
            device_group_id: self.device_group_id,
            version: 0,
        };
        let (workgroup_id, email) = (self.workgroup_id, self.email);
        let expires_at = Time(self.expires_at);
        Ok(Invitation { id: self.id, workgroup_id, email, offered, invited_by, expires_at })
    }
}

/// The name under which an actor stands here: the store keeps no words of ours round it.
fn name(actor: &Actor) -> String {
    match actor {
        Actor::Token { title, .. } => title.clone(),
        other => other.label(),
    }
}

pub async fn insert(tx: &mut Tx, it: &Invitation, email: &Email, now: Time) -> Result<()> {
    let permissions = to_json(&it.offered.permissions)?;
    let (kind, by) = it.invited_by.key();
    put!(
        tx,
        INSERT,
        &it.id,
        &it.workgroup_id,
        email.as_str(),
        email.folded(),
        it.offered.owner,
        &permissions,
        it.offered.device_group_id.as_deref(),
        kind,
        by,
        name(&it.invited_by),
        now.0,
        it.expires_at.0
    );
    Ok(())
}

pub async fn find(on: &mut impl Lanes, id: &str) -> Result<Option<Invitation>> {
    let row: Option<Row> = on!(on, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_invitation).transpose()
}

/// By address, in whatever case it was typed.
pub async fn find_by_email(
    on: &mut impl Lanes,
    workgroup_id: &str,
    email: &Email,
) -> Result<Option<Invitation>> {
    let row: Option<Row> = on!(on, c => sqlx::query_as(FIND_BY_EMAIL)
        .bind(workgroup_id)
        .bind(email.folded())
        .fetch_optional(c).await)?;
    row.map(Row::into_invitation).transpose()
}

/// A workgroup's invitations, by address; expired ones too.
pub async fn list(on: &mut impl Lanes, workgroup_id: &str) -> Result<Vec<Invitation>> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST).bind(workgroup_id).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_invitation).collect()
}

/// Sent again, by this one, until then.
pub async fn mark_sent(tx: &mut Tx, id: &str, by: &Actor, expires_at: Time) -> Result<()> {
    let (kind, by_id) = by.key();
    put!(tx, MARK_SENT, kind, by_id, name(by), expires_at.0, id);
    Ok(())
}

pub async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    put!(tx, DELETE, id);
    Ok(())
}
