//! Rights are read anew at every request: what was taken away in between opens nothing any more.

use super::model::{Operation, Principal, Reach, Verdict};
use super::place::{PAGE, PEOPLE, admit, as_it_is, harrow, on_pages, set, target};
use crate::test_app::TestApp;
use latchkey::server::people::members::{self, Standing};
use serde_json::Value;

const SUBSET: &Principal = &PEOPLE[1];

#[tokio::test]
async fn a_reissue_needs_what_the_person_holds_now() {
    let app = harrow().await;
    admit(&app, SUBSET).await;
    let caller = on_pages(&app, SUBSET).await;
    let token = target(&app, &["read", "tunnel"], Reach::Workgroup).await;
    assert_eq!(caller.operate(Operation::Reissue, &token).await, Verdict::Done);
    set(&app, SUBSET, &["access.manage", "read"]).await;
    assert_eq!(caller.operate(Operation::Reissue, &token).await, Verdict::Forbidden);
    assert_eq!(as_it_is(&app, &token.id).await.strings.len(), 3);
    let narrower = target(&app, &["read"], Reach::Workgroup).await;
    assert_eq!(caller.operate(Operation::Reissue, &narrower).await, Verdict::Done);
    set(&app, SUBSET, SUBSET.holds).await;
    assert_eq!(caller.operate(Operation::Reissue, &token).await, Verdict::Done);
}

#[tokio::test]
async fn creating_needs_what_the_person_holds_now() {
    let app = harrow().await;
    admit(&app, SUBSET).await;
    let caller = on_pages(&app, SUBSET).await;
    assert_eq!(caller.create(&["tunnel"], Reach::Workgroup).await, Verdict::Done);
    set(&app, SUBSET, &["access.manage", "read"]).await;
    assert_eq!(caller.create(&["tunnel"], Reach::Workgroup).await, Verdict::Forbidden);
    set(&app, SUBSET, &["read", "tunnel"]).await;
    assert_eq!(caller.create(&["read"], Reach::Workgroup).await, Verdict::Forbidden);
}

#[tokio::test]
async fn a_member_who_is_bound_in_between_no_longer_sees_the_rest() {
    let app = harrow().await;
    admit(&app, SUBSET).await;
    let caller = on_pages(&app, SUBSET).await;
    let token = target(&app, &["read"], Reach::Workgroup).await;
    assert_eq!(caller.operate(Operation::Show, &token).await, Verdict::Done);
    set(&app, &Principal { group: Some("North"), ..*SUBSET }, SUBSET.holds).await;
    for operation in [Operation::Show, Operation::Edit, Operation::Reissue, Operation::Revoke] {
        assert_eq!(caller.operate(operation, &token).await, Verdict::NotFound, "{operation:?}");
    }
}

async fn demote_ada(app: &TestApp) {
    app.user("Bob", "bob@harrow.example").await;
    let slug = &app.harrow.slug;
    let owner = members::set_member(&app.state, slug, "bob@harrow.example", Standing::Owner, None);
    owner.await.unwrap();
    let read = Standing::Chosen(vec!["read".into()]);
    members::set_member(&app.state, slug, "ada@harrow.example", read, None).await.unwrap();
}

#[tokio::test]
async fn an_owner_who_was_demoted_is_refused_at_the_next_request() {
    let app = harrow().await;
    let token = target(&app, &["read"], Reach::Workgroup).await;
    let ada = on_pages(&app, &PEOPLE[0]).await;
    assert_eq!(ada.operate(Operation::Edit, &token).await, Verdict::Done);
    demote_ada(&app).await;
    let token = as_it_is(&app, &token.id).await;
    for operation in
        [Operation::Show, Operation::Edit, Operation::Reissue, Operation::Retire, Operation::Revoke]
    {
        assert_eq!(ada.operate(operation, &token).await, Verdict::Forbidden, "{operation:?}");
    }
    assert_eq!(ada.create(&["read"], Reach::Workgroup).await, Verdict::Forbidden);
    assert_eq!(ada.list(&[]).await, Err(Verdict::Forbidden));
    assert_eq!(as_it_is(&app, &token.id).await, token);
}

#[tokio::test]
async fn a_page_left_open_by_a_demoted_owner_asks_its_server_functions_in_vain() {
    let app = harrow().await;
    let ada = app.ada().await;
    let question = "/rpc/list_tokens?workgroup=harrow-valley&query[revoked]=true";
    assert_eq!(ada.get(question).await.status, 200);
    demote_ada(&app).await;
    assert_eq!(ada.get(question).await.status, 403);
    assert!(ada.get(PAGE).await.body.contains("This needs Manage access"));
}

#[tokio::test]
async fn a_managing_token_that_was_revoked_manages_nothing() {
    let app = harrow().await;
    let managing = app.token(|raw| raw.permissions = vec!["access.manage".into()]).await;
    let api = app.api(managing.string.reveal());
    let address = "/api/v1/workgroups/harrow-valley/tokens";
    assert_eq!(api.get(address).await.status, 200);
    let owner = on_pages(&app, &PEOPLE[0]).await;
    assert_eq!(owner.operate(Operation::Revoke, &managing.token).await, Verdict::Done);
    let refused = api.post(&format!("{address}/{}/revoke", managing.token.id), Value::Null).await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "token_revoked"));
}

/// Revoking a token leaves those that it made, unless they are named too; then it takes those that the person sees.
#[tokio::test]
async fn the_tokens_of_a_token_outlive_it_unless_they_are_revoked_too() {
    let app = harrow().await;
    for (also, revoked) in [(None, 1), (Some("on"), 2)] {
        let managing = app.token(|raw| raw.permissions = vec!["access.manage".into()]).await;
        let api = app.api(managing.string.reveal());
        let body = serde_json::json!({ "owner": "Child", "email": "child@north.example" });
        let child = api.post("/api/v1/workgroups/harrow-valley/tokens", body).await.json();
        let mut fields = vec![("action", "revoke")];
        fields.extend(also.map(|also| ("also", also)));
        let page = format!("{PAGE}/{}", managing.token.id);
        assert!(app.ada().await.get(&page).await.body.contains("Tokens that it made"));
        assert_eq!(app.ada().await.post(&page, &fields).await.status, 303);
        let ids = [managing.token.id.as_str(), child["id"].as_str().unwrap()];
        let mut dead = 0;
        for id in ids {
            dead += i32::from(as_it_is(&app, id).await.revoked_at.is_some());
        }
        assert_eq!(dead, revoked, "also: {also:?}");
    }
}
