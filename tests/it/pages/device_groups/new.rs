//! `…/device-groups/new`: each rule, every refusal at its field, and who may.

use super::{GROUPS, NEW, facts, history, kept, plant};
use crate::pages::forms::{is_hydrated, says, tag, text_of};
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::domain::device_groups::RuleFacts;

/// The form as a browser sends it: every field, whatever was chosen.
fn form<'a>(
    name: &'a str,
    rule: &'a str,
    devices: &'a str,
    key: &'a str,
) -> [(&'a str, &'a str); 5] {
    [("name", name), ("rule", rule), ("devices", devices), ("key", key), ("value", "north")]
}

#[tokio::test]
async fn a_group_is_made_by_each_rule() {
    let app = TestApp::new().await;
    plant(&app).await;
    let ada = app.ada().await;
    let by_site = RuleFacts::Metadata { key: "site".into(), value: "north".into() };
    let cases = [
        (form("Two", "in", " pump-1\r\n\r\npump-3 \r\npump-1", ""), RuleFacts::In(2), 2),
        (form("But one", "not_in", "pump-1", "site"), RuleFacts::NotIn(1), 2),
        (form("All", "not_in", "", ""), RuleFacts::NotIn(0), 3),
        (form("By site", "metadata", "what was typed before", " site "), by_site, 2),
    ];
    for (fields, rule, devices) in cases {
        let made = ada.post(NEW, &fields).await;
        assert_eq!(made.status, 303, "{}", made.body);
        let to = made.header("location").to_owned();
        let id = &to[GROUPS.len() + 1..][..36];
        let group = facts(&app, id).await;
        assert_eq!((&group.rule, group.devices), (&rule, devices), "{fields:?}");
        let page = ada.get(&to).await;
        assert!(says(&page, "The device group was made.") && says(&page, &group.name));
        let record = history(&app, id).await;
        assert_eq!((record.len(), record[0].verb), (1, Verb::DeviceGroupCreated));
        assert_eq!((record[0].subject.as_str(), record[0].actor.as_str()), (fields[0].1, "Ada"));
        assert!(record[0].after.contains_key("rule") && record[0].address.is_some());
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_the_input_is_kept() {
    let app = TestApp::new().await;
    plant(&app).await;
    let ada = app.ada().await;
    let before = kept(&app).await;
    let every = "pump-1\npump-2\npump-3";
    let cases = [
        (form("nORTH", "in", "pump-1", ""), "name", "There is already a device group “North”."),
        (form(" ", "in", "pump-1", ""), "name", "Write 1 to 80 characters."),
        (form("X", "in", " \n", ""), "devices", "Name at least one device."),
        (form("X", "in", "pump-1\npump-9", ""), "devices", "There is no device “pump-9”."),
        (form("X", "not_in", "pump-9", ""), "devices", "There is no device “pump-9”."),
        (form("X", "not_in", every, ""), "devices", "so the group would hold nothing"),
        (
            form("X", "metadata", "", "sight"),
            "key",
            "No device has the metadata key “sight”; it would hold nothing.",
        ),
        (form("X", "metadata", "", ""), "key", "The key: Write 1 to 80 characters."),
    ];
    for (fields, field, said) in cases {
        let refused = ada.post(NEW, &fields).await;
        assert_eq!(refused.status, 422, "{fields:?}");
        let text = text_of(&refused, &format!("{field}-error")).unwrap_or_default();
        assert!(text.contains(said), "{fields:?}: {text}");
        assert_eq!(refused.input("name").as_deref(), Some(fields[0].1));
        let chosen =
            refused.body.split("<input").find(|it| it.contains(&format!("rule-{}", fields[1].1)));
        assert!(chosen.is_some_and(|it| it.contains("checked")), "{fields:?}");
        assert!(tag(&refused, field).contains("aria-invalid=\"true\"") && !is_hydrated(&refused));
    }
    let value = [("name", "X"), ("rule", "metadata"), ("key", "site"), ("value", "nroth")];
    let refused = ada.post(NEW, &value).await;
    assert!(says(&refused, "No device has “site” = “nroth”; it would hold nothing."));
    let both = ada.post(NEW, &form("north", "in", "pump-9", "")).await;
    assert!(text_of(&both, "name-error").is_some() && text_of(&both, "devices-error").is_some());
    assert!(both.body.contains(">pump-9</textarea>"));
    assert_eq!(ada.post(NEW, &[("name", "X")]).await.status, 422, "no rule is chosen");
    assert_eq!(kept(&app).await, before);
}

#[tokio::test]
async fn ten_thousand_ids_are_read_and_the_unknown_ones_named() {
    let app = TestApp::new().await;
    plant(&app).await;
    let ids: Vec<_> = (0..10_000).map(|number| format!("pump-number-{number:06}")).collect();
    let refused = app.ada().await.post(NEW, &form("X", "in", &ids.join("\n"), "")).await;
    assert_eq!(refused.status, 422);
    let said = text_of(&refused, "devices-error").unwrap();
    assert!(said.contains("“pump-number-000004” and 9995 more"), "{said}");
    assert!(refused.body.contains("pump-number-009999"), "the input is kept");
    let endless = "x".repeat(3 * 1024 * 1024);
    assert_eq!(app.ada().await.post(NEW, &form("X", "in", &endless, "")).await.status, 413);
}

#[tokio::test]
async fn keys_in_use_are_offered() {
    let app = TestApp::new().await;
    plant(&app).await;
    let page = app.ada().await.get(NEW).await;
    assert!(page.body.contains("list=\"keys\"") && page.body.contains("<option value=\"site\""));
}

#[tokio::test]
async fn whoever_lacks_the_right_or_is_bound_makes_none_and_it_is_recorded() {
    let app = TestApp::new().await;
    plant(&app).await;
    let cases = [
        ("Rae", vec!["read", "access.manage"], None, "This needs Manage devices"),
        ("Bo", vec!["devices.manage"], Some("North"), "You are bound to the device group North"),
    ];
    for (name, permissions, group, why) in cases {
        let member = app.member(name, &permissions, group).await;
        let page = member.get(NEW).await;
        assert!(page.status == 403 && says(&page, why), "{name}");
        let post = member.post(NEW, &form("Mine", "in", "pump-1", "")).await;
        assert!(post.status == 403 && says(&post, why), "{name}");
        let denied = history(&app, "").await;
        let row = denied.iter().find(|row| row.actor == name).unwrap();
        assert_eq!((row.verb, row.subject.as_str()), (Verb::DeviceGroupCreated, "Mine"));
        assert!(row.denied.as_ref().is_some_and(|denied| denied.contains(why)));
    }
    let stranger = app.stranger().post(NEW, &form("Mine", "in", "pump-1", "")).await;
    assert!(stranger.header("location").starts_with("/sign-in"));
    assert!(!says(&app.ada().await.get(GROUPS).await, "Mine"));
}
