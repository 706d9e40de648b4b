//! Table `users`.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::domain::user::{Email, User};
use crate::server::error::Result;

statements! {
    INSERT = "insert into users (id, email, email_folded, name, password_hash, administrator, time_zone, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    FIND_BY_EMAIL = "select id, email, name, password_hash, administrator, time_zone, disabled_at from users where email_folded = $1";
    FIND_BY_ID = "select id, email, name, password_hash, administrator, time_zone, disabled_at from users where id = $1";
    COUNT = "select count(*) from users";
    MARK_PASSWORD = "update users set password_hash = $1 where id = $2";
    MARK_PROFILE = "update users set name = $1, time_zone = $2 where id = $3";
    MARK_SIGNED_IN = "update users set last_signed_in_at = $1 where id = $2";
}

/// A user and what their password is checked against. Without Debug, so that the hash reaches no log.
pub struct Account {
    pub user: User,
    /// Argon2id in PHC string format.
    pub password_hash: String,
    /// Since when they cannot sign in.
    pub disabled_at: Option<Time>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    email: String,
    name: String,
    password_hash: String,
    administrator: bool,
    time_zone: String,
    disabled_at: Option<i64>,
}

impl Row {
    fn into_account(self) -> Account {
        let Row { id, email, name, password_hash, administrator, time_zone, disabled_at } = self;
        let user = User { id, name, email, administrator, time_zone };
        Account { user, password_hash, disabled_at: disabled_at.map(Time) }
    }
}

pub async fn insert(tx: &mut Tx, user: &User, email: &Email, phc: &str, now: Time) -> Result<()> {
    put!(
        tx,
        INSERT,
        &user.id,
        email.as_str(),
        email.folded(),
        &user.name,
        phc,
        user.administrator,
        &user.time_zone,
        now.0
    );
    Ok(())
}

/// Finds whoever signs in with this address, in whatever case it was typed.
pub async fn find_by_email(on: &mut impl Lanes, email: &Email) -> Result<Option<Account>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND_BY_EMAIL).bind(email.folded()).fetch_optional(c).await)?;
    Ok(row.map(Row::into_account))
}

pub async fn find_by_id(on: &mut impl Lanes, id: &str) -> Result<Option<Account>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND_BY_ID).bind(id).fetch_optional(c).await)?;
    Ok(row.map(Row::into_account))
}

pub async fn count(on: &mut impl Lanes) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT).fetch_one(c).await)?)
}

pub async fn mark_password(tx: &mut Tx, id: &str, phc: &str) -> Result<()> {
    put!(tx, MARK_PASSWORD, phc, id);
    Ok(())
}

pub async fn mark_profile(tx: &mut Tx, id: &str, name: &str, time_zone: &str) -> Result<()> {
    put!(tx, MARK_PROFILE, name, time_zone, id);
    Ok(())
}

pub async fn mark_signed_in(tx: &mut Tx, id: &str, now: Time) -> Result<()> {
    put!(tx, MARK_SIGNED_IN, now.0, id);
    Ok(())
}
