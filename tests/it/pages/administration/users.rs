//! Users: made without a password, disabled and enabled, made administrators; and who must stay.

use super::{USERS, account, administrator, id_of, last_deed, recorded, rut};
use crate::pages::forms::{says, text_of};
use crate::test_app::{PASSWORD, TestApp};
use latchkey::server::people::members::{self, Standing};
use latchkey::server::people::sign_in::sign_in;
use latchkey::server::store::Db;

const NEW: &str = "/administration/users/new";

/// The letters that are owed: kind and recipient. On SQLite only.
async fn owed(app: &TestApp) -> Vec<(String, String)> {
    let Db::Sqlite { read, .. } = &app.state.db else { panic!("these tests run on SQLite") };
    sqlx::query_as("select letter, recipient from outbox order by id")
        .fetch_all(read)
        .await
        .unwrap()
}

async fn can_sign_in(app: &TestApp, email: &str) -> bool {
    sign_in(&app.state, email, PASSWORD.into(), "192.0.2.9", "Test").await.is_ok()
}

#[tokio::test]
async fn a_new_user_is_mailed_a_link_and_has_no_password_until_then() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    let refused = rut.post(NEW, &[("name", ""), ("email", "ben@")]).await;
    assert_eq!(refused.status, 422);
    assert!(
        text_of(&refused, "name-error").is_some() && text_of(&refused, "email-error").is_some()
    );
    let taken = rut.post(NEW, &[("name", "Ada"), ("email", "ADA@harrow.example")]).await;
    assert!(text_of(&taken, "email-error").unwrap().contains("already"));
    assert_eq!(owed(&app).await, []);
    let fields = [("name", "Ben"), ("email", "ben@harrow.example"), ("administrator", "on")];
    let made = rut.post(NEW, &fields).await;
    assert_eq!(made.header("location"), "/administration/users?done=user-made");
    let ben = account(&app, "ben@harrow.example").await;
    assert!(ben.user.administrator && ben.disabled_at.is_none());
    assert_eq!(owed(&app).await, [("reset".to_owned(), "ben@harrow.example".to_owned())]);
    assert!(!can_sign_in(&app, "ben@harrow.example").await);
    assert_eq!(last_deed(&app).await, ("user.created", "Rut".into(), "Ben".into()));
    let list = rut.get(USERS).await;
    assert!(says(&list, "ben@harrow.example") && says(&list, "Not yet"));
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once_and_their_tokens_live_on() {
    let app = TestApp::new().await;
    let (rut, mia) = (rut(&app).await, app.member("Mia", &["read", "access.manage"], None).await);
    let mia_id = id_of(&app, "mia@harrow.example").await;
    let string = app.string_with(&["read"]).await;
    assert_eq!(mia.get("/account").await.status, 200);
    let asked = rut.get(&format!("{USERS}?dialog=disable&id={mia_id}")).await;
    assert!(says(&asked, "Disable Mia?") && says(&asked, "Tokens that they made live on"));
    let disable = [("action", "disable"), ("id", mia_id.as_str())];
    assert_eq!(
        rut.post(USERS, &disable).await.header("location"),
        "/administration/users?done=disabled"
    );
    assert_eq!(mia.get("/account").await.status, 303, "the session is over");
    assert!(!can_sign_in(&app, "mia@harrow.example").await);
    assert_eq!(app.api(&string).get("/api/v1/token").await.status, 200);
    assert!(says(&rut.get(USERS).await, "Disabled since"));
    assert_eq!(rut.post(USERS, &disable).await.status, 409);
    let enable = [("action", "enable"), ("id", mia_id.as_str())];
    assert_eq!(rut.post(USERS, &enable).await.status, 303);
    assert!(can_sign_in(&app, "mia@harrow.example").await);
    assert_eq!(mia.get("/account").await.status, 303, "the old session stays over");
    let deeds: Vec<_> = recorded(&app).await.iter().map(|row| row.verb.code()).collect();
    assert_eq!(deeds[..2], ["user.enabled", "user.disabled"]);
}

#[tokio::test]
async fn the_last_administrator_and_oneself_stay() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    let rut_id = id_of(&app, "rut@harrow.example").await;
    let unmake = [("action", "unmake-administrator"), ("id", rut_id.as_str())];
    let refused = rut.post(USERS, &unmake).await;
    assert_eq!(refused.status, 409);
    assert!(says(&refused, "Rut is the last administrator who can sign in"));
    assert!(says(&refused, "Take administration back from Rut?"), "the dialog is shown again");
    administrator(&app, "Eve", "eve@harrow.example").await;
    let eve_id = id_of(&app, "eve@harrow.example").await;
    let oneself = rut.post(USERS, &[("action", "disable"), ("id", &rut_id)]).await;
    assert_eq!(oneself.status, 409);
    assert!(says(&oneself, "You cannot disable yourself."));
    assert_eq!(rut.post(USERS, &[("action", "disable"), ("id", &eve_id)]).await.status, 303);
    let disabled = rut.post(USERS, &unmake).await;
    assert_eq!(disabled.status, 409, "a disabled administrator runs nothing");
    rut.post(USERS, &[("action", "enable"), ("id", &eve_id)]).await;
    let done = rut.post(USERS, &unmake).await;
    assert_eq!((done.status, done.header("location")), (303, "/"));
    assert!(!account(&app, "rut@harrow.example").await.user.administrator);
}

#[tokio::test]
async fn the_last_owner_who_can_sign_in_stays_and_the_workgroups_are_named() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    app.user("Mia", "mia@harrow.example").await;
    app.workgroup("Brook Mill", "ada@harrow.example").await;
    let own = async |slug: &str| {
        members::set_member(&app.state, slug, "mia@harrow.example", Standing::Owner, None)
            .await
            .unwrap();
    };
    let [ada, mia] =
        [id_of(&app, "ada@harrow.example").await, id_of(&app, "mia@harrow.example").await];
    let disable = async |id: &str| rut.post(USERS, &[("action", "disable"), ("id", id)]).await;
    own("harrow-valley").await;
    let refused = disable(&ada).await;
    assert_eq!(refused.status, 409);
    assert!(
        says(&refused, "the last owner who can sign in of Brook Mill."),
        "not of Harrow Valley"
    );
    own("brook-mill").await;
    assert_eq!(disable(&ada).await.status, 303);
    let refused = disable(&mia).await;
    assert!(says(&refused, "Brook Mill, Harrow Valley"), "a disabled owner does not count");
}

#[tokio::test]
async fn people_are_found_by_name_and_address() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    app.user("Ødegård", "lars@brook.example").await;
    let cases = [
        ("", [true, true, true]),
        ("ADA", [true, false, false]),
        ("brook", [false, false, true]),
        ("%C3%98degard", [false, false, false]),
        ("%C3%98deg%C3%A5rd", [false, false, true]),
        ("harrow.example", [true, true, false]),
        ("_", [false, false, false]),
    ];
    for (search, found) in cases {
        let list = rut.get(&format!("{USERS}?search={search}")).await;
        let shown = ["ada@harrow.example", "rut@harrow.example", "lars@brook.example"]
            .map(|email| list.body.contains(&format!(">{email}<")));
        assert_eq!(shown, found, "{search}");
    }
    let unknown = rut.post(USERS, &[("action", "disable"), ("id", "none")]).await;
    assert_eq!(unknown.status, 404);
    assert_eq!(rut.post(USERS, &[("action", "fly"), ("id", "none")]).await.status, 422);
}
