//! `/administration`: for administrators alone, and what they can do there.

mod catalogue;
mod closed;
mod users;
mod workgroups;

use crate::caller::Browser;
use crate::test_app::{PASSWORD, TestApp};
use latchkey::domain::activity::Activity;
use latchkey::domain::user::Email;
use latchkey::server::people::members::{self, RawUser};
use latchkey::server::store::{self, users::Account};

pub const WORKGROUPS: &str = "/administration";
pub const USERS: &str = "/administration/users";
pub const PERMISSIONS: &str = "/administration/permissions";

/// Rut administers the installation and belongs to no workgroup.
pub async fn rut(app: &TestApp) -> Browser<'_> {
    administrator(app, "Rut", "rut@harrow.example").await
}

pub async fn administrator<'a>(app: &'a TestApp, name: &str, email: &str) -> Browser<'a> {
    let raw = RawUser { name: name.into(), email: email.into(), password: PASSWORD.into() };
    members::create_user(&app.state, raw, true).await.unwrap();
    app.browser(email).await
}

pub async fn account(app: &TestApp, email: &str) -> Account {
    let email = Email::parse(email).unwrap();
    let mut reader = app.state.db.read().await.unwrap();
    store::users::find_by_email(&mut reader, &email).await.unwrap().unwrap()
}

pub async fn id_of(app: &TestApp, email: &str) -> String {
    account(app, email).await.user.id
}

/// The codes of what was done to the installation, newest first.
pub async fn recorded(app: &TestApp) -> Vec<Activity> {
    let mut reader = app.state.db.read().await.unwrap();
    store::activity::list_of_installation(&mut reader, "", 100).await.unwrap()
}

/// The newest deed: its code, who did it, and to what.
pub async fn last_deed(app: &TestApp) -> (&'static str, String, String) {
    let row = recorded(app).await.swap_remove(0);
    (row.verb.code(), row.actor, row.subject)
}
