//! The whole table of refusals: of the API that asks Latchkey itself, and of the API behind a proxy.

use super::{ANALYSIS, Fleet, INACTIVE, ORDER, Plant, REPORT, SEND, Ways, call, said, with};

#[tokio::test]
async fn every_refusal_has_its_status_and_its_code() {
    let plant = Plant::new().await;
    let ways = Ways::to(&plant).await;
    let [one, two] = &plant.pumps;
    let unknown = crate::api::unknown_string();
    let kind = "403 wrong_token_type";
    let lacks = "403 insufficient_permissions";
    let cases = [
        ("unknown", REPORT, unknown.as_str(), INACTIVE, INACTIVE),
        ("not of our making", REPORT, "lka_short", INACTIVE, "401 malformed_token"),
        ("no token at all", REPORT, "é!", "401 malformed_token", "401 malformed_token"),
        ("empty", REPORT, "", "401 malformed_token", "401 malformed_token"),
        ("expired", REPORT, &plant.expired, INACTIVE, "401 token_expired"),
        ("revoked", REPORT, &plant.revoked, INACTIVE, "401 token_revoked"),
        ("superseded", REPORT, &plant.superseded, INACTIVE, "401 token_superseded"),
        ("of another workgroup", REPORT, &plant.foreign, INACTIVE, INACTIVE),
        ("a device for a report", REPORT, one, kind, kind),
        ("a device giving orders", ORDER, one, kind, kind),
        ("a person as a device", SEND, &plant.whole, kind, kind),
        ("without the permission", ORDER, &plant.reader, lacks, lacks),
        ("another device", SEND, two, "404 not_found", "403 not_found"),
        ("outside its group", ANALYSIS, &plant.north, "404 not_found", "403 not_found"),
        ("bound, where none is named", REPORT, &plant.north, lacks, lacks),
        (
            "whichever device it is",
            "POST /devices/any/activations",
            &plant.north,
            "404 not_found",
            "403 not_found",
        ),
        (
            "a device of no workgroup",
            "POST /devices/pump-9/activations",
            &plant.whole,
            "404 not_found",
            "403 not_found",
        ),
    ];
    for (what, line, string, asked, proxied) in cases {
        let proxies = ways.behind.iter().map(|behind| (behind.address, proxied));
        for (to, wanted) in proxies.chain([(ways.direct, asked)]) {
            let answer = with(to, string, line).await;
            assert_eq!(said(&answer), wanted, "{what}");
            let challenge = answer.header("www-authenticate");
            assert_eq!(challenge.is_empty(), answer.status == 404, "{what}: {challenge}");
        }
    }
    let log = ways.asking.log.lock().unwrap().clone();
    assert!(!log.contains("lka_") && !log.contains("lkd_"), "{log}");
}

#[tokio::test]
async fn a_call_without_a_token_is_told_so() {
    let plant = Plant::new().await;
    let ways = Ways::to(&plant).await;
    let bearer = format!("Bearer {}", plant.whole);
    let (line, basic) = (("authorization", bearer.as_str()), ("authorization", "Basic YTpi"));
    let bare = ("authorization", plant.whole.as_str());
    for (headers, asked, proxied) in [
        (vec![], "401 missing_token", "401 missing_token"),
        (vec![basic], "401 missing_bearer_prefix", "401 missing_bearer_prefix"),
        (vec![bare], "401 missing_bearer_prefix", "401 missing_bearer_prefix"),
        (vec![line, line], "400 duplicate_credentials", "401 duplicate_credentials"),
    ] {
        assert_eq!(said(&call(ways.direct, REPORT, &headers, "").await), asked);
        for behind in &ways.behind {
            // nginx refuses two lines itself, and asks nobody.
            let own = behind.nginx.is_some() && headers.len() == 2;
            let wanted = if own { "400 " } else { proxied };
            assert_eq!(said(&call(behind.address, REPORT, &headers, "").await), wanted);
        }
    }
    let answer = call(ways.direct, REPORT, &[], "").await;
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"fleet\"");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["status"], 401);
}

#[tokio::test]
async fn a_refusal_names_the_permission_that_is_missing() {
    let plant = Plant::new().await;
    let asking = Fleet::asking(plant.server.address, &plant.own);
    let answer = with(asking.address, &plant.reader, ORDER).await;
    assert_eq!(answer.json()["required_permission"], "devices.control");
    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    assert!(challenge.contains("scope=\"devices.control\""), "{challenge}");
}

#[tokio::test]
async fn a_token_that_asks_too_often_waits() {
    let plant = Plant::new().await;
    let ways = Ways::to(&plant).await;
    let [string, others @ ..] = &plant.limited;
    let second = "GET /analytics/pump-2/flow";
    assert_eq!(said(&with(ways.direct, string, REPORT).await), "200");
    assert_eq!(said(&with(ways.direct, string, second).await), "404 not_found", "no readings");
    // The third question of this minute; the first one asked again within its second would be none.
    let answer = with(ways.direct, string, ANALYSIS).await;
    assert_eq!(said(&answer), "429 rate_limited");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    for (behind, string) in ways.behind.iter().zip(others) {
        for wanted in ["200", "200", "429 rate_limited"] {
            assert_eq!(said(&with(behind.address, string, REPORT).await), wanted);
        }
    }
}
