//! Members and invitations: listed, invited, changed, removed, and how an invitation is accepted.

pub mod accept;
mod accept_rights;
mod again;
mod invite;
mod list;
mod remove;
mod set;

use crate::caller::Answer;
use crate::database::dump;
use crate::test_app::TestApp;
use latchkey::domain::activity::Activity;
use latchkey::domain::device::{DeviceGroup, GroupRule};
use latchkey::domain::rights::Rights;
use latchkey::domain::time::DAY;
use latchkey::domain::user::{Email, User};
use latchkey::server::people::members;
use latchkey::server::secret::Code;
use latchkey::server::store;
use latchkey::server::store::codes::Purpose;
use latchkey::server::store::invitations::Invitation;

pub const MEMBERS: &str = "/harrow-valley/settings/members";
pub const INVITE: &str = "/harrow-valley/settings/members/invite";

pub async fn user(app: &TestApp, email: &str) -> User {
    let mut reader = app.state.db.read().await.unwrap();
    let email = Email::parse(email).unwrap();
    store::users::find_by_email(&mut reader, &email).await.unwrap().unwrap().user
}

/// Somebody's page.
pub async fn page_of(app: &TestApp, name: &str) -> String {
    format!("{MEMBERS}/{}", user(app, &format!("{name}@harrow.example")).await.id)
}

/// What somebody holds now.
pub async fn holds(app: &TestApp, email: &str) -> Option<Rights> {
    let id = user(app, email).await.id;
    let mut reader = app.state.db.read().await.unwrap();
    members::rights(&mut reader, &app.harrow, &id).await.unwrap()
}

pub async fn group(app: &TestApp, name: &str) {
    let rule = GroupRule::Metadata { key: "site".into(), value: name.into() };
    let group = DeviceGroup { id: name.to_lowercase(), name: name.into(), rule };
    let mut tx = app.state.db.begin().await.unwrap();
    store::groups::insert(&mut tx, &app.harrow.id, &group, app.state.now()).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn pending(app: &TestApp, email: &str) -> Option<Invitation> {
    let mut reader = app.state.db.read().await.unwrap();
    let email = Email::parse(email).unwrap();
    store::invitations::find_by_email(&mut reader, &app.harrow.id, &email).await.unwrap()
}

/// Ada invites, with these fields beside the address; gives the pending invitation.
pub async fn invited(app: &TestApp, email: &str, fields: &[(&str, &str)]) -> Invitation {
    let mut form = vec![("email", email)];
    form.extend(fields);
    let answer = app.ada().await.post(INVITE, &form).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    pending(app, email).await.unwrap()
}

pub const READER: &[(&str, &str)] = &[("role", "member"), ("permissions", "read")];

/// The address of the link that a delivered letter carries.
pub async fn link(app: &TestApp, invitation: &Invitation) -> String {
    let code: Code = app.state.chance.code().unwrap();
    let (now, id) = (app.state.now(), invitation.id.as_str());
    let mut tx = app.state.db.begin().await.unwrap();
    store::codes::delete_of_subject(&mut tx, Purpose::Invitation, id).await.unwrap();
    let ends = now + 7 * DAY;
    store::codes::insert(&mut tx, &code.hash(), Purpose::Invitation, Some(id), ends, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    format!("/invite/{}", code.reveal())
}

/// Letters that are owed about this.
pub async fn letters(app: &TestApp, subject: &str) -> usize {
    let rows = dump(app).await;
    rows.iter().filter(|row| row.starts_with("outbox: ") && row.contains(subject)).count()
}

/// What was done to something, newest first.
pub async fn record(app: &TestApp, subject: &str) -> Vec<Activity> {
    let mut reader = app.state.db.read().await.unwrap();
    store::activity::list_of_subject(&mut reader, &app.harrow.id, subject, 99).await.unwrap()
}

/// How many rows say that something was denied.
pub async fn denials(app: &TestApp, verb: &str) -> usize {
    let rows = dump(app).await;
    let denied = |row: &&String| {
        row.starts_with("activity: ") && row.contains(verb) && !row.ends_with(", NULL")
    };
    rows.iter().filter(denied).count()
}

pub fn leads(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.header("location"))
}
