//! The demonstration: an empty database becomes an installation to look around in, with tokens in every state.
//!
//! Everything is done by the real use cases with a clock that is set back and moved forward, oldest first. Only what those
//! cannot do is written directly: months of use, legacy tokens, and mail that did not get through.

mod build;
mod calendar;
mod denials;
mod harrow;
mod legacy;
mod mail;
mod nordkern;
mod people;
mod plan;
mod questions;
mod quill;
mod story;
mod usage;

use super::clock::Clock;
use super::error::{Error, Result};
use super::mail::Mailer;
use super::state::AppState;
use super::store;
use crate::domain::refusal::Refusal;
use crate::domain::time::{DAY, Time};
use crate::domain::token_string::ALPHABET;
use secrecy::SecretString;
use std::sync::Arc;

/// How long ago the first person came, in days.
const BEGINNING: i64 = 420;

/// What was made, and how to sign in.
pub struct Installation {
    pub people: Vec<SignIn>,
    /// The same for all of them.
    pub password: SecretString,
    /// Slugs.
    pub workgroups: Vec<String>,
    pub devices: usize,
    pub tokens: usize,
}

pub struct SignIn {
    pub name: String,
    pub email: String,
    pub administrator: bool,
    /// Slugs of the workgroups that they are a member of.
    pub workgroups: Vec<String>,
}

/// Fills an empty database; one with people in it is refused.
pub async fn fill(state: &AppState) -> Result<Installation> {
    if store::users::count(&mut state.db.read().await?).await? > 0 {
        let detail = "The database is not empty. The demonstration fills an empty one only; nothing was changed.";
        return Err(Refusal::conflict(detail).into());
    }
    let now = state.now();
    let past = set_back(state, now - BEGINNING * DAY);
    let password = password(state)?;
    build::people(&past, &password).await?;
    let mut made = Installation {
        people: build::sign_ins(),
        password,
        workgroups: Vec::new(),
        devices: 0,
        tokens: 0,
    };
    for site in [harrow::site(), nordkern::site(), quill::site()] {
        let past = set_back(state, now - (BEGINNING - 1) * DAY);
        let (slug, mut lives) = build::workgroup(&past, &site).await?;
        let told = story::play(&past, &site, &slug, now, &mut lives).await;
        told.map_err(|error| unplayable(&site, error))?;
        denials::try_in_vain(&past, &site, &slug, &lives).await?;
        mail::pass(&past, now, now).await?;
        usage::write(&past, now, &lives).await?;
        for person in &mut made.people {
            if site.has(&person.email) {
                person.workgroups.push(slug.clone());
            }
        }
        made.workgroups.push(slug);
        made.devices += site.devices.len();
        made.tokens += lives.len();
    }
    mail::digests(&set_back(state, now - BEGINNING * DAY), now).await?;
    let first = made.workgroups.first().map_or("", String::as_str);
    let first = store::workgroups::find_by_slug(&mut state.db.read().await?, first).await?;
    mail::trouble(state, first.as_ref().map_or("", |it| &it.id)).await?;
    Ok(made)
}

/// A refusal while the tables are played is a fault of ours, not of whoever asked for the demonstration.
fn unplayable(site: &plan::Site, error: Error) -> Error {
    anyhow::anyhow!("{error}").context(format!("the story of {} does not work", site.name)).into()
}

/// The same installation with the clock at `then`, and with mail that reaches nobody.
fn set_back(state: &AppState, then: Time) -> AppState {
    let (clock, mailer) = (Clock::by_hand(then), Mailer::Pretended);
    AppState { clock, mailer, usage: Arc::default(), ..state.clone() }
}

/// Moves the clock forward to `then`.
fn move_to(state: &AppState, then: Time) {
    state.clock.advance((then.0 - state.now().0).max(0));
}

/// Four groups of four lower-case letters and digits, 79 bits and more, without those that look alike.
fn password(state: &AppState) -> Result<SecretString> {
    let alike = b"0O1lI";
    let fits = |c: &&u8| !c.is_ascii_uppercase() && !alike.contains(c);
    let letters: Vec<u8> = ALPHABET.iter().filter(fits).copied().collect();
    let mut text = String::new();
    for (place, byte) in state.chance.bytes::<16>()?.into_iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(letters[usize::from(byte) % letters.len()]));
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::DEVICES_MANAGE;
    use crate::domain::refusal::Code;
    use crate::domain::status::TokenStatus;
    use crate::domain::token::{Kind, Token};
    use crate::domain::token_list::TokenQuery;
    use crate::server::notices::sweep;
    use crate::server::people::trial::Trial;
    use crate::server::{operator, tokens};
    use secrecy::ExposeSecret;

    /// All tokens of Harrow Valley, in an installation that was filled on this day.
    async fn harrow_on(day: &str) -> (Trial, Installation, Vec<Token>) {
        let trial = Trial::new().await;
        move_to(&trial.state, Time::parse(day).unwrap());
        let made = fill(&trial.state).await.unwrap();
        let seat = operator::seat(&trial.state, "harrow-valley").await.unwrap();
        let query = TokenQuery { revoked: true, ..TokenQuery::default() };
        let list = tokens::list::list(&trial.state, &seat, &query, 100).await.unwrap();
        let count = |status| {
            let found = list.items.iter().filter(|token| token.status(list.now) == status).count();
            i64::try_from(found).unwrap()
        };
        for status in TokenStatus::ALL {
            assert!(count(status) >= 4, "{status:?} on {day}");
            assert_eq!(count(status), list.counts.of(status), "{status:?} on {day}");
        }
        (trial, made, list.items)
    }

    #[tokio::test]
    async fn every_state_is_there_on_whatever_day_it_is_made() {
        for day in ["2026-11-21T10:00:00Z", "2027-03-31T23:40:00Z", "2028-02-29T00:10:00Z"] {
            let (trial, _, tokens) = harrow_on(day).await;
            let now = trial.state.now();
            let some = |fits: &dyn Fn(&Token) -> bool| tokens.iter().any(fits);
            assert!(
                some(&|token| token.still_knocking(now) && token.expires_at < Some(now)),
                "{day}"
            );
            assert!(
                some(&|token| token.still_knocking(now) && token.revoked_at.is_some()),
                "{day}"
            );
            assert!(some(&|token| token.kind == Kind::Legacy && !token.scopes.is_empty()), "{day}");
            assert!(some(&|token| token.live_strings(now).count() > 1), "{day}");
            assert!(some(&|token| token.last_used_at().is_none()), "{day}");
            assert!(tokens.iter().all(|token| token.last_used_at() <= Some(now)), "{day}");
        }
    }

    /// Whoever serves it with a mail server set must not mail people who do not exist.
    #[tokio::test]
    async fn its_mail_was_sent_long_ago_but_for_one_letter_that_waits_and_one_that_was_given_up() {
        for day in ["2026-11-21T10:00:00Z", "2027-03-31T23:40:00Z", "2028-02-29T00:10:00Z"] {
            let (trial, ..) = harrow_on(day).await;
            let mut reader = trial.state.db.read().await.unwrap();
            let letters = store::health::letters(&mut reader).await.unwrap();
            assert_eq!((letters.waiting, letters.undelivered), (1, 1), "{day}");
            let now = trial.state.now();
            let due = store::outbox::list_due(&mut reader, now, 100).await.unwrap();
            assert_eq!(due, Vec::<String>::new(), "{day}");
            let sent = store::demo::list_sent(&mut reader).await.unwrap();
            let of = |kind: &str| sent.iter().filter(|it| it.letter == kind).count();
            assert!(of("issued") >= 20 && of("expiry") >= 10 && of("revoked") >= 3, "{sent:#?}");
            drop(reader);
            assert_eq!(sweep::run(&trial.state).await.unwrap().queued, 0, "nothing was left");
            let folder = &trial.state.config.mail_dir;
            assert!(!folder.exists(), "nothing was written");
        }
    }

    #[tokio::test]
    async fn it_is_made_once_and_its_people_can_sign_in() {
        let (trial, made, _) = harrow_on("2026-11-21T10:00:00Z").await;
        let again = fill(&trial.state).await.err().unwrap().into_refusal();
        assert_eq!(again.code, Code::Conflict);
        assert_eq!(made.workgroups, ["harrow-valley", "nordkern-plants", "quill-metering"]);
        let ines = made.people.iter().find(|person| person.administrator).unwrap();
        assert_eq!(ines.workgroups, made.workgroups);
        trial.sign_in(&ines.email, made.password.expose_secret()).await.unwrap();
        assert!(!trial.stored(made.password.expose_secret().as_bytes()));
        let seat = operator::seat(&trial.state, "quill-metering").await.unwrap();
        assert!(seat.rights.holds(DEVICES_MANAGE));
    }
}
