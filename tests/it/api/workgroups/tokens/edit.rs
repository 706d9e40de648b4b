//! `PATCH …/tokens/{id}`: changes what it names, and nothing else.

use crate::api::{OWN, is_live, manager, path_of, reissue, text};
use crate::test_app::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn an_edit_changes_only_what_it_names() {
    let cases = [
        ("owner", json!("South plant")),
        ("email", json!("ops@south.example")),
        ("name", json!("staging")),
        ("expires", json!("1y")),
        ("can_renew", json!(false)),
        ("note", json!("two\nlines")),
        ("rate_limit", json!(90)),
    ];
    let app = TestApp::new().await;
    let string = manager(&app).await;
    for (member, value) in cases {
        let path = path_of(&app.token(|_| {}).await);
        let mut expected = app.api(&string).get(&path).await.json();
        assert_ne!(expected[member], value);
        let mut body = json!({ "version": 1 });
        body[member] = value.clone();
        let edited = app.api(&string).patch(&path, body).await;
        (expected[member], expected["version"]) = (value, json!(2));
        if member == "can_renew" {
            expected["renew_from"] = json!(null);
        }
        assert_eq!((edited.status, edited.json()), (200, expected.clone()), "{member}");
        assert_eq!(app.api(&string).get(&path).await.json(), expected, "{member}: it was kept");
    }
}

#[tokio::test]
async fn null_clears_what_may_be_empty() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| {
        raw.name = "staging".into();
        raw.note = "a note".into();
        raw.rate_limit = "90".into();
    });
    let (path, string) = (path_of(&issued.await), manager(&app).await);
    let body = json!({ "version": 1, "name": null, "note": null, "rate_limit": null });
    let edited = app.api(&string).patch(&path, body).await.json();
    for member in ["name", "note", "rate_limit"] {
        assert_eq!(edited[member], json!(null), "{member}");
    }
    for member in ["owner", "email", "expires"] {
        for empty in [json!(null), json!(""), json!("  ")] {
            let mut body = json!({ "version": 2 });
            body[member] = empty.clone();
            let answer = app.api(&string).patch(&path, body).await;
            assert_eq!(
                (answer.status, &answer.json()["errors"][0]["field"]),
                (422, &member.into()),
                "{member}: {empty}"
            );
        }
    }
}

#[tokio::test]
async fn permissions_and_reach_never_change() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let (path, string) = (path_of(&issued), manager(&app).await);
    for (member, value) in [
        ("permissions", json!(["read"])),
        ("device_group", Value::Null),
        ("device", Value::Null),
        ("kind", json!("device")),
        ("expires_at", Value::Null),
        ("id", json!("mine")),
        ("workgroup", json!("mill-lane")),
        ("status", json!("active")),
        ("revoked_at", Value::Null),
        ("strings", json!([])),
    ] {
        let mut body = json!({ "version": 1, "owner": "South plant" });
        body[member] = value;
        let answer = app.api(&string).patch(&path, body).await;
        let error = json!([{ "field": member, "message": "This member cannot be changed." }]);
        assert_eq!((answer.status, &answer.json()["errors"]), (422, &error));
    }
    assert_eq!(app.api(&string).get(&path).await.json()["owner"], "North plant integrator");
}

#[tokio::test]
async fn the_version_is_required_and_counts_changes() {
    let app = TestApp::new().await;
    let (path, string) = (path_of(&app.token(|_| {}).await), manager(&app).await);
    let api = app.api(&string);
    for body in [
        json!({}),
        json!({ "version": null }),
        json!({ "version": "1" }),
        json!({ "version": 1.5 }),
    ] {
        let answer = api.patch(&path, body.clone()).await;
        assert_eq!(
            (answer.status, &answer.json()["errors"][0]["field"]),
            (422, &"version".into()),
            "{body}"
        );
    }
    for version in [0, 2, -1] {
        assert_eq!(api.patch(&path, json!({ "version": version })).await.code(), "conflict");
    }
    let same = json!({ "version": 1, "owner": "North plant integrator" });
    assert_eq!(api.patch(&path, same).await.json()["version"], 1, "nothing was changed");
    let other = json!({ "version": 1, "owner": "South plant" });
    assert_eq!(api.patch(&path, other).await.json()["version"], 2);
}

#[tokio::test]
async fn an_edit_touches_no_string_that_exists() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let (path, string) = (path_of(&issued), manager(&app).await);
    let before = app.api(&string).get(&path).await.json();
    let body = json!({ "version": 1, "expires": "7d", "can_renew": false, "owner": "South plant" });
    let after = app.api(&string).patch(&path, body).await.json();
    assert_eq!(
        (&after["strings"], &after["expires_at"]),
        (&before["strings"], &before["expires_at"])
    );
    assert!(is_live(&app, text(&issued)).await);
}

#[tokio::test]
async fn a_lifetime_shortened_and_reissued_leaves_the_token_active_while_its_first_string_lives() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "1y".into()).await;
    let keeper = app.token(|raw| {
        raw.expires = "1y".into();
        raw.permissions = vec!["access.manage".into()];
    });
    let keeper = keeper.await;
    let path = path_of(&issued);
    app.api(text(&keeper)).patch(&path, json!({ "version": 1, "expires": "7d" })).await;
    let second = reissue(&app, text(&keeper), &issued, "keep").await;
    let shown = app.api(text(&keeper)).get(&path).await.json();
    assert_eq!(shown["strings"][1]["expires_at"], "2026-11-28T10:00:00Z");
    assert_eq!(shown["expires_at"], "2027-11-21T10:00:00Z", "that of #1");
    app.pass_days(200);
    assert!(!is_live(&app, &second).await);
    let own = app.api(text(&issued)).get(OWN).await.json();
    assert_eq!((&own["status"], &own["string"]["number"]), (&"active".into(), &1.into()));
    let list = format!("{}?status=active&search=north", crate::api::TOKENS);
    let items = app.api(text(&keeper)).get(&list).await.json()["items"].clone();
    assert!(
        items.as_array().unwrap().iter().any(|item| item["id"] == issued.token.id),
        "listed as active"
    );
}
