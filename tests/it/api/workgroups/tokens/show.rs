//! `GET …/tokens/{id}`: one token with its numbered strings.

use crate::api::{TOKENS, draft, manager, path_of, reissue, successor, text};
use crate::test_app::TestApp;
use serde_json::json;

#[tokio::test]
async fn a_token_is_shown_as_it_was_made_but_for_its_string() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let mut made = app.api(&string).post(TOKENS, draft()).await.json();
    made.as_object_mut().unwrap().remove("token");
    let path = format!("{TOKENS}/{}", made["id"].as_str().unwrap());
    let shown = app.api(&string).get(&path).await;
    assert_eq!((shown.status, shown.json()), (200, made));
}

#[tokio::test]
async fn its_strings_are_numbered_from_the_first_and_say_where_they_come_from() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = manager(&app).await;
    app.pass_days(1);
    successor(&app, text(&issued)).await;
    app.pass_days(1);
    reissue(&app, &string, &issued, "7d").await;
    let shown = app.api(&string).get(&path_of(&issued)).await.json();
    let facts: Vec<_> = shown["strings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            json!([it["number"], it["origin"], it["issued_at"], it["expires_at"], it["retired_at"]])
        })
        .collect();
    let end = "2026-11-30T10:00:00Z";
    assert_eq!(
        facts,
        [
            json!([1, "create", "2026-11-21T10:00:00Z", "2027-02-21T10:00:00Z", end]),
            json!([2, "renew", "2026-11-22T10:00:00Z", "2027-02-22T10:00:00Z", end]),
            json!([3, "reissue", "2026-11-23T10:00:00Z", "2027-02-23T10:00:00Z", null]),
        ]
    );
    assert_eq!(shown["expires_at"], "2027-02-23T10:00:00Z");
}

#[tokio::test]
async fn its_status_turns_with_the_clock() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "1m".into()).await;
    let keeper = app.token(|raw| {
        raw.expires = "1y".into();
        raw.permissions = vec!["access.manage".into()];
    });
    let keeper = keeper.await;
    // 30 days; the first stage that applies is 14 days before the end.
    for (days, status) in
        [(0, "active"), (15, "active"), (1, "expiring"), (13, "expiring"), (1, "expired")]
    {
        app.pass_days(days);
        let shown = app.api(text(&keeper)).get(&path_of(&issued)).await.json();
        assert_eq!(shown["status"], status, "{}", app.state.now().exact());
    }
}
