//! `…/devices/new`: the device with its first token, whose string is shown once.

use super::{DEVICES, NEW, is_denied, kept, north, record};
use crate::caller::Browser;
use crate::database::dump;
use crate::pages::forms::{is_hydrated, says, tag, text_of};
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::domain::device_list::DeviceQuery;
use latchkey::server::devices::list;

const ALL: [&str; 3] = ["telemetry.send", "activations.read", "activations.confirm"];

fn filled<'a>(key: &'a str, permissions: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("idempotency_key", key),
        ("external_id", "pump-1"),
        ("name", "Pump 1"),
        ("metadata", "site = north\r\n\r\nline=7"),
    ];
    fields.extend(permissions.iter().map(|name| ("permissions", *name)));
    fields
}

async fn key(browser: &Browser<'_>) -> String {
    browser.get(NEW).await.input("idempotency_key").unwrap()
}

async fn count(app: &TestApp) -> i64 {
    list::list(&app.state, &app.seat(), &DeviceQuery::default(), 1).await.unwrap().total
}

#[tokio::test]
async fn a_device_is_registered_and_the_string_of_its_token_shown_once() {
    let app = TestApp::new().await;
    let keeper = app.member("Ben", &["read", "devices.manage"], None).await;
    let key = key(&keeper).await;
    let shown = keeper.post(NEW, &filled(&key, &ALL)).await;
    assert_eq!((shown.status, shown.header("cache-control")), (200, "no-store"));
    let string = shown.test_id("token-string").unwrap();
    assert!(string.starts_with("lkd_") && !is_hydrated(&shown));
    let made = kept(&app, "pump-1").await.unwrap();
    assert!(shown.body.contains(&format!("{DEVICES}/{}", made.device.id)), "Done leads there");
    let entries: Vec<_> = made.device.metadata.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(entries, ["line=7", "site=north"]);
    let own = app.api(&string).get("/api/v1/token").await.json();
    assert_eq!(own["kind"], "device");
    assert_eq!(own["permissions"].as_array().unwrap().len(), 3);
    assert!(own["expires_at"].is_null(), "it does not expire");
    let verbs: Vec<_> = record(&app, &made.device.id).await.iter().map(|row| row.verb).collect();
    assert_eq!(verbs, [Verb::DeviceCreated]);
    let page = keeper.get(&format!("{DEVICES}/{}", made.device.id)).await;
    assert!(!page.body.contains(&string[4..16]), "the string stands in no later page");
}

#[tokio::test]
async fn what_is_unticked_is_not_given() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let form = ada.get(NEW).await;
    for permission in ALL {
        let (_, rest) = form.body.split_once(&format!("value=\"{permission}\"")).unwrap();
        assert!(rest.split('>').next().unwrap().contains("checked"), "{permission} is ticked");
    }
    assert!(!form.body.contains("value=\"devices.control\""), "no device uses it");
    let key = key(&ada).await;
    let string = ada.post(NEW, &filled(&key, &ALL[..1])).await.test_id("token-string").unwrap();
    let own = app.api(&string).get("/api/v1/token").await.json();
    assert_eq!(own["permissions"], serde_json::json!(["telemetry.send"]));
}

#[tokio::test]
async fn the_same_form_sent_twice_registers_one_device() {
    let app = TestApp::new().await;
    let keeper = app.member("Ben", &["devices.manage"], None).await;
    let key = key(&keeper).await;
    let first = keeper.post(NEW, &filled(&key, &ALL)).await;
    let again = keeper.post(NEW, &filled(&key, &ALL)).await;
    let string = first.test_id("token-string").unwrap();
    assert_eq!(again.status, 200);
    assert!(says(&again, "Already made") && !again.body.contains(&string[4..16]));
    assert!(says(&again, "Open the device"));
    assert_eq!(count(&app).await, 1);
    let other = keeper.post(NEW, &filled(&key, &ALL[..1])).await;
    assert_eq!((other.status, count(&app).await), (422, 1));
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_the_input_stays() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    super::device(&app, "pump-1", &[]).await;
    let before = dump(&app).await;
    let fields = [
        ("idempotency_key", "k"),
        ("external_id", "pump-1"),
        ("name", "  "),
        ("metadata", "site"),
        ("permissions", "devices.control"),
    ];
    let refused = ada.post(NEW, &fields).await;
    assert_eq!(refused.status, 422);
    for field in ["external_id", "name", "metadata", "permissions"] {
        assert!(text_of(&refused, &format!("{field}-error")).is_some(), "{field}");
    }
    assert!(says(&refused, "There is already a device with the id"));
    assert_eq!(refused.input("external_id").as_deref(), Some("pump-1"));
    assert!(refused.body.contains(">site</textarea>"), "{}", tag(&refused, "metadata"));
    assert_eq!(dump(&app).await, before);
}

#[tokio::test]
async fn only_who_keeps_the_devices_of_the_whole_workgroup_registers_one() {
    let app = TestApp::new().await;
    north(&app).await;
    let people = [
        ("Ben", vec!["read", "access.manage"], None),
        ("Eve", vec!["read", "devices.manage"], Some("North")),
    ];
    for (name, permissions, group) in people {
        let browser = app.member(name, &permissions, group).await;
        assert_eq!(browser.get(NEW).await.status, 403, "{name}");
        let mut fields = filled("k", &ALL);
        fields.retain(|(field, _)| *field != "external_id");
        fields.push(("external_id", "pump-9"));
        let refused = browser.post(NEW, &fields).await;
        assert_eq!(refused.status, 403, "{name}");
        assert!(is_denied(&app, "", Verb::DeviceCreated, name).await, "{name}");
    }
    assert_eq!(count(&app).await, 2);
}

#[tokio::test]
async fn hostile_text_is_shown_as_it_was_typed() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let hostile = ["<script>alert(1)</script>", "\"><img/src=x>", "</title></textarea><b>x"];
    for (number, text) in hostile.into_iter().enumerate() {
        let (key, id) = (format!("k{number}"), format!("pump-{number}<b>"));
        let metadata = format!("{text} = {text}");
        // A key ends at the first equals sign.
        let metadata = if text.contains('=') { format!("key = {text}") } else { metadata };
        let fields = [
            ("idempotency_key", key.as_str()),
            ("external_id", &id),
            ("name", text),
            ("metadata", &metadata),
        ];
        let shown = ada.post(NEW, &fields).await;
        assert_eq!(shown.status, 200, "{text}: {}", shown.body);
        let device = kept(&app, &id).await.unwrap().device;
        assert_eq!(device.name, text);
        assert!(device.metadata.values().any(|value| value == text));
        let mut pages = vec![shown, ada.get(DEVICES).await];
        for path in ["", "?dialog=remove", "/edit"] {
            pages.push(ada.get(&format!("{DEVICES}/{}{path}", device.id)).await);
        }
        let named = ada.get(&format!("{DEVICES}?search=%3Cscript%3E")).await;
        pages.push(named);
        let token = format!("/harrow-valley/settings/tokens/new?device=1&for=pump-{number}%3Cb%3E");
        pages.push(ada.get(&token).await);
        for page in pages {
            assert_eq!(page.status, 200);
            for made in ["<script>alert", "<img/src", "</title></textarea>", "<b>"] {
                assert!(!page.body.contains(made), "{made}");
            }
        }
    }
}
