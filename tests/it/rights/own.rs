//! What a token can never do to itself or for others, whatever it holds.

use super::model::{Operation, Principal, Reach, Verdict};
use super::place::{PEOPLE, admit, as_it_is, harrow, on_pages, target};
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use serde_json::json;

const TOKENS: &str = "/api/v1/workgroups/harrow-valley/tokens";

async fn managing(app: &TestApp, group: &str) -> IssuedToken {
    let permissions = super::model::PERMISSIONS.map(str::to_owned).to_vec();
    app.token(|raw| (raw.permissions, raw.device_group) = (permissions, group.to_owned())).await
}

#[tokio::test]
async fn a_token_never_edits_or_reissues_itself() {
    let app = harrow().await;
    for group in ["", "North"] {
        let own = managing(&app, group).await;
        let (api, id) = (app.api(own.string.reveal()), &own.token.id);
        let body =
            json!({ "version": own.token.version, "expires": "1y", "rate_limit": 1_000_000 });
        let edit = api.patch(&format!("{TOKENS}/{id}"), body).await;
        assert_eq!((edit.status, edit.code().as_str()), (403, "insufficient_permissions"));
        for older in ["keep", "now"] {
            let body = json!({ "older": older });
            let reissue = api.post(&format!("{TOKENS}/{id}/reissue"), body).await;
            assert_eq!(
                (reissue.status, reissue.code().as_str()),
                (403, "insufficient_permissions")
            );
        }
        assert_eq!(as_it_is(&app, id).await, own.token);
    }
}

#[tokio::test]
async fn a_token_never_grants_manage_access_neither_new_nor_by_reissue() {
    let app = harrow().await;
    let own = managing(&app, "").await;
    let api = app.api(own.string.reveal());
    let other = target(&app, &["read", "access.manage"], Reach::Workgroup).await;
    for permissions in [json!(["access.manage"]), json!(["read", "tunnel", "access.manage"])] {
        let body = json!({ "owner": "X", "email": "x@x.example", "permissions": permissions });
        let made = api.post(TOKENS, body).await;
        assert_eq!((made.status, made.code().as_str()), (403, "insufficient_permissions"));
        assert_eq!(made.json()["required_permission"], "access.manage");
    }
    let reissue = api.post(&format!("{TOKENS}/{}/reissue", other.id), json!({})).await;
    assert_eq!(reissue.json()["required_permission"], "access.manage");
    assert_eq!(as_it_is(&app, &other.id).await, other);
}

/// The one exception is for device tokens alone: the same permission on an access token is refused.
#[tokio::test]
async fn who_manages_devices_gives_device_permissions_to_devices_alone() {
    let app = harrow().await;
    let keeper = &PEOPLE[5];
    admit(&app, keeper).await;
    let caller = on_pages(&app, keeper).await;
    for permission in ["telemetry.send", "activations.read", "activations.confirm"] {
        let device = caller.create(&[permission], Reach::Device("pump-1")).await;
        assert_eq!(device, Verdict::Done, "{permission}");
        for reach in [Reach::Workgroup, Reach::Group("North")] {
            let access = caller.create(&[permission], reach).await;
            assert_eq!(access, Verdict::Forbidden, "{permission}");
        }
    }
}

/// Naming it is answered as naming one that there never was.
#[tokio::test]
async fn a_device_token_outside_of_the_group_does_not_exist_for_the_bound() {
    let app = harrow().await;
    let bound = Principal { group: Some("South"), name: "South", ..PEOPLE[3] };
    admit(&app, &bound).await;
    let caller = on_pages(&app, &bound).await;
    let token = target(&app, &["telemetry.send"], Reach::Device("pump-1")).await;
    for operation in [Operation::Show, Operation::Edit, Operation::Reissue, Operation::Revoke] {
        assert_eq!(caller.operate(operation, &token).await, Verdict::NotFound, "{operation:?}");
    }
    let unknown = caller.create(&["telemetry.send"], Reach::Device("pump-9")).await;
    let outside = caller.create(&["telemetry.send"], Reach::Device("pump-1")).await;
    assert_eq!((unknown, outside), (Verdict::WrongField, Verdict::WrongField));
}
