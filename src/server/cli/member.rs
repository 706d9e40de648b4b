//! `latchkey member`: who belongs to a workgroup, with which rights, and who is invited.

use super::answer::Answer;
use super::table::table;
use crate::domain::members::MemberRow;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Rights;
use crate::server::error::{Error, Result};
use crate::server::operator;
use crate::server::people::invitations;
use crate::server::people::members::{self, Standing};
use crate::server::state::AppState;
use clap::{ArgGroup, Args, Subcommand};
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub enum Member {
    /// Make somebody a member, or change what a member holds
    Set(Set),
    /// Invite somebody by mail
    Invite(Set),
    /// List the members
    List(List),
    /// Remove a member; the tokens that they issued live on
    Remove(Remove),
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("rights").args(["owner", "permission"]).required(true))]
pub struct Set {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// E-mail address of the person; to be set, they must exist
    #[arg(long)]
    email: String,
    /// Holds every permission
    #[arg(long)]
    owner: bool,
    /// Holds this permission; may repeat
    #[arg(long, value_name = "P", num_args = 1..)]
    permission: Vec<String>,
    /// Bound to this device group
    #[arg(long, value_name = "NAME", conflicts_with = "owner")]
    device_group: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub struct List {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub struct Remove {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// E-mail address of the member
    #[arg(long)]
    email: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Member {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        Ok(match self {
            Member::Set(asked) => set(state, asked).await,
            Member::Invite(asked) => invite(state, asked).await,
            Member::List(asked) => list(state, asked).await,
            Member::Remove(asked) => remove(state, asked).await,
        }?)
    }
}

fn standing(owner: bool, permissions: Vec<String>) -> Standing {
    if owner { Standing::Owner } else { Standing::Chosen(permissions) }
}

async fn set(state: &AppState, asked: Set) -> Result<Answer> {
    let standing = standing(asked.owner, asked.permission);
    let (slug, email, group) = (&asked.workgroup, &asked.email, asked.device_group.as_deref());
    let member = members::set_member(state, slug, email, standing, group).await?;
    if asked.json {
        let (slug, user) = (&member.workgroup.slug, &member.user);
        return Ok(Answer::json(&facts(slug, &user.email, &user.name, &member.rights)));
    }
    let role = if member.rights.owner { "an owner" } else { "a member" };
    Ok(Answer::text(format!("{} is now {role} of {}.", member.user.name, member.workgroup.name)))
}

fn facts(workgroup: &str, email: &str, name: &str, rights: &Rights) -> Value {
    json!({
        "workgroup": workgroup,
        "email": email,
        "name": name,
        "owner": rights.owner,
        "permissions": rights.permissions,
        "device_group": rights.group.as_ref().map(|group| &group.name),
    })
}

async fn invite(state: &AppState, asked: Set) -> Result<Answer> {
    let seat = operator::seat(state, &asked.workgroup).await?;
    let raw = standing(asked.owner, asked.permission).raw(asked.device_group.as_deref());
    let made = invitations::invite(state, &seat, &asked.email, &raw, None).await?;
    if asked.json {
        return Ok(Answer::json(&json!({
            "id": made.id,
            "workgroup": seat.workgroup.slug,
            "email": made.email,
            "owner": made.offered.owner,
            "permissions": made.offered.permissions,
            "device_group": asked.device_group,
            "expires_at": made.expires_at.rfc3339(),
        })));
    }
    let (email, until) = (made.email, made.expires_at.exact());
    Ok(Answer::text(format!("{email} is invited to {} until {until}.", seat.workgroup.name))
        .aside("The letter with the link goes out with the next delivery round."))
}

async fn list(state: &AppState, asked: List) -> Result<Answer> {
    let seat = operator::seat(state, &asked.workgroup).await?;
    let all = members::list::all(state, &seat).await?;
    if asked.json {
        let items: Vec<Value> = all.iter().map(row).collect();
        return Ok(Answer::json(&json!({ "items": items })));
    }
    let seen = |member: &MemberRow| {
        member.last_signed_in_at.map_or_else(|| "never".to_owned(), |at| at.exact())
    };
    let rows: Vec<[String; 4]> = all
        .iter()
        .map(|it| [it.name.clone(), it.email.clone(), it.rights.in_words(), seen(it)])
        .collect();
    Ok(Answer::text(table(["name", "email", "holds", "last signed in"], &rows)))
}

fn row(member: &MemberRow) -> Value {
    let permissions: Vec<_> = member.rights.permissions.iter().map(|it| &it.name).collect();
    json!({
        "email": member.email,
        "name": member.name,
        "owner": member.rights.owner,
        "permissions": permissions,
        "device_group": member.rights.group,
        "disabled": member.disabled,
        "joined_at": member.joined_at.rfc3339(),
        "last_signed_in_at": member.last_signed_in_at.map(|at| at.rfc3339()),
    })
}

async fn remove(state: &AppState, asked: Remove) -> Result<Answer> {
    let seat = operator::seat(state, &asked.workgroup).await?;
    let all = members::list::all(state, &seat).await?;
    let wanted = asked.email.trim().to_lowercase();
    let member = all.into_iter().find(|member| member.email.to_lowercase() == wanted);
    let member = member.ok_or_else(|| {
        let detail = format!("{} is no member of {}.", asked.email.trim(), seat.workgroup.name);
        Error::from(Refusal::new(Code::NotFound, detail))
    })?;
    let user = members::remove::remove(state, &seat, &member.user_id, None).await?;
    if asked.json {
        let slug = &seat.workgroup.slug;
        return Ok(Answer::json(
            &json!({ "workgroup": slug, "email": user.email, "name": user.name }),
        ));
    }
    Ok(Answer::text(format!("{} is no longer a member of {}.", user.name, seat.workgroup.name)))
}
