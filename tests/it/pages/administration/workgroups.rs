//! Workgroups from outside: listed, founded, renamed, and owned by whoever says so in its Activity.

use super::{WORKGROUPS, id_of, last_deed, rut};
use crate::pages::forms::{says, text_of};
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::server::store;

const NEW: &str = "/administration/workgroups/new";
const HARROW: &str = "/administration/workgroups/harrow-valley";

#[tokio::test]
async fn a_workgroup_is_founded_for_somebody_who_exists() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    let wrong = [("name", " "), ("owner", "eve@harrow.example"), ("time_zone", "Moon")];
    let refused = rut.post(NEW, &wrong).await;
    assert_eq!(refused.status, 422);
    for (field, why) in [("name", "1 to 80"), ("owner", "Nobody has"), ("time_zone", "IANA")] {
        let said = text_of(&refused, &format!("{field}-error")).unwrap();
        assert!(said.contains(why), "{field}: {said}");
    }
    assert_eq!(refused.input("owner").as_deref(), Some("eve@harrow.example"));
    let right =
        [("name", "Brook Mill"), ("owner", "ADA@harrow.example"), ("time_zone", "europe/berlin")];
    let made = rut.post(NEW, &right).await;
    assert_eq!(
        (made.status, made.header("location")),
        (303, "/administration?done=workgroup-made")
    );
    assert!(says(&rut.get(made.header("location")).await, "The workgroup was made."));
    let policy = app.ada().await.get("/brook-mill/settings/policy").await;
    assert_eq!(policy.input("time_zone").as_deref(), Some("Europe/Berlin"));
    assert_eq!(last_deed(&app).await, ("workgroup.created", "Rut".into(), "Brook Mill".into()));
}

#[tokio::test]
async fn the_list_is_searched_and_says_when_nothing_fits() {
    let app = TestApp::new().await;
    app.workgroup("Brook Mill", "ada@harrow.example").await;
    app.workgroup("Ærø Ferry", "ada@harrow.example").await;
    let rut = rut(&app).await;
    let cases = [
        ("", ["Harrow Valley", "Brook Mill", "Ærø Ferry"].as_slice()),
        ("BROOK", &["Brook Mill"]),
        ("%C3%86r%C3%B8", &["Ærø Ferry"]),
        ("%25", &[]),
    ];
    for (search, found) in cases {
        let list = rut.get(&format!("{WORKGROUPS}?search={search}")).await;
        for name in ["Harrow Valley", "Brook Mill", "Ærø Ferry"] {
            assert_eq!(says(&list, name), found.contains(&name), "{search}: {name}");
        }
        assert_eq!(says(&list, "Nothing matches"), found.is_empty(), "{search}");
    }
}

#[tokio::test]
async fn an_administrator_edits_name_and_policy_and_the_owners_read_who_did() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    let form = rut.get(HARROW).await;
    let version = form.input("version").unwrap();
    let fields = [
        ("version", version.as_str()),
        ("name", "Harrow Vale"),
        ("longest_lifetime", "6m"),
        ("notice_stages", "10, 2"),
        ("notice_hour", "7"),
        ("time_zone", "UTC"),
    ];
    assert_eq!(rut.post(HARROW, &fields).await.header("location"), format!("{HARROW}?done=policy"));
    let again = rut.post(HARROW, &fields).await;
    assert_eq!(again.status, 409, "the form is of the version before");
    assert!(says(&again, "Changed in between.") && says(&again, "Rut was the last"));
    let policy = app.ada().await.get("/harrow-valley/settings/policy").await;
    assert_eq!(policy.input("name").as_deref(), Some("Harrow Vale"), "the slug stays");
    let mut reader = app.state.db.read().await.unwrap();
    let inside = store::activity::list_of_subject(&mut reader, &app.harrow.id, &app.harrow.id, 9)
        .await
        .unwrap();
    for verb in [Verb::WorkgroupRenamed, Verb::PolicyChanged] {
        assert!(inside.iter().any(|row| row.verb == verb && row.actor == "Rut"), "{verb:?}");
    }
    assert_eq!(last_deed(&app).await.0, "workgroup.policy_changed");
}

#[tokio::test]
async fn becoming_an_owner_asks_first_and_is_told_inside() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    let harrow = app.harrow.id.as_str();
    assert_eq!(rut.get("/harrow-valley/settings/tokens").await.status, 404);
    let asked = rut.get(&format!("{WORKGROUPS}?dialog=own&id={harrow}")).await;
    assert!(
        says(&asked, "Make yourself an owner of Harrow Valley?") && says(&asked, "Stay outside")
    );
    let fields = [("action", "own"), ("id", harrow)];
    let done = rut.post(WORKGROUPS, &fields).await;
    assert_eq!(done.header("location"), "/administration?done=owner");
    assert_eq!(rut.get("/harrow-valley/settings/tokens").await.status, 200);
    let rut_id = id_of(&app, "rut@harrow.example").await;
    let mut reader = app.state.db.read().await.unwrap();
    for place in [harrow, ""] {
        let rows = store::activity::list_of_subject(&mut reader, place, &rut_id, 9).await.unwrap();
        let told: Vec<_> = rows.iter().filter(|row| row.verb == Verb::MemberSet).collect();
        assert_eq!(told.len(), 1, "once inside, once for the installation");
        assert_eq!(told[0].after["role"], "owner");
    }
    let again = rut.post(WORKGROUPS, &fields).await;
    assert_eq!(again.status, 409);
    assert!(says(&again, "You own Harrow Valley already."));
    let nowhere = rut.post(WORKGROUPS, &[("action", "own"), ("id", "none")]).await;
    assert_eq!(nowhere.status, 404);
    assert_eq!(rut.post(WORKGROUPS, &[("action", "fly")]).await.status, 422);
}

#[tokio::test]
async fn a_long_list_is_paged() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    for number in 10..65 {
        app.workgroup(&format!("Works {number}"), "ada@harrow.example").await;
    }
    let first = rut.get(WORKGROUPS).await;
    assert!(says(&first, "50 of 56 workgroups on this page") && !says(&first, "Works 60"));
    let (_, rest) = first.body.split_once("after=").unwrap();
    let second = rut.get(&format!("{WORKGROUPS}?after={}", &rest[..36])).await;
    assert!(says(&second, "Works 60") && says(&second, "Works 64") && says(&second, "First page"));
    assert!(!says(&second, "Works 58") && !second.body.contains(">Next<"));
}
