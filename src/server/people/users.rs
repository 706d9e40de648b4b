//! Making a user: what was typed, checked whole, and the row that comes of it.

use super::password::judge;
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::text::Name;
use crate::domain::user::{Email, User};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx};
use secrecy::SecretString;

/// A user as typed.
#[derive(Debug)]
pub struct RawUser {
    pub name: String,
    pub email: String,
    pub password: SecretString,
}

/// A user that may be made, unless somebody has the address.
#[derive(Debug)]
pub struct UserDraft {
    name: Name,
    email: Email,
    password: SecretString,
}

/// The row of a user that may be made, with the hash that took its time.
pub struct HashedUser {
    name: Name,
    email: Email,
    phc: String,
}

impl UserDraft {
    /// Checks the fields `name`, `email` and `password`, and notes everything that is wrong with them.
    pub fn parse(raw: RawUser, errors: &mut FieldErrors) -> Option<UserDraft> {
        let email = errors.take("email", Email::parse(&raw.email));
        let judged = judge(&raw.password, &raw.name, email.as_ref());
        let name = errors.take("name", Name::parse(&raw.name));
        errors.take("password", judged)?;
        Some(UserDraft { name: name?, email: email?, password: raw.password })
    }

    /// Hashes the password: before the transaction, for it takes long.
    pub async fn hash(self, state: &AppState) -> Result<HashedUser> {
        let UserDraft { name, email, password } = self;
        Ok(HashedUser { name, email, phc: state.hasher.hash(password).await? })
    }
}

impl HashedUser {
    /// Somebody who sets their password later: the hash is that of a code which nobody ever sees.
    pub async fn without_password(
        state: &AppState,
        name: Name,
        email: Email,
    ) -> Result<HashedUser> {
        let unknown = SecretString::from(state.chance.code()?.reveal());
        Ok(HashedUser { name, email, phc: state.hasher.hash(unknown).await? })
    }
}

/// Writes the user, in the transaction of whatever makes them.
///
/// # Errors
/// A refusal of the field `email` when somebody has the address.
pub async fn insert(
    state: &AppState,
    tx: &mut Tx,
    hashed: HashedUser,
    administrator: bool,
) -> Result<User> {
    let HashedUser { name, email, phc } = hashed;
    if store::users::find_by_email(tx, &email).await?.is_some() {
        return Err(
            Refusal::field("email", format!("Somebody has the address {email} already.")).into()
        );
    }
    let user = User {
        id: state.new_id()?,
        name: name.into_string(),
        email: email.to_string(),
        administrator,
        time_zone: "UTC".to_owned(),
    };
    store::users::insert(tx, &user, &email, &phc, state.now()).await?;
    Ok(user)
}

/// Makes a user who belongs to no workgroup yet.
pub async fn create_user(state: &AppState, raw: RawUser, administrator: bool) -> Result<User> {
    let mut errors = FieldErrors::default();
    let Some(draft) = UserDraft::parse(raw, &mut errors) else {
        return Err(errors.into_refusal().into());
    };
    let hashed = draft.hash(state).await?;
    let mut tx = state.db.begin().await?;
    let user = insert(state, &mut tx, hashed, administrator).await?;
    state.commit(tx).await?;
    Ok(user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::people::trial::{Trial, raw_user};

    #[tokio::test]
    async fn everything_wrong_with_a_user_is_said_at_once() {
        let trial = Trial::new().await;
        let raw = RawUser { name: " ".into(), email: "ada@".into(), password: "short".into() };
        let refusal = create_user(&trial.state, raw, false).await.unwrap_err().into_refusal();
        let mut fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["email", "name", "password"]);
    }

    #[tokio::test]
    async fn an_address_belongs_to_one_person() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let again = create_user(&trial.state, raw_user("Eve", "ADA@example.com"), true).await;
        let refusal = again.unwrap_err().into_refusal();
        assert!(refusal.message_for("email").is_some(), "{refusal:?}");
    }
}
