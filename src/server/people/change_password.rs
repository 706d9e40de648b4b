//! Changing one's password: ends every session, the one that asks included, and begins a new one.

use super::password::judge;
use super::sessions;
use crate::domain::activity::{Actor, Verb};
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::user::{Email, User};
use crate::server::activity::{Deed, Subject, record_installation, values};
use crate::server::error::{Error, Result};
use crate::server::secret::Code;
use crate::server::state::AppState;
use crate::server::store::codes::Purpose;
use crate::server::store::{self, Tx};
use crate::server::viewer::Visit;
use secrecy::SecretString;

/// Gives the secret for the cookie of the new session; all earlier ones are dead.
///
/// # Errors
/// A refusal of the fields `current_password` and `new_password`, or [`crate::domain::refusal::Code::RateLimited`].
pub async fn change_password(
    visit: &Visit,
    current: SecretString,
    new: SecretString,
    agent: &str,
) -> Result<Code> {
    let (person, _) = visit.signed_in()?;
    let state = &visit.state;
    // Whoever finds a browser open must not be able to guess faster than at the sign-in page.
    let wait = state.throttle.admit(&visit.address, &person.email)?;
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    let account = store::users::find_by_id(&mut state.db.read().await?, &person.id).await?;
    let account = account.ok_or_else(Visit::nobody)?;
    let mut errors = FieldErrors::default();
    if !state.hasher.verify(current, Some(&account.password_hash)).await? {
        errors.add("current_password", "This is not your password at present.");
    }
    errors
        .take("new_password", judge(&new, &person.name, Email::parse(&person.email).ok().as_ref()));
    if !errors.is_empty() {
        return Err(errors.into_refusal().into());
    }
    let phc = state.hasher.hash(new).await?;

    let mut tx = state.db.begin().await?;
    let today = store::users::find_by_id(&mut tx, &person.id).await?;
    if today.is_none_or(|today| today.password_hash != account.password_hash) {
        return Err(changed_in_between());
    }
    let from = (visit.address.as_str(), agent);
    let cookie = replace(state, &mut tx, person, &phc, Verb::PasswordChanged, from).await?;
    state.commit(tx).await?;
    Ok(cookie)
}

/// Writes the hash of a person's new password: whatever opened their account before opens it no more, be it a session or
/// a mailed link. `from`: address and browser of the one session that begins.
pub(super) async fn replace(
    state: &AppState,
    tx: &mut Tx,
    person: &User,
    phc: &str,
    verb: Verb,
    (address, agent): (&str, &str),
) -> Result<Code> {
    store::users::mark_password(tx, &person.id, phc).await?;
    store::sessions::delete_of_user(tx, &person.id).await?;
    store::codes::delete_of_subject(tx, Purpose::Reset, &person.id).await?;
    let deed = Deed {
        verb,
        subject: Subject::new("user", &person.id, &person.name),
        before: values([]),
        after: values([]),
        address: Some(address),
    };
    let actor = Actor::Person { id: person.id.clone(), name: person.name.clone() };
    record_installation(state, tx, &actor, deed).await?;
    sessions::begin(state, tx, &person.id, address, agent).await
}

fn changed_in_between() -> Error {
    Refusal::conflict("Your password was changed elsewhere a moment ago. Sign in with the new one.")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::people::trial::{PASSWORD, Trial};

    const NEW: &str = "seven mild yellow oxen";

    #[tokio::test]
    async fn a_new_password_ends_every_other_session_and_gives_this_one_a_new_id() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let here = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        let there = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        let visit = trial.visit(&here).await;
        let fresh = change_password(&visit, PASSWORD.into(), NEW.into(), "Browser").await.unwrap();
        assert!(trial.knows(&fresh).await);
        assert!(!trial.knows(&here).await && !trial.knows(&there).await);
        assert!(trial.sign_in("ada@example.com", PASSWORD).await.is_err());
        assert!(trial.sign_in("ada@example.com", NEW).await.is_ok());
    }

    #[tokio::test]
    async fn both_fields_are_answered_at_once_and_nothing_is_changed() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let cookie = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        let visit = trial.visit(&cookie).await;
        let refused = change_password(&visit, "wrong".into(), "passwordpassword".into(), "").await;
        let refusal = refused.unwrap_err().into_refusal();
        assert!(refusal.message_for("current_password").is_some(), "{refusal:?}");
        assert!(refusal.message_for("new_password").is_some(), "{refusal:?}");
        assert!(trial.knows(&cookie).await);
        assert!(trial.sign_in("ada@example.com", PASSWORD).await.is_ok());
    }
}
