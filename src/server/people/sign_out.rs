//! Ending sessions: one's own, another browser's, all the others. Ending what has ended already is no error.

use crate::server::error::Result;
use crate::server::store;
use crate::server::viewer::Visit;

/// Ends the session that the visit came with; the cookie is worth nothing from then on.
pub async fn sign_out(visit: &Visit) -> Result<()> {
    let Some(session) = &visit.session else { return Ok(()) };
    let mut tx = visit.state.db.begin().await?;
    store::sessions::delete_by_hash(&mut tx, &session.hash).await?;
    visit.state.commit(tx).await
}

/// Ends one of the person's sessions; somebody else's stays as it is.
pub async fn end_session(visit: &Visit, handle: &str) -> Result<()> {
    let person = visit.person()?;
    let mut tx = visit.state.db.begin().await?;
    store::sessions::delete_by_handle(&mut tx, handle, &person.id).await?;
    visit.state.commit(tx).await
}

/// Ends all of the person's sessions but the one that asks.
pub async fn end_other_sessions(visit: &Visit) -> Result<()> {
    let (person, session) = visit.signed_in()?;
    let mut tx = visit.state.db.begin().await?;
    store::sessions::delete_others(&mut tx, &person.id, &session.hash).await?;
    visit.state.commit(tx).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Code;
    use crate::server::people::trial::{PASSWORD, Trial};

    #[tokio::test]
    async fn signing_out_kills_the_cookie() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let cookie = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        sign_out(&trial.visit(&cookie).await).await.unwrap();
        assert!(!trial.knows(&cookie).await);
        sign_out(&trial.visit(&cookie).await).await.unwrap();
    }

    #[tokio::test]
    async fn others_can_be_ended_one_by_one_or_all_together_and_only_ones_own() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        trial.user("Eve", "eve@example.com").await;
        let mut cookies = Vec::new();
        for email in ["ada@example.com", "ada@example.com", "ada@example.com", "eve@example.com"] {
            cookies.push(trial.sign_in(email, PASSWORD).await.unwrap().cookie);
        }
        let [here, there, third, eves] = <[_; 4]>::try_from(cookies).unwrap();
        let (visit, eve) = (trial.visit(&here).await, trial.visit(&eves).await);
        let handle = trial.visit(&there).await.session.unwrap().handle;
        end_session(&eve, &handle).await.unwrap();
        assert!(trial.knows(&there).await, "Eve cannot end what is Ada's");
        end_session(&visit, &handle).await.unwrap();
        assert!(!trial.knows(&there).await && trial.knows(&third).await);
        end_other_sessions(&visit).await.unwrap();
        assert!(!trial.knows(&third).await && trial.knows(&here).await && trial.knows(&eves).await);
        let stranger = trial.visit(&there).await;
        let refusal = end_other_sessions(&stranger).await.unwrap_err().into_refusal();
        assert_eq!(refusal.code, Code::SignInRequired);
    }
}
