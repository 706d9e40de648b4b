//! Signing in by e-mail address and password: one answer, after the same work, for whatever was wrong.

use super::sessions::{self, NewSession};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::user::Email;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store::{self, users::Account};
use secrecy::SecretString;

/// Checks the password and begins a session; `agent` is what the browser says of itself.
///
/// # Errors
/// [`Code::RateLimited`] when the address asks too often, [`Code::InvalidInput`] when address or password is wrong.
pub async fn sign_in(
    state: &AppState,
    email: &str,
    password: SecretString,
    address: &str,
    agent: &str,
) -> Result<NewSession> {
    let wait = state.throttle.admit(address, email)?;
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    let account = find(state, email).await?;
    let phc = account.as_ref().map(|account| account.password_hash.as_str());
    let fits = state.hasher.verify(password, phc).await?;
    match account {
        Some(account) if fits => begin(state, account, address, agent).await,
        _ => Err(wrong(address)),
    }
}

/// The connection is given back before the password is looked at.
async fn find(state: &AppState, email: &str) -> Result<Option<Account>> {
    let Ok(email) = Email::parse(email) else { return Ok(None) };
    store::users::find_by_email(&mut state.db.read().await?, &email).await
}

async fn begin(
    state: &AppState,
    account: Account,
    address: &str,
    agent: &str,
) -> Result<NewSession> {
    let Account { user, password_hash, .. } = account;
    let mut tx = state.db.begin().await?;
    // A password that was changed while the old one was being checked opens nothing any more.
    let today = store::users::find_by_id(&mut tx, &user.id).await?;
    let Some(today) = today.filter(|today| today.password_hash == password_hash) else {
        return Err(wrong(address));
    };
    if today.disabled_at.is_some() {
        // Told only to whoever knows the password.
        return Err(disabled());
    }
    let cookie = sessions::begin(state, &mut tx, &user.id, address, agent).await?;
    store::users::mark_signed_in(&mut tx, &user.id, state.now()).await?;
    state.commit(tx).await?;
    Ok(NewSession { cookie, user })
}

/// The address typed is not logged: now and then it is the password.
fn wrong(address: &str) -> Error {
    tracing::info!(address, "a sign-in was refused");
    Refusal::new(Code::InvalidInput, "E-mail address or password is wrong.").into()
}

fn disabled() -> Error {
    let detail =
        "This account is disabled. Ask an administrator of this installation to enable it.";
    Refusal::new(Code::InvalidInput, detail).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::people::trial::{PASSWORD, Trial};

    #[tokio::test]
    async fn unknown_and_known_addresses_get_the_same_answer() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let cases = [
            ("ada@example.com", "wrong wrong wrong"),
            ("eve@example.com", PASSWORD),
            ("not an address", PASSWORD),
            ("ada@example.com", ""),
            ("", ""),
        ];
        let mut answers = Vec::new();
        for (email, password) in cases {
            answers.push(trial.sign_in(email, password).await.unwrap_err().into_refusal());
        }
        assert_eq!(answers[0].detail, "E-mail address or password is wrong.");
        assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    }

    #[tokio::test]
    async fn the_address_may_be_typed_in_any_case() {
        let trial = Trial::new().await;
        trial.user("Ada", "Ada@example.com").await;
        let session = trial.sign_in(" ADA@Example.com ", PASSWORD).await.unwrap();
        assert_eq!(session.user.name, "Ada");
    }

    #[tokio::test]
    async fn each_sign_in_has_an_id_of_its_own_and_the_store_does_not_hold_it() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let first = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        let second = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        assert_ne!(first, second);
        assert!(trial.knows(&first).await && trial.knows(&second).await);
        assert!(
            !trial.stored(first.reveal().as_bytes()),
            "the id itself is nowhere in the database"
        );
        assert!(trial.stored(&first.hash()), "its hash is");
    }

    #[tokio::test]
    async fn the_eleventh_guess_from_an_address_is_refused_and_the_owner_gets_in_from_elsewhere() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        for _ in 0..10 {
            assert!(trial.sign_in("eve@example.com", "wrong wrong wrong").await.is_err());
        }
        let refusal = trial.sign_in("ada@example.com", PASSWORD).await.unwrap_err().into_refusal();
        assert_eq!(refusal.code, Code::RateLimited);
        let elsewhere =
            sign_in(&trial.state, "ada@example.com", PASSWORD.into(), "192.0.2.9", "").await;
        assert!(elsewhere.is_ok());
    }
}
