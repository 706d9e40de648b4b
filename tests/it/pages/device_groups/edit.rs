//! `…/device-groups/{id}/edit`: what opens and closes is shown first, counts at once when saved, and is saved only as shown.

use super::{GROUPS, facts, group, history, kept, listed, plant, pump};
use crate::caller::Answer;
use crate::pages::forms::{is_hydrated, says, tag, text_of};
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::domain::device_groups::RuleFacts;
use latchkey::server::devices::groups::RawRule;
use latchkey::server::people::members;
use latchkey::server::store;

async fn post(app: &TestApp, id: &str, fields: &[(&str, &str)]) -> Answer {
    app.ada().await.post(&format!("{GROUPS}/{id}/edit"), fields).await
}

/// North as pumps 2 and 3 instead of pump 1.
const MOVED: [(&str, &str); 4] =
    [("version", "1"), ("name", "North"), ("rule", "in"), ("devices", "pump-2\npump-3")];

fn with<'a>(fields: &[(&'a str, &'a str)], more: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    let others = fields.iter().copied().filter(|(name, _)| *name != more.0);
    others.chain([more]).collect()
}

#[tokio::test]
async fn the_form_begins_with_the_group_as_it_is() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let form = app.ada().await.get(&format!("{GROUPS}/{}/edit", north.id)).await;
    assert_eq!(form.input("name").as_deref(), Some("North"));
    assert_eq!(form.input("version").as_deref(), Some("1"));
    assert!(form.body.contains(">pump-1</textarea>") && says(&form, "Review the change"));
    let site = RawRule::Metadata { key: "site".into(), value: "south".into() };
    let south = group(&app, "South", site).await;
    let form = app.ada().await.get(&format!("{GROUPS}/{}/edit", south.id)).await;
    assert_eq!(form.input("key").as_deref(), Some("site"));
    assert!(tag(&form, "value").contains("south"));
}

#[tokio::test]
async fn an_edit_is_shown_by_name_before_it_is_saved() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    app.token(|raw| {
        raw.device_group = "North".into();
        raw.name = "staging".into();
    })
    .await;
    app.member("Ben", &["read"], Some("North")).await;
    let before = kept(&app).await;
    let review = post(&app, &north.id, &MOVED).await;
    assert_eq!((review.status, is_hydrated(&review)), (200, false));
    for said in [
        "1 token and 1 member are bound to this group.",
        "North plant integrator · staging gains Pump 2 and 1 more, loses Pump 1",
        "Ben gains Pump 2 and 1 more, loses Pump 1",
        "The group would hold 2 devices.",
        "Save changes",
    ] {
        assert!(says(&review, said), "{said}");
    }
    assert!(review.body.contains("pump-2\npump-3</textarea>"), "the input is kept");
    assert_eq!(kept(&app).await, before);
    let seen = review.input("seen").unwrap();
    assert_eq!(review.input("version").as_deref(), Some("1"));
    let saved = post(&app, &north.id, &with(&MOVED, ("seen", &seen))).await;
    assert_eq!((saved.status, facts(&app, &north.id).await.devices), (303, 2));
    let record = history(&app, &north.id).await;
    assert_eq!((record[0].verb, record[0].subject.as_str()), (Verb::DeviceGroupEdited, "North"));
    assert_eq!(record[0].before["rule"], "in pump-1");
    assert_eq!(record[0].after["rule"], "in pump-2, pump-3");
    assert!(!record[0].after.contains_key("name"), "it did not change");
}

#[tokio::test]
async fn a_new_name_is_saved_at_once_and_so_is_the_same_set_by_another_rule() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    app.token(|raw| raw.device_group = "North".into()).await;
    let name = [("version", "1"), ("name", "NORTH"), ("rule", "in"), ("devices", "pump-1")];
    assert_eq!(post(&app, &north.id, &name).await.status, 303);
    let rule =
        [("version", "2"), ("name", "NORTH"), ("rule", "not_in"), ("devices", "pump-2\npump-3")];
    assert_eq!(post(&app, &north.id, &rule).await.status, 303);
    let after = facts(&app, &north.id).await;
    assert_eq!((after.name.as_str(), after.rule, after.version), ("NORTH", RuleFacts::NotIn(2), 3));
    let token = app.ada().await.get("/harrow-valley/settings/tokens").await;
    assert!(says(&token, "NORTH"), "the token is bound to the renamed group");
    let unchanged = with(&rule, ("version", "3"));
    assert_eq!(post(&app, &north.id, &unchanged).await.status, 303);
    assert_eq!(facts(&app, &north.id).await.version, 3, "nothing was changed");
}

#[tokio::test]
async fn an_effect_that_is_no_longer_the_one_that_was_shown_is_shown_again() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let all = [("version", "1"), ("name", "North"), ("rule", "not_in"), ("devices", "")];
    let seen = post(&app, &north.id, &all).await.input("seen").unwrap();
    pump(&app, 4, "west").await;
    let again = post(&app, &north.id, &with(&all, ("seen", &seen))).await;
    assert!(again.status == 200 && says(&again, "Pump 4"));
    let newer = again.input("seen").unwrap();
    assert_ne!(newer, seen);
    app.token(|raw| raw.device_group = "North".into()).await;
    let concerned = post(&app, &north.id, &with(&all, ("seen", &newer))).await;
    assert!(concerned.status == 200 && says(&concerned, "North plant integrator gains"));
    let newest = concerned.input("seen").unwrap();
    let other = with(&MOVED, ("seen", &newest));
    assert_eq!(post(&app, &north.id, &other).await.status, 200, "another change than was shown");
    let mut review = with(&all, ("seen", &newest));
    review.push(("review", "1"));
    assert_eq!(post(&app, &north.id, &review).await.status, 200, "asked to see it again");
    assert_eq!(facts(&app, &north.id).await.version, 1);
    assert_eq!(post(&app, &north.id, &with(&all, ("seen", &newest))).await.status, 303);
    assert_eq!(facts(&app, &north.id).await.devices, 4);
}

#[tokio::test]
async fn an_edit_counts_at_once_for_members_and_tokens_both_ways() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let tokens = "/api/v1/workgroups/harrow-valley/tokens";
    let string = app
        .token(|raw| {
            raw.device_group = "North".into();
            raw.permissions = vec!["access.manage".into()];
        })
        .await
        .string;
    app.member("Ben", &["read"], Some("North")).await;
    let mut reader = app.state.db.read().await.unwrap();
    let devices = store::group_reach::list_devices(&mut reader, &app.harrow.id).await.unwrap();
    drop(reader);
    let own_token = async |external_id: &str| {
        let path = format!("{tokens}?search={}", external_id.replace("pump-", "Pump+"));
        let all = app.api(&app.string_with(&["access.manage"]).await).get(&path).await.json();
        all["items"][0]["id"].as_str().unwrap().to_owned()
    };
    for (rule, inside) in
        [("pump-2\npump-3", [false, true, true]), ("pump-1", [true, false, false])]
    {
        let version = facts(&app, &north.id).await.version.to_string();
        let fields =
            [("version", version.as_str()), ("name", "North"), ("rule", "in"), ("devices", rule)];
        let seen = post(&app, &north.id, &fields).await.input("seen").unwrap();
        assert_eq!(post(&app, &north.id, &with(&fields, ("seen", &seen))).await.status, 303);
        let slug = &app.harrow.slug;
        let ben = members::seat_of(&app.state, slug, "ben@harrow.example").await.unwrap();
        for (device, inside) in devices.iter().zip(inside) {
            let name = &device.external_id;
            assert_eq!(ben.rights.sees_device(device), inside, "Ben sees {name}");
            let path = format!("{tokens}/{}", own_token(name).await);
            let status = app.api(string.reveal()).get(&path).await.status;
            assert_eq!(status, if inside { 200 } else { 404 }, "the bound token sees {name}");
        }
    }
}

#[tokio::test]
async fn a_change_in_between_is_told_and_not_overwritten() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let first = [("version", "1"), ("name", "Northern"), ("rule", "in"), ("devices", "pump-1")];
    assert_eq!(post(&app, &north.id, &first).await.status, 303);
    let second = post(&app, &north.id, &MOVED).await;
    assert_eq!(second.status, 409);
    for said in
        ["Changed in between.", "Ada was the last", "Northern", "What you typed is kept below."]
    {
        assert!(says(&second, said), "{said}");
    }
    assert_eq!(second.input("name").as_deref(), Some("North"));
    assert_eq!(second.input("version").as_deref(), Some("2"));
    assert_eq!(facts(&app, &north.id).await.name, "Northern");
}

#[tokio::test]
async fn a_refused_edit_says_everything_at_once_and_changes_nothing() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    group(&app, "South", listed(&["pump-3"])).await;
    let before = kept(&app).await;
    let both =
        [("version", "1"), ("name", "SOUTH"), ("rule", "metadata"), ("key", "x"), ("value", "y")];
    let refused = post(&app, &north.id, &both).await;
    assert_eq!((refused.status, refused.input("version").as_deref()), (422, Some("1")));
    assert!(text_of(&refused, "name-error").is_some_and(|it| it.contains("“South”")));
    assert!(text_of(&refused, "key-error").is_some_and(|it| it.contains("would hold nothing")));
    let nothing = [("version", "1"), ("name", "North"), ("rule", "in"), ("devices", "")];
    assert_eq!(post(&app, &north.id, &nothing).await.status, 422);
    assert_eq!(kept(&app).await, before);
}

#[tokio::test]
async fn whoever_lacks_the_right_or_is_bound_edits_none_and_it_is_recorded() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let south = group(&app, "South", listed(&["pump-3"])).await;
    let edit = |id: &str| format!("{GROUPS}/{id}/edit");
    let rae = app.member("Rae", &["read", "access.manage"], None).await;
    let bo = app.member("Bo", &["devices.manage"], Some("North")).await;
    for (name, member) in [("Rae", &rae), ("Bo", &bo)] {
        assert_eq!(member.get(&edit(&north.id)).await.status, 403, "{name}");
        assert_eq!(member.post(&edit(&north.id), &MOVED).await.status, 403, "{name}");
        let record = history(&app, &north.id).await;
        let row = record.iter().find(|row| row.actor == name).unwrap();
        assert_eq!((row.verb, row.subject.as_str()), (Verb::DeviceGroupEdited, "North"));
        assert!(row.denied.is_some());
    }
    assert_eq!(bo.post(&edit(&south.id), &MOVED).await.status, 404);
    assert_eq!(rae.post(&edit("nothing"), &MOVED).await.status, 404);
    assert_eq!(facts(&app, &north.id).await.version, 1);
    let shown = app.ada().await.get(&format!("{GROUPS}/{}", north.id)).await;
    assert!(!says(&shown, "Edited"), "what was denied was not done");
}
