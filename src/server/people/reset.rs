//! A forgotten password: a mailed one-time link sets a new one. Nobody learns here whether an address is known.

use super::change_password::replace;
use super::password::judge;
use super::sessions::NewSession;
use crate::domain::activity::Verb;
use crate::domain::answers::ResetPage;
use crate::domain::refusal::{self, FieldErrors, Refusal};
use crate::domain::time::{MINUTE, Time};
use crate::domain::user::{Email, User};
use crate::server::error::Result;
use crate::server::notices::{Letter, owe, owed_lately};
use crate::server::secret::Code;
use crate::server::state::AppState;
use crate::server::store::codes::Purpose;
use crate::server::store::{self, Lanes};
use secrecy::SecretString;
use std::time::Duration;

/// Every answer takes this long: longer than owing a letter does, so that the time tells nothing.
const ANSWER_TIME: Duration = Duration::from_millis(400);
/// One person is sent one link in this time, however often somebody asks: whoever asks for others fills no mailbox.
const LINKS_EVERY: i64 = 5 * MINUTE;

/// Owes a link to whoever has the address, if somebody does; the answer is the same either way.
///
/// # Errors
/// A refusal of the field `email` when it is no address, or [`refusal::Code::RateLimited`].
pub async fn ask(state: &AppState, email: &str, address: &str) -> Result<()> {
    let mut errors = FieldErrors::default();
    let Some(parsed) = errors.take("email", Email::parse(email)) else {
        return Err(errors.into_refusal().into());
    };
    let wait = state.throttle.admit(address, email)?;
    let answered = tokio::time::sleep(wait + ANSWER_TIME);
    let ((), owed) = tokio::join!(answered, async {
        tokio::time::sleep(wait).await;
        owe_link(state, &parsed).await
    });
    owed
}

async fn owe_link(state: &AppState, email: &Email) -> Result<()> {
    let found = store::users::find_by_email(&mut state.db.read().await?, email).await?;
    let Some(account) = found.filter(|account| account.disabled_at.is_none()) else {
        return Ok(());
    };
    let letter = Letter::Reset { user_id: account.user.id };
    // The address as the person wrote it once, not as somebody typed it now.
    let recipient = Email::parse(&account.user.email).map_err(anyhow::Error::msg)?;
    let mut tx = state.db.begin().await?;
    if owed_lately(&mut tx, &letter, state.now() - LINKS_EVERY).await? {
        return Ok(());
    }
    owe(state, &mut tx, &letter, None, &recipient).await?;
    state.commit(tx).await
}

/// What the form shows.
///
/// # Errors
/// Not found, once the link was used, has ended, or was replaced.
pub async fn page(state: &AppState, code: &str) -> Result<ResetPage> {
    let mut reader = state.db.read().await?;
    let (user, expires_at) = check(state, &mut reader, &Code::received(code)).await?;
    let host = state.config.public_url.host().to_owned();
    Ok(ResetPage { host, email: user.email, expires_at })
}

/// Sets the password, ends every session of the person, and begins one under a new id.
///
/// # Errors
/// As [`page`]; or a refusal of the field `new_password`.
pub async fn complete(
    state: &AppState,
    code: &str,
    password: SecretString,
    address: &str,
    agent: &str,
) -> Result<NewSession> {
    let code = Code::received(code);
    // First of all: whoever has no link is told nothing and makes no work.
    let (user, _) = check(state, &mut state.db.read().await?, &code).await?;
    let mut errors = FieldErrors::default();
    let email = Email::parse(&user.email).ok();
    errors.take("new_password", judge(&password, &user.name, email.as_ref()));
    if !errors.is_empty() {
        return Err(errors.into_refusal().into());
    }
    let phc = state.hasher.hash(password).await?;
    let mut tx = state.db.begin().await?;
    let (user, _) = check(state, &mut tx, &code).await?;
    let from = (address, agent);
    let cookie = replace(state, &mut tx, &user, &phc, Verb::PasswordReset, from).await?;
    store::users::mark_signed_in(&mut tx, &user.id, state.now()).await?;
    state.commit(tx).await?;
    Ok(NewSession { cookie, user })
}

/// Whose password the link sets, and until when.
async fn check(state: &AppState, on: &mut impl Lanes, code: &Code) -> Result<(User, Time)> {
    let found = store::codes::find(on, &code.hash(), Purpose::Reset).await?;
    let found = found.filter(|found| state.now() < found.expires_at);
    let Some((user_id, expires_at)) = found.and_then(|it| Some((it.subject_id?, it.expires_at)))
    else {
        return Err(gone().into());
    };
    let account = store::users::find_by_id(on, &user_id).await?;
    let enabled = account.filter(|account| account.disabled_at.is_none());
    Ok((enabled.ok_or_else(gone)?.user, expires_at))
}

fn gone() -> Refusal {
    Refusal::new(
        refusal::Code::NotFound,
        "This link does not work: it was used, is older than 30 minutes, or was replaced by a newer one. \
         Ask for another.",
    )
}
