//! What works, and what a client cannot make work: of the API that asks Latchkey itself, and of the API behind a proxy.

use super::proxy::{self, Rules};
use super::{
    ANALYSIS, Answer, Fleet, INACTIVE, ORDER, Plant, REPORT, SEND, SocketAddr, Ways, call, said,
    text, with,
};
use crate::grants::process::revoke;
use std::time::Duration;

/// What device, operator and analyst do all day.
async fn a_day(plant: &Plant, to: SocketAddr) {
    let [one, two] = &plant.pumps;
    let ok = async |string: &str, line: &str, wanted: u16| -> Answer {
        let answer = with(to, string, line).await;
        assert_eq!(answer.status, wanted, "{line}: {}", answer.body);
        answer
    };
    assert_eq!(ok(one, SEND, 202).await.json()["kept"], 2);
    let ordered = ok(&plant.whole, ORDER, 201).await.json();
    assert_eq!((&ordered["number"], &ordered["action"]), (&1.into(), &"open-valve".into()));
    assert_eq!(ordered["ordered_by"], "North plant integrator");
    ok(&plant.north, "POST /devices/pump-2/activations", 201).await;
    let waiting = ok(one, "GET /devices/pump-1/activations", 200).await.json();
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
    let confirm = "POST /devices/pump-1/activations/1/confirm";
    assert_eq!(ok(one, confirm, 200).await.json()["confirmed"], true);
    assert_eq!(ok(one, confirm, 409).await.code(), "conflict");
    assert_eq!(
        ok(two, "POST /devices/pump-2/activations/7/confirm", 404).await.code(),
        "not_found"
    );
    let waiting = ok(one, "GET /devices/pump-1/activations", 200).await.json();
    assert_eq!(waiting["items"], serde_json::json!([]));
    let analysis = ok(&plant.reader, ANALYSIS, 200).await.json();
    assert_eq!(analysis, serde_json::json!({"count": 2, "least": 2.5, "most": 3.5, "mean": 3.0}));
    let usage = ok(&plant.reader, REPORT, 200).await.json();
    assert_eq!(usage["items"][0]["readings"], 2);
    assert_eq!(usage["items"][0]["confirmed"], 1);
    ok(&plant.whole, "DELETE /devices/pump-1/telemetry", 204).await;
    ok(&plant.reader, ANALYSIS, 404).await;
}

#[tokio::test]
async fn a_day_of_the_fleet_in_both_ways() {
    let plant = Plant::new().await;
    let ways = Ways::to(&plant).await;
    a_day(&plant, ways.direct).await;
    for behind in &ways.behind {
        a_day(&plant, behind.address).await;
    }
}

#[tokio::test]
async fn what_is_sent_is_checked_and_nothing_of_it_is_kept() {
    let plant = Plant::new().await;
    let asking = Fleet::asking(plant.server.address, &plant.own);
    let direct = asking.address;
    let bearer = format!("Bearer {}", plant.pumps[0]);
    let header = [("authorization", bearer.as_str())];
    let large = format!(r#"{{"readings":[{{"metric":"{}","value":1}}]}}"#, "a".repeat(70_000));
    for (body, wanted) in [
        (r#"{"readings":[]}"#, "422 invalid_input"),
        (r#"{"readings":[{"metric":"a b","value":1}]}"#, "422 invalid_input"),
        (r#"{"readings":[{"metric":"flow","value":1e999}]}"#, "422 invalid_input"),
        (r#"{"readings":[{"metric":"flow","value":1,"at":1}]}"#, "422 invalid_input"),
        ("{", "422 invalid_input"),
        ("", "415 unsupported_media_type"),
        (&large, "413 too_large"),
    ] {
        assert_eq!(said(&call(direct, SEND, &header, body).await), wanted);
    }
    let wrong = r#"{"readings":[{"metric":"A","value":1},{"metric":"b","value":1},{"metric":"","value":1}]}"#;
    let errors = call(direct, SEND, &header, wrong).await.json()["errors"].clone();
    let fields: Vec<_> = errors.as_array().unwrap().iter().map(|it| it["field"].clone()).collect();
    assert_eq!(fields, ["readings[0].metric", "readings[2].metric"]);
    let usage = with(direct, &plant.reader, REPORT).await.json();
    assert_eq!(usage["items"], serde_json::json!([]));
    let other = call(direct, "PUT /devices/pump-1/telemetry", &[], "").await;
    assert_eq!(
        (said(&other).as_str(), other.header("allow")),
        ("405 method_not_allowed", "POST,DELETE")
    );
    assert_eq!(said(&call(direct, "GET /nowhere", &[], "").await), "404 not_found");
}

#[tokio::test]
async fn a_revocation_closes_within_a_second_and_a_quarter() {
    let plant = Plant::new().await;
    let ways = Ways::to(&plant).await;
    let string = text(&plant.fleeting);
    assert_eq!(with(ways.direct, &string, REPORT).await.status, 200);
    for behind in &ways.behind {
        assert_eq!(with(behind.address, &string, REPORT).await.status, 200);
    }
    revoke(&plant.app, &plant.fleeting.token.id);
    let (first, second) = (Duration::from_millis(250), Duration::from_millis(1_000));
    tokio::time::sleep(first).await;
    for behind in &ways.behind {
        assert_eq!(said(&with(behind.address, &string, REPORT).await), "401 token_revoked");
    }
    tokio::time::sleep(second).await;
    assert_eq!(said(&with(ways.direct, &string, REPORT).await), INACTIVE);
}

#[tokio::test]
async fn headers_that_a_client_sends_itself_say_nothing() {
    let plant = Plant::new().await;
    let ways = Ways::to(&plant).await;
    let all = || ways.behind.iter().map(|behind| behind.address).chain([ways.direct]);
    let forged = [
        ("x-latchkey-workgroup", "harrow-valley"),
        ("x-latchkey-kind", "access"),
        ("x-latchkey-permissions", "read devices.control"),
        ("x-latchkey-owner", "Mallory"),
    ];
    for to in all() {
        assert_eq!(said(&call(to, REPORT, &forged, "").await), "401 missing_token");
    }
    let bearer = format!("Bearer {}", plant.whole);
    let mut lines = forged.to_vec();
    lines.push(("authorization", &bearer));
    let body = r#"{"action":"open-valve"}"#;
    for to in all() {
        let ordered = call(to, ORDER, &lines, body).await.json();
        assert_eq!(ordered["ordered_by"], "North plant integrator");
    }
    // Past the proxy: nothing vouches, or somebody else's workgroup does, or two do.
    let past = ways.behind[0].fleet.address;
    assert_eq!(said(&with(past, &plant.whole, REPORT).await), "401 missing_token");
    let mut other = forged.to_vec();
    other[0].1 = "brook-mill";
    assert_eq!(said(&call(past, REPORT, &other, "").await), "401 invalid_token");
    other.push(("x-latchkey-workgroup", "harrow-valley"));
    assert_eq!(said(&call(past, REPORT, &other, "").await), "400 duplicate_credentials");
}

#[tokio::test]
async fn a_proxy_with_too_wide_a_rule_opens_nothing_that_the_headers_tell() {
    let plant = Plant::new().await;
    let behind = Fleet::behind_a_proxy();
    let proxy = proxy::start(plant.server.address, behind.address, Rules::Wide).await;
    let [one, two] = &plant.pumps;
    for (string, line, wanted) in [
        (one, SEND, "202"),
        (two, SEND, "404 not_found"),
        (one, ORDER, "403 wrong_token_type"),
        (&plant.whole, SEND, "403 wrong_token_type"),
        (&plant.reader, ORDER, "403 insufficient_permissions"),
        (&plant.north, REPORT, "403 insufficient_permissions"),
        (&plant.foreign, REPORT, INACTIVE),
        (&plant.north, "POST /devices/any/activations", "404 not_found"),
        (&plant.reader, REPORT, "200"),
    ] {
        assert_eq!(said(&with(proxy, string, line).await), wanted, "{line}");
    }
}
