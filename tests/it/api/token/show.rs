//! `GET /api/v1/token`: what a string is, told to whoever holds it.

use crate::api::{OWN, device_string, manager, reissue, successor, text};
use crate::test_app::TestApp;
use serde_json::json;

#[tokio::test]
async fn the_holder_sees_what_the_string_opens_and_when_to_renew() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.permissions = vec!["devices.control".into()]).await;
    let own = app.api(text(&issued)).get(OWN).await.json();
    let expected = json!({
        "kind": "access", "owner": "North plant integrator", "workgroup": "harrow-valley",
        "permissions": ["devices.control", "read"], "device": null, "device_group": null,
        "can_renew": true, "expires": "3m", "status": "active",
        "expires_at": "2027-02-21T10:00:00Z", "hint": issued.string.hint(),
    });
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(&own[member], value, "{member}");
    }
    assert_eq!((&own["string"]["number"], &own["string"]["origin"]), (&1.into(), &"create".into()));
    let from = own["renew_from"].as_str().unwrap();
    assert!(("2026-11-21T10:00:00Z".."2027-02-21T10:00:00Z").contains(&from), "{from}");
}

#[tokio::test]
async fn what_the_owners_keep_to_themselves_is_not_shown() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.note = "Owes us an answer".into()).await;
    let answer = app.api(text(&issued)).get(OWN).await;
    for member in ["note", "email", "created_by", "token"] {
        assert!(answer.json().get(member).is_none(), "{member}");
    }
    for hidden in ["Owes us", "ops@north.example", text(&issued)] {
        assert!(!answer.body.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn each_string_is_told_its_own_number_and_end() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    app.pass_days(30);
    let second = successor(&app, text(&issued)).await;
    let third = reissue(&app, &manager(&app).await, &issued, "keep").await;
    for (string, number, origin, ends, renew_from) in [
        (text(&issued), 1, "create", "2027-02-21T10:00:00Z", "2027-01-21T18:00:00Z"),
        (&second, 2, "renew", "2027-03-21T10:00:00Z", "2027-02-19T10:00:00Z"),
        (&third, 3, "reissue", "2027-03-21T10:00:00Z", "2027-02-19T10:00:00Z"),
    ] {
        let answer = app.api(string).get(OWN).await;
        assert_eq!(answer.header("x-latchkey-token-expires"), ends, "#{number}");
        let own = answer.json();
        assert_eq!(own["renew_from"], renew_from, "#{number} is asked for again while it lives");
        let string = &own["string"];
        assert_eq!((&string["number"], &string["origin"]), (&number.into(), &origin.into()));
        assert_eq!(
            (&string["expires_at"], &own["expires_at"]),
            (&ends.into(), &"2027-03-21T10:00:00Z".into())
        );
    }
}

#[tokio::test]
async fn a_device_token_names_its_device_and_never_ends() {
    let app = TestApp::new().await;
    let answer = app.api(&device_string(&app).await).get(OWN).await;
    assert_eq!(answer.header("x-latchkey-token-expires"), "never");
    let own = answer.json();
    assert_eq!((&own["kind"], &own["device"]), (&"device".into(), &"pump-1".into()));
    assert_eq!((&own["expires"], &own["expires_at"]), (&"never".into(), &json!(null)));
    assert_eq!(own["renew_from"], json!(null), "there is nothing to renew");
}
