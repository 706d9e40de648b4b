//! What stands round a person's pages, and the pages of the person alone.

use super::{digest, members, sessions};
use crate::domain::alarm::{Alarm, Signs};
use crate::domain::answers::{AccountPage, Frame, SignInPage};
use crate::domain::permission::ACCESS_MANAGE;
use crate::domain::refusal::Code;
use crate::domain::rights::{Rights, Seat};
use crate::domain::user::User;
use crate::domain::workgroup::Workgroup;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store::{self, Reader};
use crate::server::tokens;
use crate::server::viewer::Visit;

/// The person, their workgroups, and the one at the slug `workgroup`, if the page belongs to one.
pub async fn show(visit: &Visit, workgroup: Option<&str>) -> Result<Frame> {
    let user = visit.person()?.clone();
    let seat = match workgroup {
        Some(slug) => Some(visit.seat(slug).await?),
        None => None,
    };
    let mut reader = visit.state.db.read().await?;
    let workgroups = store::workgroups::list_of_user(&mut reader, &user.id).await?;
    let alarms = alarms(&visit.state, &mut reader, &user, seat.as_ref(), &workgroups).await?;
    drop(reader);
    let tokens = match &seat {
        Some(seat) if seat.manages_access().is_ok() => {
            Some(tokens::list::standing(&visit.state, seat).await?)
        }
        _ => None,
    };
    let may = seat.as_ref().map(Seat::may).unwrap_or_default();
    let current = seat.map(|seat| seat.workgroup);
    Ok(Frame { user, workgroups, current, may, tokens, alarms })
}

/// What is wrong now: with the mail of this workgroup for whoever reads its record, with the installation for them and for
/// administrators. On pages of no workgroup it is told to whoever would be told in one of theirs.
async fn alarms(
    state: &AppState,
    on: &mut Reader,
    user: &User,
    seat: Option<&Seat>,
    workgroups: &[Workgroup],
) -> Result<Vec<Alarm>> {
    let known = store::installation::find(on).await?;
    let signs = Signs {
        last_sweep_at: known.last_sweep_at,
        mail_alarm: known.mail_alarm,
        clock_doubted_at: known.clock_doubted_at,
        clock_doubt: known.clock_doubt,
    };
    let mut alarms = signs.alarms(state.now(), state.clock.uptime());
    if !alarms.is_empty() && !is_told(on, user, seat, workgroups).await? {
        alarms.clear();
    }
    if let Some(seat) = seat.filter(|seat| seat.reads_record().is_ok()) {
        let (count, _) = store::notice_lists::open(on, &seat.workgroup.id).await?;
        alarms.extend((count > 0).then_some(Alarm::Undelivered { count }));
    }
    Ok(alarms)
}

/// Whether this person is told what is wrong with the installation.
async fn is_told(
    on: &mut Reader,
    user: &User,
    seat: Option<&Seat>,
    workgroups: &[Workgroup],
) -> Result<bool> {
    if user.administrator {
        return Ok(true);
    }
    if let Some(seat) = seat {
        return Ok(seat.reads_record().is_ok());
    }
    for workgroup in workgroups {
        let rights = members::rights(on, workgroup, &user.id).await?.unwrap_or_default();
        if rights.holds(ACCESS_MANAGE) && rights.group.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Where a visit begins: the first workgroup of whoever is signed in, at the first of its pages that they may see; else
/// the administration or their account; the sign-in page for nobody.
pub async fn home(visit: &Visit) -> Result<String> {
    let Some(person) = &visit.person else { return Ok("/sign-in".to_owned()) };
    let mut reader = visit.state.db.read().await?;
    let workgroups = store::workgroups::list_of_user(&mut reader, &person.id).await?;
    let Some(first) = workgroups.first() else {
        return Ok(if person.administrator { "/administration" } else { "/account" }.to_owned());
    };
    let rights = members::rights(&mut reader, first, &person.id).await?.unwrap_or_default();
    Ok(first_page(&first.slug, &rights))
}

/// Where a workgroup begins for this person: the tokens of whoever manages access, else the devices. Whoever is no member,
/// or is none any more, begins where a visit does.
pub async fn start(visit: &Visit, workgroup: &str) -> Result<String> {
    match visit.seat(workgroup).await {
        Ok(seat) => Ok(first_page(&seat.workgroup.slug, &seat.rights)),
        Err(Error::Refused(refusal)) if refusal.code == Code::NotFound => home(visit).await,
        Err(error) => Err(error),
    }
}

fn first_page(slug: &str, rights: &Rights) -> String {
    let page = if rights.holds(ACCESS_MANAGE) { "tokens" } else { "devices" };
    format!("/{slug}/settings/{page}")
}

pub async fn sign_in_page(state: &AppState) -> Result<SignInPage> {
    let set_up = store::users::count(&mut state.db.read().await?).await? == 0;
    Ok(SignInPage { host: state.config.public_url.host().to_owned(), set_up })
}

/// The person and their sessions.
pub async fn account_page(visit: &Visit) -> Result<AccountPage> {
    let (person, session) = visit.signed_in()?;
    let sessions = sessions::list(&visit.state, &person.id, &session.handle).await?;
    let digest = digest::wanted(&visit.state, &person.id).await?;
    Ok(AccountPage { user: person.clone(), digest, sessions, now: visit.state.now() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::people::trial::Trial;

    #[tokio::test]
    async fn the_frame_holds_ones_own_workgroups_and_no_other() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        trial.user("Eve", "eve@example.com").await;
        for (name, owner) in
            [("B", "ada@example.com"), ("A", "ada@example.com"), ("C", "eve@example.com")]
        {
            trial.workgroup(name, owner).await;
        }
        let visit = trial.visit_of("ada@example.com").await;
        let frame = show(&visit, Some("b")).await.unwrap();
        let names: Vec<_> =
            frame.workgroups.iter().map(|workgroup| workgroup.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        assert_eq!(frame.current.unwrap().slug, "b");
        assert_eq!(show(&visit, None).await.unwrap().current, None);
        assert_eq!(show(&visit, Some("c")).await.unwrap_err().into_refusal().code, Code::NotFound);
    }

    #[tokio::test]
    async fn the_account_page_marks_the_session_that_asks() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        trial.visit_of("ada@example.com").await;
        trial.state.clock.advance(5);
        let visit = trial.visit_of("ada@example.com").await;
        let page = account_page(&visit).await.unwrap();
        let marks: Vec<_> = page.sessions.iter().map(|session| session.current).collect();
        assert_eq!(marks, [true, false]);
        assert_eq!(page.sessions[0].agent, "Browser");
    }

    #[tokio::test]
    async fn the_sign_in_page_says_while_nobody_exists() {
        let trial = Trial::new().await;
        assert!(sign_in_page(&trial.state).await.unwrap().set_up);
        trial.user("Ada", "ada@example.com").await;
        assert!(!sign_in_page(&trial.state).await.unwrap().set_up);
    }
}
