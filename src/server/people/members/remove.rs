//! Removing a member, and leaving. The tokens that they issued belong to the workgroup and live on.

use super::words::recorded_of;
use super::{find, keep_an_owner, still, subject};
use crate::domain::activity::{Values, Verb};
use crate::domain::rights::Seat;
use crate::domain::user::User;
use crate::server::activity::{Attempt, Deed, Subject, note_denial, record};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx};

/// Removes the member; every later request of theirs finds no workgroup.
///
/// # Errors
/// As the rules of `domain::rights` say; a conflict when no owner would be left.
pub async fn remove(
    state: &AppState,
    seat: &Seat,
    user_id: &str,
    address: Option<&str>,
) -> Result<User> {
    let subject = subject(state, seat, user_id).await?;
    let attempt = Attempt { verb: Verb::MemberRemoved, subject, address };
    let outcome = take_out(state, seat, user_id, address).await;
    note_denial(state, seat, attempt, outcome).await
}

async fn take_out(
    state: &AppState,
    seat: &Seat,
    user_id: &str,
    address: Option<&str>,
) -> Result<User> {
    let mut tx = state.db.begin().await?;
    let seat = still(&mut tx, seat).await?;
    if !seat.is(user_id) {
        seat.manages_members()?;
    }
    let (user, rights, _) = find(&mut tx, &seat, user_id).await?;
    seat.may_remove(user_id, &rights)?;
    if rights.owner {
        keep_an_owner(&mut tx, &seat.workgroup, &user).await?;
    }
    store::memberships::delete(&mut tx, &seat.workgroup.id, user_id).await?;
    end_sessions(&mut tx, &user).await?;
    let catalogue = store::permissions::list(&mut tx).await?;
    let deed = Deed {
        verb: Verb::MemberRemoved,
        subject: Subject::member(&user),
        before: recorded_of(&user, &rights, &catalogue),
        after: Values::new(),
        address,
    };
    record(state, &mut tx, &seat, deed).await?;
    state.commit(tx).await?;
    Ok(user)
}

/// Whoever belongs to no other workgroup is signed out everywhere; nobody can sign a person out of another workgroup.
async fn end_sessions(tx: &mut Tx, user: &User) -> Result<()> {
    let elsewhere = store::memberships::count_of_user(tx, &user.id).await? > 0;
    if !elsewhere && !user.administrator {
        store::sessions::delete_of_user(tx, &user.id).await?;
    }
    Ok(())
}
