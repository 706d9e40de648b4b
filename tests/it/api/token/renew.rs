//! `GET` and `POST /api/v1/token/renew`.

use crate::api::{
    OWN, RENEW, is_live, manager, path_of, renew, string_in, successor, text, verdict,
};
use crate::test_app::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn a_renewal_gives_the_next_string_and_repeating_it_gives_the_same() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let holder = app.api(issued.string.reveal());
    let first = holder.post(RENEW, Value::Null).await;
    assert_eq!((first.status, first.header("cache-control")), (200, "no-store"));
    let again = holder.get(RENEW).await;
    assert_eq!(first.json()["token"], again.json()["token"]);
    assert_eq!(first.json()["id"], issued.token.id);
    assert_eq!(first.json()["expires_at"], "2027-02-21T10:00:00Z");
    let successor = app.api(first.json()["token"].as_str().unwrap());
    assert_eq!(successor.get(OWN).await.json()["string"]["number"], 2);
}

#[tokio::test]
async fn the_successor_has_identical_permissions_and_the_parent_keeps_its_own_end() {
    let app = TestApp::new().await;
    let permissions = ["devices.control", "discovery", "read"];
    let issued = app.token(|raw| raw.permissions = permissions.map(str::to_owned).to_vec()).await;
    app.pass_days(60);
    let renewed = renew(&app, text(&issued)).await.json();
    assert_eq!(renewed["permissions"], json!(permissions));
    assert_eq!(renewed["expires_at"], "2027-04-20T10:00:00Z");
    assert_eq!(renewed["strings"][0]["expires_at"], "2027-02-21T10:00:00Z");
    let own = app.api(renewed["token"].as_str().unwrap()).get(OWN).await.json();
    assert_eq!(own["permissions"], json!(permissions));
    app.pass_days(32);
    assert_eq!(verdict(&app, text(&issued)).await.1, "token_expired");
    assert!(is_live(&app, renewed["token"].as_str().unwrap()).await);
}

#[tokio::test]
async fn a_chain_of_renewals_keeps_one_token_alive_for_years() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "1m".into()).await;
    let mut chain = vec![text(&issued).to_owned()];
    for _ in 0..30 {
        app.pass_days(25);
        let next = successor(&app, chain.last().unwrap()).await;
        assert!(!chain.contains(&next));
        chain.push(next);
    }
    let own = app.api(chain.last().unwrap()).get(OWN).await.json();
    assert_eq!(
        (&own["string"]["number"], &own["id"]),
        (&31.into(), &issued.token.id.clone().into())
    );
    assert_eq!(own["status"], "active");
    for string in &chain[..29] {
        assert_eq!(verdict(&app, string).await.1, "token_expired");
    }
}

#[tokio::test]
async fn a_renewal_after_renewal_was_turned_off_is_refused_also_where_a_successor_lives() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    let string = manager(&app).await;
    let off = json!({ "version": 1, "can_renew": false });
    assert_eq!(app.api(&string).patch(&path_of(&issued), off).await.status, 200);
    for string in [text(&issued), &second] {
        let answer = renew(&app, string).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "renewal_not_enabled"));
    }
    let on = json!({ "version": 2, "can_renew": true });
    assert_eq!(app.api(&string).patch(&path_of(&issued), on).await.status, 200);
    assert_eq!(successor(&app, text(&issued)).await, second);
}

#[tokio::test]
async fn a_dead_string_renews_nothing() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    let string = manager(&app).await;
    let retire = format!("{}/strings/1/retire", path_of(&issued));
    assert_eq!(app.api(&string).post(&retire, Value::Null).await.status, 200);
    assert_eq!(renew(&app, text(&issued)).await.code(), "token_superseded");
    app.pass_days(92);
    assert_eq!(renew(&app, &second).await.code(), "token_expired");
    let other = app.token(|_| {}).await;
    app.api(text(&other)).post("/api/v1/token/revoke", Value::Null).await;
    assert_eq!(renew(&app, text(&other)).await.code(), "token_revoked");
}

#[tokio::test]
async fn ten_strings_live_at_most_and_a_past_renewal_still_answers() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "7d".into()).await;
    let mut chain = vec![text(&issued).to_owned()];
    for _ in 2..=10 {
        app.state.clock.advance(60);
        chain.push(successor(&app, chain.last().unwrap()).await);
    }
    let refused = renew(&app, &chain[9]).await;
    assert_eq!((refused.status, refused.code().as_str()), (429, "renewed_too_often"));
    for (parent, child) in chain.iter().zip(&chain[1..]) {
        assert_eq!(&successor(&app, parent).await, child, "nothing alive is harmed");
    }
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    app.state.clock.advance(wait - 1);
    assert_eq!(renew(&app, &chain[9]).await.status, 429, "a second too early");
    app.state.clock.advance(1);
    let next = string_in(&renew(&app, &chain[9]).await);
    assert_eq!(app.api(&next).get(OWN).await.json()["string"]["number"], 11);
}

#[tokio::test]
async fn retiring_older_strings_makes_room() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let mut last = text(&issued).to_owned();
    for _ in 2..=10 {
        last = successor(&app, &last).await;
    }
    assert_eq!(renew(&app, &last).await.status, 429);
    app.api(&last).post("/api/v1/token/retire-older", Value::Null).await;
    assert_eq!(renew(&app, &last).await.status, 200);
}
