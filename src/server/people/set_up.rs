//! The first administrator and workgroup, made in the browser by a one-time link that the server prints.

use super::sessions::{self, NewSession};
use super::users::{self, HashedUser, RawUser, UserDraft};
use super::workgroups::{self, WorkgroupDraft};
use crate::domain::activity::Actor;
use crate::domain::answers::SetUpPage;
use crate::domain::refusal::{self, FieldErrors, Refusal};
use crate::domain::time::{HOUR, Time};
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::secret::Code;
use crate::server::state::AppState;
use crate::server::store::codes::Purpose;
use crate::server::store::{self, Lanes};
use secrecy::SecretString;

/// How long a set-up link works.
const LIFE: i64 = 24 * HOUR;

/// The set-up form as typed.
#[derive(Debug)]
pub struct RawSetUp {
    pub name: String,
    pub email: String,
    pub password: SecretString,
    pub workgroup: String,
    pub time_zone: String,
}

/// The code of a new set-up link, `/setup/{code}`, while nobody has an account; earlier links stop working.
pub async fn open_link(state: &AppState) -> Result<Option<Code>> {
    let mut tx = state.db.begin().await?;
    store::codes::delete_dead(&mut tx, state.now()).await?;
    store::codes::delete_all_of(&mut tx, Purpose::SetUp).await?;
    let code = match store::users::count(&mut tx).await? {
        0 => Some(state.chance.code()?),
        _ => None,
    };
    if let Some(code) = &code {
        let (now, hash) = (state.now(), code.hash());
        store::codes::insert(&mut tx, &hash, Purpose::SetUp, None, now + LIFE, now).await?;
    }
    state.commit(tx).await?;
    Ok(code)
}

/// What the form shows.
///
/// # Errors
/// Not found, once the link was used, has ended, was replaced, or somebody has an account.
pub async fn page(state: &AppState, code: &str) -> Result<SetUpPage> {
    let mut reader = state.db.read().await?;
    let expires_at = check(state, &mut reader, &Code::received(code)).await?;
    Ok(SetUpPage { host: state.config.public_url.host().to_owned(), expires_at })
}

/// Makes the first administrator, who owns the first workgroup, and signs them in.
///
/// # Errors
/// As [`page`]; or a refusal of the fields `name`, `email`, `password`, `workgroup` and `time_zone`, all at once.
pub async fn complete(
    state: &AppState,
    code: &str,
    raw: RawSetUp,
    address: &str,
    agent: &str,
) -> Result<(NewSession, Workgroup)> {
    let code = Code::received(code);
    // First of all: whoever has no link is told nothing and makes no work.
    check(state, &mut state.db.read().await?, &code).await?;
    let RawSetUp { name, email, password, workgroup, time_zone } = raw;
    let mut errors = FieldErrors::default();
    let user = UserDraft::parse(RawUser { name, email, password }, &mut errors);
    let workgroup = WorkgroupDraft::parse("workgroup", &workgroup, &time_zone, &mut errors);
    let (Some(user), Some(workgroup)) = (user, workgroup) else {
        return Err(errors.into_refusal().into());
    };
    let user = user.hash(state).await?;
    write(state, &code, user, workgroup, address, agent).await
}

async fn write(
    state: &AppState,
    code: &Code,
    user: HashedUser,
    workgroup: WorkgroupDraft,
    address: &str,
    agent: &str,
) -> Result<(NewSession, Workgroup)> {
    let mut tx = state.db.begin().await?;
    check(state, &mut tx, code).await?;
    store::codes::delete(&mut tx, &code.hash()).await?;
    let user = users::insert(state, &mut tx, user, true).await?;
    let actor = Actor::Person { id: user.id.clone(), name: user.name.clone() };
    let workgroup =
        workgroups::found(state, &mut tx, workgroup, &user, &actor, Some(address)).await?;
    let cookie = sessions::begin(state, &mut tx, &user.id, address, agent).await?;
    store::users::mark_signed_in(&mut tx, &user.id, state.now()).await?;
    state.commit(tx).await?;
    Ok((NewSession { cookie, user }, workgroup))
}

/// Until when the link works.
async fn check(state: &AppState, on: &mut impl Lanes, code: &Code) -> Result<Time> {
    let ends = store::codes::find(on, &code.hash(), Purpose::SetUp).await?;
    let nobody_yet = store::users::count(on).await? == 0;
    let ends = ends.map(|found| found.expires_at);
    ends.filter(|ends| nobody_yet && state.now() < *ends).ok_or_else(|| gone().into())
}

fn gone() -> Refusal {
    Refusal::new(
        refusal::Code::NotFound,
        "This set-up link does not work: it was used, is older than 24 hours, or was replaced. \
         While nobody has an account, every start of the server prints a new one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::people::trial::{PASSWORD, Trial};

    fn typed() -> RawSetUp {
        RawSetUp {
            name: "Ada Lovelace".into(),
            email: "ada@example.com".into(),
            password: PASSWORD.into(),
            workgroup: "Harrow Valley".into(),
            time_zone: "Europe/Berlin".into(),
        }
    }

    async fn complete_with(
        trial: &Trial,
        code: &Code,
        raw: RawSetUp,
    ) -> std::result::Result<(NewSession, Workgroup), Refusal> {
        let completed = complete(&trial.state, code.reveal(), raw, "192.0.2.1", "Browser").await;
        completed.map_err(crate::server::error::Error::into_refusal)
    }

    #[tokio::test]
    async fn the_link_makes_the_administrator_and_their_workgroup_once() {
        let trial = Trial::new().await;
        let code = open_link(&trial.state).await.unwrap().unwrap();
        let shown = page(&trial.state, code.reveal()).await.unwrap();
        assert_eq!(
            (shown.host.as_str(), shown.expires_at),
            ("127.0.0.1:3000", trial.state.now() + LIFE)
        );

        let (session, workgroup) = complete_with(&trial, &code, typed()).await.unwrap();
        assert_eq!(
            (workgroup.slug.as_str(), workgroup.time_zone.as_str()),
            ("harrow-valley", "Europe/Berlin")
        );
        let visit = trial.visit(&session.cookie).await;
        assert!(visit.person().unwrap().administrator);
        assert!(visit.seat("harrow-valley").await.unwrap().rights.owner);

        let mut reader = trial.state.db.read().await.unwrap();
        let record = store::activity::list_of_subject(&mut reader, &workgroup.id, &workgroup.id, 9)
            .await
            .unwrap();
        assert_eq!((record.len(), record[0].actor.as_str()), (1, "Ada Lovelace"));
        assert_eq!(record[0].address.as_deref(), Some("192.0.2.1"));
        drop(reader);

        let mut again = typed();
        again.email = "eve@example.com".into();
        assert_eq!(complete_with(&trial, &code, again).await.unwrap_err(), gone());
        assert!(page(&trial.state, code.reveal()).await.is_err());
        assert!(open_link(&trial.state).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn the_link_is_dead_after_a_day_a_newer_one_or_a_user() {
        let trial = Trial::new().await;
        let first = open_link(&trial.state).await.unwrap().unwrap();
        let second = open_link(&trial.state).await.unwrap().unwrap();
        assert!(page(&trial.state, first.reveal()).await.is_err());
        trial.state.clock.advance(LIFE - 1);
        assert!(page(&trial.state, second.reveal()).await.is_ok());
        trial.state.clock.advance(1);
        assert_eq!(complete_with(&trial, &second, typed()).await.unwrap_err(), gone());

        let third = open_link(&trial.state).await.unwrap().unwrap();
        trial.user("Eve", "eve@example.com").await;
        assert_eq!(complete_with(&trial, &third, typed()).await.unwrap_err(), gone());
    }

    #[tokio::test]
    async fn two_who_race_with_one_link_make_one_administrator() {
        let trial = Trial::new().await;
        let code = open_link(&trial.state).await.unwrap().unwrap();
        let mut other = typed();
        other.email = "eve@example.com".into();
        let (one, two) = tokio::join!(
            complete_with(&trial, &code, typed()),
            complete_with(&trial, &code, other)
        );
        assert_eq!([one, two].iter().filter(|answer| answer.is_ok()).count(), 1);
    }

    #[tokio::test]
    async fn every_wrong_field_is_named_at_once_and_the_link_still_works() {
        let trial = Trial::new().await;
        let code = open_link(&trial.state).await.unwrap().unwrap();
        let raw = RawSetUp {
            name: String::new(),
            email: "ada".into(),
            password: "short".into(),
            workgroup: "a\nb".into(),
            time_zone: "Mars/Olympus".into(),
        };
        let refusal = complete_with(&trial, &code, raw).await.unwrap_err();
        for field in ["name", "email", "password", "workgroup", "time_zone"] {
            assert!(refusal.message_for(field).is_some(), "{field}: {refusal:?}");
        }
        assert!(complete_with(&trial, &code, typed()).await.is_ok());
    }
}
