//! Whole lives in fake time, day by day: every mail that goes out, as one text.

use super::{call, renew_from};
use crate::letter::Letter;
use crate::pages::import_tokens;
use crate::test_app::TestApp;
use std::fmt::Write;

const HERE: &str = "192.0.2.1";
/// One that never was: what a hint shows of a string is chance.
const HINT: &str = "lka_…0000";

/// The mails of a life so far.
struct Mails {
    text: String,
    hints: Vec<String>,
}

impl Mails {
    fn of(hints: &[String]) -> Mails {
        Mails { text: String::new(), hints: hints.to_vec() }
    }

    fn add(&mut self, day: i64, letters: Vec<Letter>) {
        for letter in letters {
            let mut text = letter.text.trim_end().to_owned();
            for hint in &self.hints {
                text = text.replace(hint, HINT);
            }
            let text = hidden(&hidden(&text, "/unsubscribe/", 43, "CODE"), "/tokens/", 36, "TOKEN");
            let Letter { to, subject, .. } = &letter;
            writeln!(self.text, "=== day {day}\nTo: {to}\nSubject: {subject}\n\n{text}\n").unwrap();
        }
    }
}

/// What is chance behind a beginning, of the length that it must have, goes by a name.
pub fn hidden(text: &str, beginning: &str, length: usize, name: &str) -> String {
    let mut parts = text.split(beginning);
    let mut shown = parts.next().unwrap().to_owned();
    for part in parts {
        let (chance, rest) = part.split_at(length);
        assert!(chance.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{part}");
        shown += &format!("{beginning}{name}{rest}");
    }
    shown
}

/// A token that nobody renews: every mail from its issue until it is gone.
async fn of_token(expires: &str, days: i64, can_renew: bool) -> String {
    let app = TestApp::new().await;
    let issued = app
        .token(|raw| {
            (raw.expires, raw.can_renew) = (expires.into(), can_renew);
            raw.name = "production".into();
        })
        .await;
    let mut mails = Mails::of(&[issued.string.hint()]);
    mails.add(0, app.deliver_mail().await);
    for day in 1..=days {
        mails.add(day, app.live_days(1).await);
    }
    mails.text
}

#[tokio::test]
async fn a_token_of_three_months() {
    insta::assert_snapshot!("three_months", of_token("3m", 130, true).await);
}

#[tokio::test]
async fn a_token_of_seven_days_that_cannot_renew() {
    insta::assert_snapshot!("seven_days", of_token("7d", 40, false).await);
}

#[tokio::test]
async fn a_legacy_token() {
    let app = TestApp::new().await;
    let file = import_tokens::file(&[("Old portal", "old-key", "2027-01-20")]);
    import_tokens::imported(&app, &file).await;
    let mut mails = Mails::of(&[]);
    for day in 0..95 {
        mails.add(day, app.live_days(1).await);
    }
    insta::assert_snapshot!("legacy", mails.text);
}

/// Nothing but the word that it was issued.
#[tokio::test]
async fn a_token_that_is_renewed_on_time() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let mut mails = Mails::of(&[issued.string.hint()]);
    mails.add(0, app.deliver_mail().await);
    let mut string = issued.string.reveal().to_owned();
    for day in 1..=400 {
        if day % 60 == 0 {
            string = renew_from(&app, &string, HERE).await;
        }
        mails.add(day, app.live_days(1).await);
        call(&app, &string, HERE).await;
    }
    insta::assert_snapshot!("renewed_on_time", mails.text);
}
