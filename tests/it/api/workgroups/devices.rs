//! `/api/v1/workgroups/{workgroup}/devices`: what a program that manages devices can do, and what it cannot.

use crate::api::{device_string, on_each, string_in};
use crate::caller::Answer;
use crate::database::dump;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::Method;
use latchkey::domain::activity::Verb;
use latchkey::server::devices::groups::{self, RawGroup, RawRule};
use latchkey::server::store;
use serde_json::{Value, json};

const DEVICES: &str = "/api/v1/workgroups/harrow-valley/devices";

async fn keeper(app: &TestApp) -> String {
    app.string_with(&["devices.manage"]).await
}

/// The string of a token that manages devices and is bound to the group *North*, which goes by *site*.
async fn bound(app: &TestApp) -> String {
    let rule = RawRule::Metadata { key: "site".into(), value: "north".into() };
    let raw = RawGroup { name: "North".into(), rule };
    groups::create(&app.state, &app.seat(), &raw, None).await.unwrap();
    let made = app
        .token(|raw| {
            raw.permissions = vec!["devices.manage".into(), "access.manage".into()];
            raw.device_group = "North".into();
        })
        .await;
    made.string.reveal().to_owned()
}

async fn create(app: &TestApp, string: &str, id: &str, metadata: Value) -> Answer {
    let body = json!({ "external_id": id, "name": id.to_uppercase(), "metadata": metadata });
    app.api(string).post(DEVICES, body).await
}

async fn delete(app: &TestApp, string: &str, path: &str) -> Answer {
    app.api(string).call(Method::DELETE, path, Body::empty()).await
}

fn ids(answer: &Answer) -> Vec<String> {
    let items = answer.json()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["external_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_device_is_created_shown_edited_and_removed_on_each_database() {
    on_each(async |app| {
        let string = keeper(&app).await;
        let made = create(&app, &string, "pump-1", json!({ "site": "north" })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let body = made.json();
        assert_eq!((&body["device"], &body["device_name"]), (&json!("pump-1"), &json!("PUMP-1")));
        assert_eq!(
            (&body["metadata"], &body["kind"]),
            (&json!({ "site": "north" }), &json!("device"))
        );
        assert_eq!((&body["expires_at"], &body["expires"]), (&Value::Null, &json!("never")));
        assert_eq!(body["permissions"].as_array().unwrap().len(), 3);
        let own = string_in(&made);
        let path = format!("{DEVICES}/pump-1");
        let shown = app.api(&string).get(&path).await.json();
        let expected = json!({
            "external_id": "pump-1", "name": "PUMP-1", "metadata": { "site": "north" },
            "version": 1, "created_at": "2026-11-21T10:00:00Z",
        });
        assert_eq!(shown, expected);
        let change = json!({ "version": 1, "name": "Pump 1", "metadata": { "line": "7" } });
        let edited = app.api(&string).patch(&path, change).await;
        assert_eq!((edited.status, &edited.json()["version"]), (200, &json!(2)), "{}", edited.body);
        assert_eq!(edited.json()["metadata"], json!({ "line": "7" }));
        let named =
            app.api(&string).patch(&path, json!({ "version": 2, "name": "P" })).await.json();
        assert_eq!((&named["name"], &named["metadata"]), (&json!("P"), &json!({ "line": "7" })));
        let stale = app.api(&string).patch(&path, json!({ "version": 2, "name": "Q" })).await;
        assert_eq!((stale.status, stale.code().as_str()), (409, "conflict"));
        let gone = delete(&app, &string, &path).await;
        assert_eq!((gone.status, gone.body.as_str()), (204, ""));
        assert_eq!(app.api(&string).get(&path).await.status, 404);
        assert_eq!(delete(&app, &string, &path).await.status, 404);
        assert_eq!(app.api(&own).get("/api/v1/token").await.code(), "token_revoked");
        let again = create(&app, &string, "pump-1", json!({})).await;
        assert_eq!(again.status, 201, "the id is free: {}", again.body);
    })
    .await;
}

#[tokio::test]
async fn the_id_may_be_called_id_and_the_permissions_be_chosen() {
    let app = TestApp::new().await;
    let string = keeper(&app).await;
    let body = json!({ "id": "pump/é 1".replace(' ', "-"), "name": "P", "permissions": ["activations.read"] });
    let made = app.api(&string).post(DEVICES, body).await.json();
    assert_eq!(made["permissions"], json!(["activations.read"]));
    let shown = app.api(&string).get(&format!("{DEVICES}/pump%2F%C3%A9-1")).await;
    assert_eq!((shown.status, &shown.json()["name"]), (200, &json!("P")));
}

#[tokio::test]
async fn everything_wrong_with_a_body_is_said_at_once_and_nothing_is_made() {
    let app = TestApp::new().await;
    let string = keeper(&app).await;
    create(&app, &string, "pump-1", json!({})).await;
    let before = dump(&app).await;
    let fields = |answer: &Answer| -> Vec<String> {
        let errors = answer.json()["errors"].as_array().unwrap().clone();
        let mut fields: Vec<_> =
            errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect();
        fields.sort();
        fields
    };
    let body = json!({
        "external_id": "pump-1", "name": " ", "metadata": { "site": 7 },
        "permissions": ["tunnel"], "workgroup": "x", "version": 1,
    });
    let refused = app.api(&string).post(DEVICES, body).await;
    assert_eq!(refused.status, 422);
    let all = ["external_id", "metadata", "name", "permissions", "version", "workgroup"];
    assert_eq!(fields(&refused), all);
    let both = json!({ "external_id": "a", "id": "a", "name": "A" });
    assert_eq!(fields(&app.api(&string).post(DEVICES, both).await), ["id"]);
    let change = json!({ "external_id": "b", "name": 7, "metadata": { "": "x" } });
    let refused = app.api(&string).patch(&format!("{DEVICES}/pump-1"), change).await;
    assert_eq!(fields(&refused), ["external_id", "metadata", "name", "version"]);
    assert_eq!(dump(&app).await, before);
}

#[tokio::test]
async fn the_list_is_by_name_and_goes_on_where_the_page_before_ended() {
    let app = TestApp::new().await;
    let string = keeper(&app).await;
    for id in ["c", "a", "b", "e", "d"] {
        create(&app, &string, id, json!({ "tag": format!("t-{id}") })).await;
    }
    let api = app.api(&string);
    let mut path = format!("{DEVICES}?limit=2");
    let mut pages = Vec::new();
    loop {
        let page = api.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        pages.push(ids(&page));
        let link = page.header("link").to_owned();
        let Some((_, rest)) = link.split_once('<') else { break };
        assert!(link.ends_with("rel=\"next\""));
        path = rest.split('>').next().unwrap().to_owned();
    }
    assert_eq!(pages, [vec!["a", "b"], vec!["c", "d"], vec!["e"]]);
    assert_eq!(ids(&api.get(&format!("{DEVICES}?search=T-D")).await), ["d"]);
    for wrong in ["limit=0", "limit=101", "limit=x", "cursor=x"] {
        assert_eq!(api.get(&format!("{DEVICES}?{wrong}")).await.status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn a_call_that_was_sent_twice_registers_one_device() {
    let app = TestApp::new().await;
    let string = keeper(&app).await;
    let body = json!({ "external_id": "pump-1", "name": "Pump 1" });
    let post = async |body: Value| {
        app.api(&string).with("idempotency-key", "k1").post(DEVICES, body).await
    };
    let first = post(body.clone()).await;
    let again = post(body).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
    let mut expected = first.json();
    expected.as_object_mut().unwrap().remove("token");
    assert_eq!(again.json(), expected);
    let other = post(json!({ "external_id": "pump-2", "name": "Pump 2" })).await;
    assert_eq!(other.status, 422);
    assert_eq!(ids(&app.api(&string).get(DEVICES).await), ["pump-1"]);
}

#[tokio::test]
async fn who_is_bound_edits_their_devices_alone_and_makes_and_removes_none() {
    let app = TestApp::new().await;
    let free = keeper(&app).await;
    create(&app, &free, "pump-1", json!({ "site": "north" })).await;
    create(&app, &free, "pump-2", json!({ "site": "south" })).await;
    let string = bound(&app).await;
    let api = app.api(&string);
    assert_eq!(ids(&api.get(DEVICES).await), ["pump-1"]);
    let (inside, outside) = (format!("{DEVICES}/pump-1"), format!("{DEVICES}/pump-2"));
    let change = json!({ "version": 1, "metadata": { "site": "north", "line": "7" } });
    assert_eq!(api.patch(&inside, change).await.status, 200);
    let escape = json!({ "version": 2, "metadata": { "line": "7" } });
    assert_eq!(api.patch(&inside, escape).await.code(), "insufficient_permissions");
    let unknown = format!("{DEVICES}/pump-9");
    for path in [&outside, &unknown] {
        let change = json!({ "version": 1, "name": "Mine" });
        let answers =
            [api.get(path).await, api.patch(path, change).await, delete(&app, &string, path).await];
        for answer in answers {
            assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{path}");
        }
    }
    assert_eq!(create(&app, &string, "pump-3", json!({})).await.code(), "insufficient_permissions");
    assert_eq!(delete(&app, &string, &inside).await.code(), "insufficient_permissions");
    assert_eq!(ids(&app.api(&free).get(DEVICES).await), ["pump-1", "pump-2"]);
}

/// What is denied is recorded once; whether the device exists is not told.
#[tokio::test]
async fn without_manage_devices_every_call_is_refused_and_recorded() {
    let app = TestApp::new().await;
    let free = keeper(&app).await;
    create(&app, &free, "pump-1", json!({})).await;
    let string = app.string_with(&["access.manage", "devices.control"]).await;
    let api = app.api(&string);
    for id in ["pump-1", "pump-9"] {
        let path = format!("{DEVICES}/{id}");
        let answers = [
            api.get(DEVICES).await,
            api.get(&path).await,
            create(&app, &string, "pump-3", json!({})).await,
            api.patch(&path, json!({ "version": 1, "name": "Mine" })).await,
            delete(&app, &string, &path).await,
        ];
        for answer in answers {
            assert_eq!((answer.status, answer.code().as_str()), (403, "insufficient_permissions"));
            assert_eq!(answer.json()["required_permission"], "devices.manage");
        }
    }
    let mut reader = app.state.db.read().await.unwrap();
    let denied =
        store::activity::list_of_subject(&mut reader, &app.harrow.id, "", 10).await.unwrap();
    let mut verbs: Vec<_> = denied.iter().map(|row| row.verb.code()).collect();
    verbs.sort_unstable();
    let expected = [Verb::DeviceCreated, Verb::DeviceEdited, Verb::DeviceRemoved].map(Verb::code);
    assert_eq!(verbs, expected);
    assert!(denied.iter().all(|row| row.denied.is_some()));
}

#[tokio::test]
async fn a_device_token_is_the_wrong_kind_wherever_devices_or_tokens_are_managed() {
    let app = TestApp::new().await;
    let string = device_string(&app).await;
    let api = app.api(&string);
    let tokens = "/api/v1/workgroups/harrow-valley/tokens";
    let device = format!("{DEVICES}/pump-1");
    let answers = [
        api.get(DEVICES).await,
        api.post(DEVICES, json!({ "id": "x", "name": "X" })).await,
        api.get(&device).await,
        api.patch(&device, json!({ "version": 1, "name": "X" })).await,
        delete(&app, &string, &device).await,
        api.get(tokens).await,
        api.post(tokens, json!({})).await,
        api.get(&format!("{tokens}/x")).await,
        api.patch(&format!("{tokens}/x"), json!({})).await,
        api.post(&format!("{tokens}/x/reissue"), json!({})).await,
        api.post(&format!("{tokens}/x/revoke"), json!(null)).await,
        api.post(&format!("{tokens}/x/strings/1/retire"), json!(null)).await,
    ];
    for answer in answers {
        assert_eq!((answer.status, answer.code().as_str()), (403, "wrong_token_type"));
    }
}

#[tokio::test]
async fn another_workgroups_devices_do_not_exist() {
    let app = TestApp::new().await;
    let string = keeper(&app).await;
    create(&app, &string, "pump-1", json!({})).await;
    app.workgroup("Brook Mill", "ada@harrow.example").await;
    let other = "/api/v1/workgroups/brook-mill/devices";
    for path in [other.to_owned(), format!("{other}/pump-1")] {
        let unknown = path.replace("brook-mill", "brook-mull");
        let (theirs, none) =
            (app.api(&string).get(&path).await, app.api(&string).get(&unknown).await);
        assert_eq!((theirs.status, theirs.body), (404, none.body), "{path}");
    }
    let made = app.api(&string).post(other, json!({ "id": "x", "name": "X" })).await;
    assert_eq!(made.code(), "not_found");
    assert_eq!(delete(&app, &string, &format!("{other}/pump-1")).await.code(), "not_found");
}
