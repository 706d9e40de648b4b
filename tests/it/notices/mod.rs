//! Letters that are owed, from the outbox to the mail folder or a mail server.

mod addresses;
mod clumsy;
mod deliver;
mod digest;
mod digest_sections;
mod letters;
pub mod life;
mod model;
mod smtp;
mod strings;
mod sweep;
mod thirty_years;
mod two_servers;

use crate::letter::Letter;
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::token_draft::RawEdit;
use latchkey::server::tokens::{edit, renew, verify};

/// A token of which nothing is due, its first letter sent.
async fn quiet_token(app: &TestApp, email: &str, expires: &str) -> IssuedToken {
    let issued = app.token(|raw| (raw.email, raw.expires) = (email.into(), expires.into())).await;
    app.deliver_mail().await;
    issued
}

/// Calls with the string from there, and has the use written.
async fn call(app: &TestApp, text: &str, from: &str) {
    verify::present(&app.state, text, from).await.unwrap();
    app.flush().await;
}

/// Renews with the string from there, as the API does; gives the next one.
async fn renew_from(app: &TestApp, text: &str, from: &str) -> String {
    let presented = verify::present(&app.state, text, from).await.unwrap();
    let next = renew::renew(&app.state, &presented, text, from).await.unwrap();
    app.flush().await;
    next.string.reveal().to_owned()
}

async fn move_to(app: &TestApp, issued: &IssuedToken, email: &str) {
    let id = &issued.token.id;
    let version = latchkey::server::tokens::show::one(&app.state, &app.seat(), id).await;
    let raw = RawEdit {
        version: version.unwrap().version,
        email: Some(email.into()),
        ..RawEdit::default()
    };
    edit::edit(&app.state, &app.seat(), id, &raw, None).await.unwrap();
}

/// A tick and a delivery now: recipient and subject of what went out, in the order of the addresses.
async fn told(app: &TestApp) -> Vec<(String, String)> {
    app.tick().await;
    said(app.deliver_mail().await)
}

/// The letters to token owners: digests have a link that ends them.
fn without_digests(mut letters: Vec<Letter>) -> Vec<Letter> {
    letters.retain(|letter| letter.header("List-Unsubscribe").is_empty());
    letters
}

fn said(letters: Vec<Letter>) -> Vec<(String, String)> {
    let mut said: Vec<_> =
        without_digests(letters).into_iter().map(|it| (it.to, it.subject)).collect();
    said.sort();
    said
}

/// The addresses alone.
fn to(told: &[(String, String)]) -> Vec<&str> {
    told.iter().map(|(to, _)| to.as_str()).collect()
}
