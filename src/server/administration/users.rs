//! The people of the installation: making them, keeping them from signing in, and choosing who administers.

use super::ONE_MORE;
use crate::domain::activity::{Values, Verb};
use crate::domain::administration::{Listed, UserRow};
use crate::domain::refusal::{Code, FieldErrors, Refusal};
use crate::domain::rights::Administrator;
use crate::domain::text::Name;
use crate::domain::user::{Email, User};
use crate::server::activity::{Deed, Subject, record_installation, values};
use crate::server::error::Result;
use crate::server::notices::{self, Letter};
use crate::server::people::users::{self, HashedUser, RawUser, UserDraft};
use crate::server::state::AppState;
use crate::server::store::users::Account;
use crate::server::store::{self, Tx};

/// One page by name, behind the user with the id `after`.
pub async fn list(
    state: &AppState,
    administrator: &Administrator,
    search: &str,
    after: &str,
) -> Result<Listed<UserRow>> {
    let mut reader = state.db.read().await?;
    let found = store::user_lists::list(&mut reader, after, search, ONE_MORE).await?;
    let total = store::users::count(&mut reader).await?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        rows.push(UserRow {
            workgroups: store::user_lists::list_workgroups(&mut reader, &row.user.id).await?,
            me: administrator.user_id() == Some(&row.user.id),
            user: row.user,
            disabled_at: row.disabled_at,
            last_signed_in_at: row.last_signed_in_at,
            created_at: row.created_at,
        });
    }
    Ok(Listed::of(rows, total, state.now(), |row| &row.user.id))
}

/// Makes a user whom nobody knows a password of: they are mailed a link with which they set their own.
pub async fn create(
    state: &AppState,
    administrator: &Administrator,
    name: &str,
    email: &str,
    is_administrator: bool,
) -> Result<User> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", Name::parse(name));
    let email = errors.take("email", Email::parse(email));
    let (Some(name), Some(email)) = (name, email) else {
        return Err(errors.into_refusal().into());
    };
    let hashed = HashedUser::without_password(state, name, email.clone()).await?;
    let mut tx = state.db.begin().await?;
    let user = insert(state, &mut tx, administrator, hashed, is_administrator).await?;
    notices::owe(state, &mut tx, &Letter::Reset { user_id: user.id.clone() }, None, &email).await?;
    state.commit(tx).await?;
    Ok(user)
}

/// Makes a user with a password that whoever makes them knows.
pub async fn create_with_password(
    state: &AppState,
    administrator: &Administrator,
    raw: RawUser,
    is_administrator: bool,
) -> Result<User> {
    let mut errors = FieldErrors::default();
    let draft = UserDraft::parse(raw, &mut errors);
    let hashed = draft.ok_or_else(|| errors.into_refusal())?.hash(state).await?;
    let mut tx = state.db.begin().await?;
    let user = insert(state, &mut tx, administrator, hashed, is_administrator).await?;
    state.commit(tx).await?;
    Ok(user)
}

async fn insert(
    state: &AppState,
    tx: &mut Tx,
    administrator: &Administrator,
    hashed: HashedUser,
    is_administrator: bool,
) -> Result<User> {
    let user = users::insert(state, tx, hashed, is_administrator).await?;
    let facts = values([
        ("Name", user.name.clone()),
        ("Email address", user.email.clone()),
        ("Administrator", yes(is_administrator)),
    ]);
    record(state, tx, administrator, Verb::UserCreated, &user, Values::new(), facts).await?;
    Ok(user)
}

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}

/// Keeps a user from signing in and ends their sessions at once. What they made lives on.
pub async fn disable(state: &AppState, administrator: &Administrator, id: &str) -> Result<User> {
    let mut tx = state.db.begin().await?;
    let Account { user, disabled_at, .. } = find(&mut tx, id).await?;
    if disabled_at.is_some() {
        return Err(Refusal::conflict(format!("{} is disabled already.", user.name)).into());
    }
    if administrator.user_id() == Some(id) {
        let detail = "You cannot disable yourself. Another administrator can.";
        return Err(Refusal::conflict(detail).into());
    }
    keep_an_administrator(&mut tx, &user, "disabled").await?;
    keep_owners(&mut tx, &user).await?;
    store::user_lists::mark_disabled(&mut tx, id, state.now()).await?;
    store::sessions::delete_of_user(&mut tx, id).await?;
    record(state, &mut tx, administrator, Verb::UserDisabled, &user, Values::new(), Values::new())
        .await?;
    state.commit(tx).await?;
    Ok(user)
}

/// Lets a user sign in again, with the password that they had.
pub async fn enable(state: &AppState, administrator: &Administrator, id: &str) -> Result<User> {
    let mut tx = state.db.begin().await?;
    let Account { user, disabled_at, .. } = find(&mut tx, id).await?;
    if disabled_at.is_none() {
        return Err(Refusal::conflict(format!("{} is not disabled.", user.name)).into());
    }
    store::user_lists::mark_enabled(&mut tx, id).await?;
    record(state, &mut tx, administrator, Verb::UserEnabled, &user, Values::new(), Values::new())
        .await?;
    state.commit(tx).await?;
    Ok(user)
}

/// Makes a user an administrator, or no longer one.
pub async fn set_administrator(
    state: &AppState,
    administrator: &Administrator,
    id: &str,
    wanted: bool,
) -> Result<User> {
    let mut tx = state.db.begin().await?;
    let Account { user, .. } = find(&mut tx, id).await?;
    if user.administrator == wanted {
        let now = if wanted { "is an administrator already" } else { "is no administrator" };
        return Err(Refusal::conflict(format!("{} {now}.", user.name)).into());
    }
    if !wanted {
        keep_an_administrator(&mut tx, &user, "unmade").await?;
    }
    store::user_lists::mark_administrator(&mut tx, id, wanted).await?;
    let (before, after) = (("Administrator", yes(!wanted)), ("Administrator", yes(wanted)));
    let (before, after) = (values([before]), values([after]));
    record(state, &mut tx, administrator, Verb::AdministratorSet, &user, before, after).await?;
    state.commit(tx).await?;
    Ok(User { administrator: wanted, ..user })
}

/// The id of whoever has the address, for the command line.
pub async fn id_of(state: &AppState, email: &str) -> Result<String> {
    let email = Email::parse(email).map_err(|message| Refusal::field("email", message))?;
    let mut reader = state.db.read().await?;
    let account = store::users::find_by_email(&mut reader, &email).await?;
    let nobody = || Refusal::new(Code::NotFound, format!("Nobody has the address {email}."));
    Ok(account.ok_or_else(nobody)?.user.id)
}

/// Whether a user is kept from signing in.
pub async fn is_disabled(state: &AppState, id: &str) -> Result<bool> {
    let account = store::users::find_by_id(&mut state.db.read().await?, id).await?;
    Ok(account.is_some_and(|account| account.disabled_at.is_some()))
}

async fn find(tx: &mut Tx, id: &str) -> Result<Account> {
    let found = store::users::find_by_id(tx, id).await?;
    Ok(found.ok_or_else(|| Refusal::not_found("user"))?)
}

/// Somebody who can sign in runs the installation, whatever is done.
async fn keep_an_administrator(tx: &mut Tx, user: &User, what: &str) -> Result<()> {
    if !user.administrator || store::user_lists::count_other_administrators(tx, &user.id).await? > 0
    {
        return Ok(());
    }
    let detail = format!(
        "{} is the last administrator who can sign in, and cannot be {what}. Make somebody else an administrator first.",
        user.name
    );
    Err(Refusal::conflict(detail).into())
}

/// Every workgroup keeps an owner who can sign in.
async fn keep_owners(tx: &mut Tx, user: &User) -> Result<()> {
    let left = store::user_lists::list_last_owned(tx, &user.id).await?;
    if left.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "{} is the last owner who can sign in of {}. Make somebody else an owner there first.",
        user.name,
        left.join(", ")
    );
    Err(Refusal::conflict(detail).into())
}

async fn record(
    state: &AppState,
    tx: &mut Tx,
    administrator: &Administrator,
    verb: Verb,
    user: &User,
    before: Values,
    after: Values,
) -> Result<()> {
    let subject = Subject::new("user", &user.id, &user.name);
    let address = administrator.address.as_deref();
    let deed = Deed { verb, subject, before, after, address };
    record_installation(state, tx, &administrator.actor, deed).await
}
