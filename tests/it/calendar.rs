//! The calendar feed: who makes, changes and stops its address, what it tells whoever knows it, and that it tells nobody else.

use crate::caller::{Answer, Browser};
use crate::database::dump;
use crate::pages::activity::{ACTIVITY, rows};
use crate::pages::device_groups::planted;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::{Method, Request};
use latchkey::domain::time::DAY;
use latchkey::domain::token::Older;
use latchkey::server::notices::calendar::{self, Change};
use latchkey::server::store;
use latchkey::server::tokens::{reissue, revoke};
use std::collections::BTreeMap;

const CALENDAR: &str = "/harrow-valley/settings/notices/calendar";

async fn post(browser: &Browser<'_>, action: &str) -> Answer {
    browser.post(CALENDAR, &[("action", action)]).await
}

/// The path of the feed; `None`: it has none.
async fn path(app: &TestApp) -> Option<String> {
    let address = calendar::address(&app.state, &app.seat()).await.unwrap()?;
    Some(address.strip_prefix("http://127.0.0.1:3000").unwrap().to_owned())
}

/// Ada has made the address.
async fn made(app: &TestApp) -> String {
    post(&app.ada().await, "calendar-make").await;
    path(app).await.unwrap()
}

/// The entries of the feed: property to value, unfolded, as they are written.
async fn entries(app: &TestApp, path: &str) -> Vec<BTreeMap<String, String>> {
    let answer = app.stranger().get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let text = answer.body.replace("\r\n ", "");
    let events = text.split("\r\nBEGIN:VEVENT\r\n").skip(1);
    let property = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_owned(), value.to_owned())
    };
    events
        .map(|it| it.split("\r\nEND:VEVENT\r\n").next().unwrap().lines().map(property).collect())
        .collect()
}

async fn summaries(app: &TestApp, path: &str) -> Vec<String> {
    entries(app, path).await.into_iter().map(|entry| entry["SUMMARY"].clone()).collect()
}

#[tokio::test]
async fn its_address_is_made_once_changed_and_stopped() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    assert_eq!(path(&app).await, None);
    let answer = post(&ada, "calendar-make").await;
    let to = "/harrow-valley/settings/notices?done=calendar-made";
    assert_eq!((answer.status, answer.header("location")), (303, to));
    let first = path(&app).await.unwrap();
    let code = first.strip_prefix("/calendar/").unwrap().strip_suffix(".ics").unwrap();
    assert_eq!(code.len(), 43, "256 bits");
    post(&ada, "calendar-make").await;
    assert_eq!(path(&app).await.as_ref(), Some(&first), "a second click keeps it");
    assert_eq!(app.stranger().get(&first).await.status, 200);
    let answer = post(&ada, "calendar-change").await;
    assert!(answer.header("location").ends_with("?done=calendar-changed"));
    let second = path(&app).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(app.stranger().get(&first).await.status, 404);
    assert_eq!(app.stranger().get(&second).await.status, 200);
    let answer = post(&ada, "calendar-stop").await;
    assert!(answer.header("location").ends_with("?done=calendar-stopped"));
    assert_eq!((path(&app).await, app.stranger().get(&second).await.status), (None, 404));
    assert_eq!(post(&ada, "calendar-stop").await.status, 303, "it is stopped, as was asked for");
    assert_eq!(post(&ada, "calendar-burn").await.status, 422);
}

#[tokio::test]
async fn what_is_done_to_it_is_recorded_without_the_address() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for action in ["calendar-make", "calendar-make", "calendar-change", "calendar-stop"] {
        post(&ada, action).await;
    }
    let path = made(&app).await;
    let record = rows(&ada.get(&format!("{ACTIVITY}?verb=workgroup.calendar_changed")).await);
    assert_eq!(record.len(), 4, "{record:#?}");
    assert!(record[2].contains("an address") && record[2].contains("another address"));
    assert!(record[1].contains("none") && record[1].contains("Ada 192.0.2.1"), "{record:#?}");
    let code = &path["/calendar/".len().."/calendar/".len() + 43];
    let holding = dump(&app).await.into_iter().filter(|row| row.contains(code));
    let tables: Vec<_> = holding.map(|row| row.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(tables, ["workgroups"]);
}

#[tokio::test]
async fn only_those_who_manage_access_in_all_of_the_workgroup_reach_it_and_a_no_is_recorded() {
    let app = TestApp::new().await;
    let group = planted(&app).await.name;
    app.user("Bea", "bea@harrow.example").await;
    app.workgroup("Brook Mill", "bea@harrow.example").await;
    let manager = app.member("Mona", &["access.manage", "read"], None).await;
    let without = app.member("Wim", &["read", "devices.manage"], None).await;
    let bound = app.member("Bo", &["access.manage", "read"], Some(&group)).await;
    let foreigner = app.browser("bea@harrow.example").await;
    for action in ["calendar-make", "calendar-change", "calendar-stop"] {
        for (browser, status) in [(&without, 403), (&bound, 403), (&foreigner, 404)] {
            assert_eq!(post(browser, action).await.status, status, "{action}");
        }
    }
    let answer = post(&app.stranger(), "calendar-make").await;
    assert!(answer.status == 303 && answer.header("location").starts_with("/sign-in"));
    assert_eq!(path(&app).await, None, "nothing was made");
    assert_eq!(post(&manager, "calendar-make").await.status, 303);
    assert!(path(&app).await.is_some());
    let ada = app.ada().await;
    let denied = rows(&ada.get(&format!("{ACTIVITY}?denied=1")).await);
    assert_eq!(denied.len(), 2, "once a minute and person: {denied:#?}");
    assert!(denied.iter().all(|row| row.starts_with("Calendar address changed")), "{denied:#?}");
    let seat = latchkey::server::people::members::seat_of(
        &app.state,
        "harrow-valley",
        "bo@harrow.example",
    );
    let seen = calendar::address(&app.state, &seat.await.unwrap()).await;
    assert_eq!(seen.unwrap_err().into_refusal().code.status(), 403);
}

#[tokio::test]
async fn it_tells_the_ends_of_its_own_tokens_soonest_first() {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    for app in apps {
        let bea = async |owner: &str, expires: &str| {
            app.token(|raw| (raw.owner, raw.expires) = (owner.into(), expires.into())).await.token
        };
        bea("Long gone", "7d").await;
        app.pass_days(30);
        bea("Gone", "7d").await;
        app.pass_days(10);
        let path = made(&app).await;
        bea("Late", "1y").await;
        let named = app.token(|raw| {
            (raw.owner, raw.name) = ("Plant integrator".into(), "staging".into());
            (raw.expires, raw.can_renew) = ("1m".into(), false);
        });
        let named = named.await.token;
        let revoked = bea("Revoked", "2m").await;
        revoke::revoke(&app.state, &app.seat(), &revoked.id, false, None, None).await.unwrap();
        app.user("Bea", "bea@harrow.example").await;
        app.workgroup("Brook Mill", "bea@harrow.example").await;
        let said = summaries(&app, &path).await;
        let expected = ["Gone expires", "Plant integrator · staging expires", "Late expires"];
        assert_eq!(said, expected);
        let entry = entries(&app, &path).await.remove(1);
        assert_eq!(entry["UID"], format!("{}@127.0.0.1", named.id));
        let end = named.expires_at.unwrap().rfc3339();
        assert_eq!(entry["DTSTART"], end.replace(['-', ':'], ""));
        let url = format!("http://127.0.0.1:3000/harrow-valley/settings/tokens/{}", named.id);
        assert_eq!(entry["URL"], url);
        let hint = &named.strings[0].hint;
        let words = &entry["DESCRIPTION"];
        assert!(words.starts_with(&format!("String {hint} of Plant integrator")), "{words}");
        assert!(words.contains("It cannot be renewed"), "{words}");
        let mut reader = app.state.db.read().await.unwrap();
        let (from, to) = (app.state.now() - 28 * DAY, app.state.now() + 700 * DAY);
        let two =
            store::calendar::list_ends(&mut reader, &app.harrow.id, from, to, 2).await.unwrap();
        assert_eq!(two.len(), 2);
    }
}

#[tokio::test]
async fn an_end_that_moves_is_the_same_entry_at_another_time() {
    let app = TestApp::new().await;
    let path = made(&app).await;
    let issued = app.token(|raw| raw.expires = "1m".into()).await;
    let before = entries(&app, &path).await;
    let tag = app.stranger().get(&path).await.header("etag").to_owned();
    app.pass_days(3);
    let same = app.stranger().get(&path).await;
    assert_eq!(same.header("etag"), tag, "nothing changed, though time passed");
    let (state, seat) = (&app.state, app.seat());
    reissue::reissue(state, &seat, &issued.token.id, Older::Keep, None, None).await.unwrap();
    let after = entries(&app, &path).await;
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!(before[0]["UID"], after[0]["UID"]);
    assert!(before[0]["DTSTART"] < after[0]["DTSTART"]);
    assert!(before[0]["DTSTAMP"] < after[0]["DTSTAMP"]);
    assert_ne!(app.stranger().get(&path).await.header("etag"), tag);
}

#[tokio::test]
async fn a_calendar_program_reads_it_as_it_should() {
    let app = TestApp::new().await;
    app.token(|_| {}).await;
    let path = made(&app).await;
    let answer = app.stranger().get(&path).await;
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "private, max-age=900");
    assert!(
        answer.body.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"),
        "{}",
        answer.body
    );
    assert!(answer.header("set-cookie").is_empty());
    let call = async |method: Method, known: &str| {
        let request = Request::builder().method(method).uri(&path).header("if-none-match", known);
        app.send(request.body(Body::empty()).unwrap()).await
    };
    let head = call(Method::HEAD, "").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("etag"), answer.header("etag"));
    let tag = answer.header("etag");
    for known in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let answer = call(Method::GET, &known).await;
        assert_eq!((answer.status, answer.body.as_str()), (304, ""), "{known}");
    }
    assert_eq!(call(Method::GET, "\"x\"").await.status, 200);
    assert_eq!(call(Method::POST, "").await.status, 405);
}

#[tokio::test]
async fn an_address_that_is_none_says_nothing() {
    let app = TestApp::new().await;
    let path = made(&app).await;
    let mut changed = path.clone().into_bytes();
    changed[12] = if changed[12] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    let unknown = format!("/calendar/{}.ics", "A".repeat(43));
    let first = app.stranger().get(&unknown).await;
    assert_eq!(first.status, 404);
    let upper = path.to_uppercase().replace("/CALENDAR/", "/calendar/").replace(".ICS", ".ics");
    for wrong in [
        changed.as_str(),
        "/calendar/x.ics",
        "/calendar/.ics",
        "/calendar/%00.ics",
        "/calendar/harrow-valley.ics",
        path.trim_end_matches(".ics"),
        &upper,
        &format!("{path}.ics"),
    ] {
        let answer = app.stranger().get(wrong).await;
        assert_eq!((answer.status, &answer.body), (404, &first.body), "{wrong}");
    }
}

#[tokio::test]
async fn the_text_of_an_owner_never_becomes_an_entry_of_its_own() {
    let app = TestApp::new().await;
    let path = made(&app).await;
    let hostile = [
        "A, B; C: \\n BEGIN:VEVENT",
        "<script>alert(1)</script>",
        "\"quoted\" \\, back\\\\slash;",
        &"\u{1f511}".repeat(60),
        "END:VEVENT END:VCALENDAR",
    ];
    for owner in hostile {
        app.token(|raw| raw.owner = owner.into()).await;
    }
    let text = app.stranger().get(&path).await.body;
    assert_eq!(text.matches("\r\nBEGIN:VEVENT\r\n").count(), hostile.len());
    assert_eq!(text.matches("\r\nEND:VCALENDAR\r\n").count(), 1);
    let said = summaries(&app, &path).await;
    let escape = |text: &str| text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;");
    for owner in hostile {
        assert!(said.contains(&format!("{} expires", escape(owner))), "{owner}: {said:#?}");
    }
}

#[tokio::test]
async fn two_who_make_it_at_once_have_one_address() {
    let app = TestApp::new().await;
    let seat = app.seat();
    let make = || calendar::change(&app.state, &seat, Change::Make, None);
    let (one, two) = tokio::join!(make(), make());
    one.and(two).unwrap();
    let ada = app.ada().await;
    let record = rows(&ada.get(&format!("{ACTIVITY}?verb=workgroup.calendar_changed")).await);
    assert_eq!(record.len(), 1, "{record:#?}");
}
