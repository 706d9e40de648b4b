//! `/api/v1/workgroups/{workgroup}/device-groups`: what a program that manages devices can do.

use crate::api::{device_string, on_each};
use crate::caller::Answer;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::Method;
use latchkey::domain::activity::Verb;
use latchkey::server::devices::register::{self, RawDevice};
use latchkey::server::store;
use serde_json::{Value, json};

const GROUPS: &str = "/api/v1/workgroups/harrow-valley/device-groups";

/// Pumps a, b and c; a and b at the north site. Gives the string of a program that manages devices.
async fn plant(app: &TestApp) -> String {
    for (id, site) in [("a", "north"), ("b", "north"), ("c", "south")] {
        let raw = RawDevice {
            external_id: id.into(),
            name: format!("Pump {id}"),
            metadata: vec![("site".into(), site.into())],
            permissions: None,
        };
        register::register(&app.state, &app.seat(), &raw, None).await.unwrap();
    }
    app.string_with(&["devices.manage"]).await
}

async fn made(app: &TestApp, string: &str, body: Value) -> Value {
    let answer = app.api(string).post(GROUPS, body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()
}

fn at(group: &Value) -> String {
    format!("{GROUPS}/{}", group["id"].as_str().unwrap())
}

async fn delete(app: &TestApp, string: &str, path: &str) -> Answer {
    app.api(string).call(Method::DELETE, path, Body::empty()).await
}

fn fields(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{body}"));
    errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn groups_are_made_listed_shown_edited_and_deleted() {
    on_each(async |app| {
        let string = plant(&app).await;
        let api = app.api(&string);
        let cases = [
            (json!({"name": "Listed", "in": ["a", "b"]}), 2),
            (json!({"name": "Rest", "not_in": ["a"]}), 2),
            (json!({"name": "All", "not_in": []}), 3),
            (json!({"name": "Site", "metadata": {"key": "site", "value": "south"}}), 1),
        ];
        let mut groups = Vec::new();
        for (body, devices) in cases {
            let group = made(&app, &string, body.clone()).await;
            for (name, value) in body.as_object().unwrap() {
                assert_eq!(&group[name], value, "{body}");
            }
            assert_eq!((&group["device_count"], &group["version"]), (&json!(devices), &json!(1)));
            assert_eq!(api.get(&at(&group)).await.json(), group);
            groups.push(group);
        }
        let list = api.get(GROUPS).await.json();
        let names: Vec<_> =
            list["items"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
        assert_eq!(names, ["All", "Listed", "Rest", "Site"]);
        let first = at(&groups[0]);
        let edited = api.patch(&first, json!({"version": 1, "in": ["c"]})).await.json();
        assert_eq!((&edited["in"], &edited["version"]), (&json!(["c"]), &json!(2)));
        let again =
            api.patch(&first, json!({"version": 2, "name": "L", "not_in": ["c"]})).await.json();
        assert_eq!(api.get(&first).await.json(), again);
        assert_eq!((&again["not_in"], again.get("in")), (&json!(["c"]), None));
        let site = json!({"version": 3, "metadata": {"key": "site", "value": "north"}});
        let by_site = api.patch(&first, site).await.json();
        assert_eq!((&by_site["device_count"], by_site.get("not_in")), (&json!(2), None));
        assert_eq!(delete(&app, &string, &first).await.status, 204);
        assert_eq!(api.get(&first).await.status, 404);
        assert_eq!(delete(&app, &string, &first).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_list_pages_by_cursor() {
    on_each(async |app| {
        let string = plant(&app).await;
        for number in 0..5 {
            made(&app, &string, json!({"name": format!("Ü & {number}"), "in": ["a"]})).await;
        }
        let api = app.api(&string);
        let (mut next, mut names) = (format!("{GROUPS}?limit=2"), Vec::new());
        loop {
            let page = api.get(&next).await;
            let items = page.json()["items"].take();
            names.extend(
                items.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()),
            );
            let Some(link) = page.header("link").strip_prefix('<') else { break };
            next = link.split('>').next().unwrap().to_owned();
        }
        assert_eq!(names, (0..5).map(|number| format!("Ü & {number}")).collect::<Vec<_>>());
        for limit in ["0", "101", "x"] {
            assert_eq!(fields(&api.get(&format!("{GROUPS}?limit={limit}")).await), ["limit"]);
        }
        let found = api.get(&format!("{GROUPS}?search=%C3%BC%20%26%203")).await.json();
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_answers_the_effect_and_saves_nothing() {
    let app = TestApp::new().await;
    let string = plant(&app).await;
    let group = made(&app, &string, json!({"name": "North", "in": ["a"]})).await;
    app.token(|raw| {
        raw.device_group = "North".into();
        raw.name = "staging".into();
    })
    .await;
    app.member("Ben", &["read"], Some("North")).await;
    let body = json!({"version": 1, "not_in": ["a"], "dry_run": true});
    let answer = app.api(&string).patch(&at(&group), body).await;
    assert_eq!(answer.status, 200);
    let expected = json!({
        "dry_run": true,
        "gains": {"count": 2, "first": [
            {"external_id": "b", "name": "Pump b"}, {"external_id": "c", "name": "Pump c"},
        ]},
        "loses": {"count": 1, "first": [{"external_id": "a", "name": "Pump a"}]},
        "device_count": 2,
        "tokens": {"count": 1, "first": ["North plant integrator · staging"]},
        "members": {"count": 1, "first": ["Ben"]},
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(app.api(&string).get(&at(&group)).await.json(), group);
}

#[tokio::test]
async fn a_wrong_body_is_refused_with_everything_in_it() {
    let app = TestApp::new().await;
    let string = plant(&app).await;
    let group = made(&app, &string, json!({"name": "North", "in": ["a"]})).await;
    let api = app.api(&string);
    let cases = [
        (json!({}), vec!["rule", "name"]),
        (json!({"name": "north", "in": ["z"]}), vec!["name", "in"]),
        (json!({"name": "X", "in": [], "not_in": []}), vec!["rule"]),
        (json!({"name": "X", "in": [1]}), vec!["in"]),
        (json!({"name": "X", "in": []}), vec!["in"]),
        (json!({"name": "X", "not_in": ["a", "b", "c"]}), vec!["not_in"]),
        (json!({"name": "X", "metadata": {"key": "site"}}), vec!["metadata"]),
        (json!({"name": "X", "metadata": {"key": "sight", "value": "x"}}), vec!["metadata"]),
        (json!({"name": "X", "metadata": {"key": "site", "value": "x"}}), vec!["metadata"]),
        (json!({"name": "X", "in": ["a"], "devices": 3}), vec!["devices"]),
        (json!({"name": "X", "in": ["a"], "id": "mine"}), vec!["id"]),
    ];
    for (body, wrong) in cases {
        let answer = api.post(GROUPS, body.clone()).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "invalid_input"), "{body}");
        assert_eq!(fields(&answer), wrong, "{body}");
    }
    let cases = [
        (json!({}), vec!["version"]),
        (json!({"version": 1, "device_count": 7}), vec!["device_count"]),
        (json!({"name": " ", "in": ["z"]}), vec!["version", "name", "in"]),
        (json!({"version": 1, "dry_run": "yes"}), vec!["dry_run"]),
        (json!({"version": 1, "in": ["a"], "not_in": ["a"]}), vec!["rule"]),
    ];
    for (body, wrong) in cases {
        let answer = api.patch(&at(&group), body.clone()).await;
        assert_eq!(
            (answer.status, fields(&answer)),
            (422, wrong.iter().map(ToString::to_string).collect()),
            "{body}"
        );
    }
    let stale = api.patch(&at(&group), json!({"version": 7, "name": "X"})).await;
    assert_eq!((stale.status, stale.code().as_str()), (409, "conflict"));
    assert_eq!(api.patch(&format!("{GROUPS}/none"), json!({})).await.status, 404);
    assert_eq!(api.get(&at(&group)).await.json(), group);
    let put = api.call(Method::PUT, GROUPS, Body::from("{}")).await;
    assert_eq!((put.status, put.code().as_str()), (405, "method_not_allowed"));
}

#[tokio::test]
async fn ten_thousand_ids_fit_into_a_body() {
    let app = TestApp::new().await;
    let string = plant(&app).await;
    let ids: Vec<_> = (0..10_000).map(|number| format!("pump-number-{number:06}")).collect();
    let answer = app.api(&string).post(GROUPS, json!({"name": "X", "in": ids})).await;
    assert_eq!(fields(&answer), ["in"]);
    let endless = json!({"name": "x".repeat(3 * 1024 * 1024), "in": ["a"]});
    assert_eq!(app.api(&string).post(GROUPS, endless).await.status, 413);
}

#[tokio::test]
async fn a_repeated_call_makes_one_group() {
    let app = TestApp::new().await;
    let string = plant(&app).await;
    let once = |body: Value| {
        let api = app.api(&string).with("idempotency-key", "k1");
        async move { api.post(GROUPS, body).await }
    };
    let body = json!({"name": "North", "in": ["a"]});
    let first = once(body.clone()).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""));
    let again = once(body).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
    assert_eq!(again.json(), first.json());
    assert_eq!(once(json!({"name": "South", "in": ["c"]})).await.status, 422);
    let list = app.api(&string).get(GROUPS).await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_is_bound_keeps_a_group() {
    let app = TestApp::new().await;
    let string = plant(&app).await;
    let group = made(&app, &string, json!({"name": "North", "in": ["a"]})).await;
    app.token(|raw| raw.device_group = "North".into()).await;
    let refused = delete(&app, &string, &at(&group)).await;
    assert_eq!((refused.status, refused.code().as_str()), (409, "conflict"));
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("1 token bound to it: North plant integrator."), "{detail}");
}

#[tokio::test]
async fn a_caller_without_the_right_or_of_another_sort_is_refused() {
    let app = TestApp::new().await;
    let string = plant(&app).await;
    let group = made(&app, &string, json!({"name": "North", "in": ["a"]})).await;
    let powerless = app.string_with(&["access.manage", "read"]).await;
    let device = device_string(&app).await;
    for (string, code) in [(powerless, "insufficient_permissions"), (device, "wrong_token_type")] {
        let answers = [
            app.api(&string).get(GROUPS).await,
            app.api(&string).post(GROUPS, json!({"name": "X", "in": ["a"]})).await,
            app.api(&string).get(&at(&group)).await,
            app.api(&string).patch(&at(&group), json!({"version": 1, "name": "X"})).await,
            delete(&app, &string, &at(&group)).await,
        ];
        for answer in answers {
            assert_eq!((answer.status, answer.code().as_str()), (403, code), "{}", answer.body);
        }
    }
    assert_eq!(app.api(&string).get(&at(&group)).await.json(), group);
}

#[tokio::test]
async fn a_bound_caller_reads_its_own_group_and_edits_none() {
    let app = TestApp::new().await;
    let string = plant(&app).await;
    let rest = made(&app, &string, json!({"name": "Rest", "not_in": ["a"]})).await;
    let other = made(&app, &string, json!({"name": "North", "in": ["a"]})).await;
    let bound = app
        .token(|raw| {
            raw.device_group = "Rest".into();
            raw.permissions = vec!["devices.manage".into()];
        })
        .await
        .string;
    let api = app.api(bound.reveal());
    let list = api.get(GROUPS).await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    let own = api.get(&at(&rest)).await.json();
    assert_eq!((&own["device_count"], &own["not_in"]), (&json!(2), &Value::Null), "a lies outside");
    assert_eq!(api.get(&at(&other)).await.status, 404);
    let rename = json!({"version": 1, "name": "Wider"});
    assert_eq!(api.patch(&at(&other), rename.clone()).await.status, 404);
    assert_eq!(delete(&app, bound.reveal(), &at(&other)).await.status, 404);
    for answer in [
        api.patch(&at(&rest), rename).await,
        api.patch(&at(&rest), json!({"version": 1, "not_in": [], "dry_run": true})).await,
        delete(&app, bound.reveal(), &at(&rest)).await,
        api.post(GROUPS, json!({"name": "Mine", "not_in": []})).await,
    ] {
        assert_eq!((answer.status, answer.code().as_str()), (403, "insufficient_permissions"));
    }
    let mut reader = app.state.db.read().await.unwrap();
    let id = rest["id"].as_str().unwrap();
    let record =
        store::activity::list_of_subject(&mut reader, &app.harrow.id, id, 50).await.unwrap();
    for verb in [Verb::DeviceGroupEdited, Verb::DeviceGroupRemoved] {
        assert!(record.iter().any(|row| row.verb == verb && row.denied.is_some()), "{verb:?}");
    }
}

#[tokio::test]
async fn another_workgroups_group_is_an_unknown_one() {
    let app = TestApp::new().await;
    let string = plant(&app).await;
    let group = made(&app, &string, json!({"name": "North", "in": ["a"]})).await;
    app.user("Bea", "bea@brook.example").await;
    let brook = app.workgroup("Brook Mill", "bea@brook.example").await;
    let seat = latchkey::domain::rights::Seat { workgroup: brook, ..app.seat() };
    let raw = latchkey::domain::token_draft::RawDraft {
        owner: "Mill".into(),
        email: "mill@brook.example".into(),
        permissions: vec!["devices.manage".into()],
        ..Default::default()
    };
    let issued = latchkey::server::tokens::issue::issue(&app.state, &seat, &raw, None, None).await;
    let foreign = issued.unwrap().done_now().unwrap().string;
    let api = app.api(foreign.reveal());
    let id = group["id"].as_str().unwrap();
    let own = "/api/v1/workgroups/brook-mill/device-groups";
    for path in [at(&group), format!("{own}/{id}"), format!("{own}/none")] {
        let answers = [
            api.get(&path).await,
            api.patch(&path, json!({"version": 1, "name": "Mine"})).await,
            delete(&app, foreign.reveal(), &path).await,
        ];
        assert!(answers.iter().all(|answer| answer.status == 404), "{path}");
    }
    assert_eq!(api.get(GROUPS).await.status, 404);
    assert_eq!(api.post(GROUPS, json!({"name": "X", "not_in": []})).await.status, 404);
    let devices = api.post(own, json!({"name": "X", "in": ["a"]})).await;
    assert_eq!(fields(&devices), ["in"], "its devices are unknown too");
    assert_eq!(app.api(&string).get(&at(&group)).await.json(), group);
}
