//! `…/devices/{id}/edit`: name and metadata, what counts at once, and who may not touch which key.

use super::{device, is_denied, kept, north, page, record, rows};
use crate::pages::forms::{says, text_of};
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;

const MANAGE: [&str; 2] = ["read", "devices.manage"];

fn fields<'a>(version: &'a str, name: &'a str, metadata: &'a str) -> [(&'a str, &'a str); 3] {
    [("version", version), ("name", name), ("metadata", metadata)]
}

#[tokio::test]
async fn name_and_metadata_change_and_the_record_says_from_what_to_what() {
    let app = TestApp::new().await;
    let pump = device(&app, "pump-1", &[("site", "north"), ("line", "7")]).await.0;
    let ada = app.ada().await;
    let at = format!("{}/edit", page(&pump));
    let form = ada.get(&at).await;
    assert_eq!(
        (form.input("version").as_deref(), form.input("name").as_deref()),
        (Some("1"), Some("PUMP-1"))
    );
    assert!(form.body.contains(">line = 7\nsite = north</textarea>"));
    let saved = ada.post(&at, &fields("1", "Pumpe 1", "site = south")).await;
    assert_eq!(
        (saved.status, saved.header("location")),
        (303, format!("{}?done=saved", page(&pump)).as_str())
    );
    let now = kept(&app, "pump-1").await.unwrap();
    assert_eq!((now.device.name.as_str(), now.version), ("Pumpe 1", 2));
    assert_eq!(now.device.metadata.get("site").map(String::as_str), Some("south"));
    let row = record(&app, &pump.id).await.remove(0);
    assert_eq!((row.verb, row.actor.as_str()), (Verb::DeviceEdited, "Ada"));
    assert_eq!(row.before["metadata line"], "7");
    assert!(!row.after.contains_key("metadata line"));
    assert_eq!((&row.before["name"], &row.after["name"]), (&"PUMP-1".into(), &"Pumpe 1".into()));
    let found = ada.get(&format!("{}?search=PUMPE", super::DEVICES)).await;
    assert_eq!(rows(&found), ["pump-1"], "the search follows");
    ada.post(&at, &fields("2", "Pumpe 1", "site = south")).await;
    assert_eq!(kept(&app, "pump-1").await.unwrap().version, 2, "no change, no edit");
}

#[tokio::test]
async fn metadata_moves_a_device_into_and_out_of_groups_at_once() {
    let app = TestApp::new().await;
    let (inside, outside) = north(&app).await;
    let bound = app.member("Ben", &["read"], Some("North")).await;
    let ada = app.ada().await;
    ada.post(&format!("{}/edit", page(&outside)), &fields("1", "P2", "site = north")).await;
    ada.post(&format!("{}/edit", page(&inside)), &fields("1", "P1", "")).await;
    assert_eq!(rows(&bound.get(super::DEVICES).await), ["pump-2"]);
    assert_eq!(bound.get(&page(&inside)).await.status, 404);
}

#[tokio::test]
async fn a_change_in_between_is_told_and_not_overwritten() {
    let app = TestApp::new().await;
    let pump = device(&app, "pump-1", &[]).await.0;
    let ada = app.ada().await;
    let at = format!("{}/edit", page(&pump));
    assert_eq!(ada.post(&at, &fields("1", "The first", "")).await.status, 303);
    let second = ada.post(&at, &fields("1", "The second", "line = 7")).await;
    assert_eq!(second.status, 409);
    assert!(says(&second, "Changed in between.") && says(&second, "The first"));
    assert_eq!(second.input("name").as_deref(), Some("The second"), "the input stays");
    assert!(second.body.contains(">line = 7</textarea>"));
    assert_eq!(kept(&app, "pump-1").await.unwrap().device.name, "The first");
    let version = second.input("version").unwrap();
    assert_eq!(ada.post(&at, &fields(&version, "The second", "")).await.status, 303);
    assert_eq!(kept(&app, "pump-1").await.unwrap().device.name, "The second");
}

#[tokio::test]
async fn a_wrong_field_is_told_at_the_field_and_nothing_is_saved() {
    let app = TestApp::new().await;
    let pump = device(&app, "pump-1", &[("site", "north")]).await.0;
    let long = format!("site = {}", "x".repeat(201));
    for (name, metadata, field) in [
        (" ", "", "name"),
        ("P", "site", "metadata"),
        ("P", "a = 1\na = 2", "metadata"),
        ("P", long.as_str(), "metadata"),
    ] {
        let at = format!("{}/edit", page(&pump));
        let refused = app.ada().await.post(&at, &fields("1", name, metadata)).await;
        assert_eq!(refused.status, 422, "{metadata}");
        assert!(text_of(&refused, &format!("{field}-error")).is_some(), "{field}");
    }
    assert_eq!(kept(&app, "pump-1").await.unwrap().device, pump);
}

#[tokio::test]
async fn who_is_bound_edits_their_devices_but_no_key_that_a_group_goes_by() {
    let app = TestApp::new().await;
    let (inside, outside) = north(&app).await;
    let ben = app.member("Ben", &MANAGE, Some("North")).await;
    let at = format!("{}/edit", page(&inside));
    let form = ben.get(&at).await;
    assert!(says(&form, "only members of the whole workgroup change: site"), "said beforehand");
    for metadata in ["site = south", "", "site = north2\nline = 7"] {
        let refused = ben.post(&at, &fields("1", "P1", metadata)).await;
        assert_eq!(refused.status, 403, "{metadata}");
        assert!(says(&refused, "goes by the metadata key"));
    }
    assert!(is_denied(&app, &inside.id, Verb::DeviceEdited, "Ben").await);
    assert_eq!(kept(&app, "pump-1").await.unwrap().device, inside);
    let saved = ben.post(&at, &fields("1", "P1", "site = north\nline = 7")).await;
    assert_eq!(saved.status, 303);
    assert_eq!(kept(&app, "pump-1").await.unwrap().device.metadata["line"], "7");
    let outside_at = format!("{}/edit", page(&outside));
    assert_eq!(ben.get(&outside_at).await.status, 404);
    assert_eq!(ben.post(&outside_at, &fields("1", "Mine", "site = north")).await.status, 404);
    assert_eq!(kept(&app, "pump-2").await.unwrap().device, outside);
}

#[tokio::test]
async fn without_manage_devices_nothing_is_edited() {
    let app = TestApp::new().await;
    let pump = device(&app, "pump-1", &[]).await.0;
    let ben = app.member("Ben", &["read", "access.manage", "devices.control"], None).await;
    let at = format!("{}/edit", page(&pump));
    assert_eq!(ben.get(&at).await.status, 403);
    let refused = ben.post(&at, &fields("1", "Mine", "")).await;
    assert_eq!(refused.status, 403);
    assert!(is_denied(&app, &pump.id, Verb::DeviceEdited, "Ben").await);
    assert_eq!(kept(&app, "pump-1").await.unwrap().device, pump);
}
