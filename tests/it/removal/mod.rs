//! Removal by the clock: what goes and when, what a late caller is told, and what it meets on the way.

mod late;
mod races;
mod strings;
mod tokens;

use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::token::Token;
use latchkey::domain::token_draft::RawEdit;
use latchkey::server::store::{self, Db};
use latchkey::server::tokens::purge::{self, Purged};
use latchkey::server::tokens::{edit, show};

pub async fn run_sql(app: &TestApp, statement: &'static str) {
    match &app.state.db {
        Db::Sqlite { write, .. } => drop(sqlx::query(statement).execute(write).await.unwrap()),
        Db::Postgres(pool) => drop(sqlx::query(statement).execute(pool).await.unwrap()),
    }
}

/// Removes what is due, as if the sweep had looked at every token and every letter had gone out.
pub async fn purged(app: &TestApp) -> Purged {
    run_sql(app, "update tokens set look_at = null").await;
    run_sql(app, "update outbox set sent_at = 1 where sent_at is null").await;
    purge::run(&app.state).await.unwrap()
}

/// So many tokens and nothing else.
pub fn tokens(count: u32) -> Purged {
    Purged { tokens: count, ..Purged::default() }
}

/// So many strings and nothing else.
pub fn strings(count: u32) -> Purged {
    Purged { strings: count, ..Purged::default() }
}

/// A fresh installation on each engine there is.
pub async fn apps() -> Vec<TestApp> {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    apps
}

async fn week(app: &TestApp) -> IssuedToken {
    app.token(|raw| raw.expires = "7d".into()).await
}

async fn now_is(app: &TestApp, issued: &IssuedToken) -> Token {
    show::one(&app.state, &app.seat(), &issued.token.id).await.unwrap()
}

async fn is_gone(app: &TestApp, issued: &IssuedToken) -> bool {
    let mut reader = app.state.db.read().await.unwrap();
    store::tokens::find_anywhere(&mut reader, &issued.token.id).await.unwrap().is_none()
}

/// Changes the lifetime of its future strings.
async fn set_lifetime(app: &TestApp, issued: &IssuedToken, expires: &str) {
    let version = now_is(app, issued).await.version;
    let raw = RawEdit { version, expires: Some(expires.into()), ..RawEdit::default() };
    edit::edit(&app.state, &app.seat(), &issued.token.id, &raw, None).await.unwrap();
}
