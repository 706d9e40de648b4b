//! The only room that speaks SQL: one file a table, one text a statement, portable between SQLite and PostgreSQL.
//!
//! Reads take anything that can be read from ([`Lanes`]: a [`Reader`] or a [`Tx`]); writes take a [`Tx`] alone, so that a
//! write outside of a transaction cannot be written.

mod db;
mod lease;
mod migrate;
mod turns;
mod writes;

pub mod activity;
pub mod activity_lists;
pub mod again;
pub mod asks;
pub mod calendar;
pub mod changes;
pub mod codes;
pub mod demo;
pub mod device_lists;
pub mod devices;
pub mod digest_facts;
pub mod digests;
pub mod expiry_days;
pub mod grants;
pub mod group_facts;
pub mod group_reach;
pub mod groups;
pub mod health;
pub mod idempotency;
pub mod imports;
pub mod in_use;
pub mod installation;
pub mod invitations;
pub mod knocks;
pub mod letters;
pub mod looks;
mod many;
pub mod memberships;
pub mod notice_lists;
pub mod notices;
pub mod outbox;
pub mod permissions;
pub mod refusals;
pub mod removal;
pub mod routes;
pub mod sessions;
pub mod strings;
pub mod token_addresses;
pub mod token_lists;
pub mod tokens;
pub mod tombstones;
pub mod user_lists;
pub mod users;
pub mod uses;
pub mod workgroups;

pub use db::{Db, Lane, Lanes, Reader, Tx};
pub use lease::ServerLease;
pub use migrate::{migrate, require_equal_schema};
pub use turns::Tally;

/// Names the statements of a file as constants, and lists them for the test that prepares each on both engines.
macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(const $name: &str = $sql;)*
        /// Every statement of this table, by name.
        pub const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

/// Runs one body against the connection of either engine.
macro_rules! on {
    ($on:expr, $connection:ident => $body:expr) => {
        match $crate::server::store::Lanes::lane($on).await? {
            $crate::server::store::Lane::Sqlite($connection) => $body,
            $crate::server::store::Lane::Postgres($connection) => $body,
        }
    };
}

/// Writes, and asks nothing but that it is done: before whatever the transaction does next, or by its commit.
macro_rules! put {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match $tx.writing().await? {
            $crate::server::store::writes::Writing::Sqlite(writes) => writes.add($sql, |_values| {
                $(sqlx::Arguments::add(_values, $value)?;)*
                Ok(())
            })?,
            $crate::server::store::writes::Writing::Postgres(connection) => {
                sqlx::query($sql)$(.bind($value))*.execute(connection).await?;
            }
        }
    };
}

use on;
use put;
use statements;

/// Every statement of the store, by table and name.
pub fn all_statements() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    [
        ("activity", activity::STATEMENTS),
        ("activity_lists", activity_lists::STATEMENTS),
        ("again", again::STATEMENTS),
        ("asks", asks::STATEMENTS),
        ("calendar", calendar::STATEMENTS),
        ("changes", changes::STATEMENTS),
        ("codes", codes::STATEMENTS),
        ("demo", demo::STATEMENTS),
        ("device_lists", device_lists::STATEMENTS),
        ("devices", devices::STATEMENTS),
        ("digest_facts", digest_facts::STATEMENTS),
        ("digests", digests::STATEMENTS),
        ("expiry_days", expiry_days::STATEMENTS),
        ("grants", grants::STATEMENTS),
        ("group_facts", group_facts::STATEMENTS),
        ("group_reach", group_reach::STATEMENTS),
        ("groups", groups::STATEMENTS),
        ("health", health::STATEMENTS),
        ("idempotency", idempotency::STATEMENTS),
        ("imports", imports::STATEMENTS),
        ("in_use", in_use::STATEMENTS),
        ("installation", installation::STATEMENTS),
        ("invitations", invitations::STATEMENTS),
        ("knocks", knocks::STATEMENTS),
        ("letters", letters::STATEMENTS),
        ("looks", looks::STATEMENTS),
        ("memberships", memberships::STATEMENTS),
        ("notice_lists", notice_lists::STATEMENTS),
        ("notices", notices::STATEMENTS),
        ("outbox", outbox::STATEMENTS),
        ("permissions", permissions::STATEMENTS),
        ("refusals", refusals::STATEMENTS),
        ("removal", removal::STATEMENTS),
        ("routes", routes::STATEMENTS),
        ("sessions", sessions::STATEMENTS),
        ("strings", strings::STATEMENTS),
        ("token_addresses", token_addresses::STATEMENTS),
        ("token_lists", token_lists::STATEMENTS),
        ("tombstones", tombstones::STATEMENTS),
        ("tokens", tokens::STATEMENTS),
        ("user_lists", user_lists::STATEMENTS),
        ("users", users::STATEMENTS),
        ("uses", uses::STATEMENTS),
        ("workgroups", workgroups::STATEMENTS),
    ]
    .into_iter()
    .flat_map(|(table, all)| all.iter().map(move |(name, sql)| (table, *name, *sql)))
}

/// `%needle%` for LIKE with `\` as the escape character.
fn contains(needle: &str) -> String {
    let mut pattern = String::from("%");
    for c in needle.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A JSON text of ours, as it stands in a column.
fn to_json<T: serde::Serialize>(value: &T) -> anyhow::Result<String> {
    Ok(serde_json::to_string(value)?)
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> anyhow::Result<T> {
    Ok(serde_json::from_str(text)?)
}
