//! `/{workgroup}/settings/activity`: rows in words, filters in the address, pages, and who may see them.

use super::forms::{TOKENS, says, without_tags};
use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::domain::time::HOUR;
use latchkey::domain::token::Token;
use latchkey::domain::token_draft::RawEdit;
use latchkey::domain::user::Email;
use latchkey::server::activity::{Deed, Subject, record, values};
use latchkey::server::devices::groups::{self, RawGroup, RawRule};
use latchkey::server::devices::register::{self, RawDevice};
use latchkey::server::store;
use latchkey::server::tokens::{edit, revoke};

pub const ACTIVITY: &str = "/harrow-valley/settings/activity";
const READ: &str = "/rpc/read_activity?workgroup=harrow-valley&query[denied]=false";

/// The text of each row, newest first, with single spaces.
pub fn rows(answer: &Answer) -> Vec<String> {
    let rows = answer.body.split("data-testid=\"activity-row\"").skip(1);
    rows.map(|row| {
        let row = row.split("</tr>").next().unwrap().split_once('>').unwrap().1;
        let text = without_tags(&row.replace("</", " </").replace("<!>", ""));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    })
    .collect()
}

/// The group *North* with the device pump-1 in it.
async fn north(app: &TestApp) {
    let raw =
        RawDevice { external_id: "pump-1".into(), name: "Pump 1".into(), ..RawDevice::default() };
    register::register(&app.state, &app.seat(), &raw, None).await.unwrap();
    let raw = RawGroup { name: "North".into(), rule: RawRule::In(vec!["pump-1".into()]) };
    groups::create(&app.state, &app.seat(), &raw, None).await.unwrap();
}

/// Made on the command line and edited by Ada an hour later.
async fn edited(app: &TestApp, owner: &str) -> Token {
    let made = app.token(|raw| raw.owner = owner.into()).await.token;
    app.state.clock.advance(HOUR);
    let page = format!("{TOKENS}/{}/edit", made.id);
    let version = made.version.to_string();
    let fields = [
        ("version", version.as_str()),
        ("owner", owner),
        ("email", "new@north.example"),
        ("expires", "3m"),
        ("can_renew", "on"),
    ];
    let answer = app.ada().await.post(&page, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    made
}

#[tokio::test]
async fn each_row_says_who_did_what_to_what_when_and_from_where() {
    let app = TestApp::new().await;
    let token = edited(&app, "North plant").await;
    app.state.clock.advance(2 * HOUR);
    let page = app.ada().await.get(ACTIVITY).await;
    let rows = rows(&page);
    assert!(rows[0].starts_with("Token edited North plant Email address"), "{rows:#?}");
    assert!(rows[0].contains("ops@north.example \u{2192} became new@north.example"), "{rows:#?}");
    assert!(rows[0].ends_with("Ada 192.0.2.1 2 hours ago"), "{rows:#?}");
    assert!(rows[1].starts_with("Token created North plant"), "{rows:#?}");
    assert!(rows[1].contains("The command line"), "{rows:#?}");
    assert!(rows.last().unwrap().starts_with("Workgroup created Harrow Valley"), "{rows:#?}");
    assert!(page.body.contains(&format!("href=\"{TOKENS}/{}\"", token.id)));
    assert!(page.body.contains("title=\"21 Nov 2026, 11:00 UTC\""));
}

#[tokio::test]
async fn what_no_longer_stands_keeps_its_name_and_loses_its_link() {
    let app = TestApp::new().await;
    north(&app).await;
    let deed = |kind, name| Deed {
        verb: Verb::DeviceRemoved,
        subject: Subject::new(kind, "0192f0a1-0000-7000-8000-00000000000a", name),
        before: values([]),
        after: values([]),
        address: None,
    };
    let mut tx = app.state.db.begin().await.unwrap();
    record(&app.state, &mut tx, &app.seat(), deed("device", "Old pump")).await.unwrap();
    tx.commit().await.unwrap();
    let page = app.ada().await.get(ACTIVITY).await;
    assert!(rows(&page)[0].starts_with("Device removed Old pump"));
    assert!(!page.body.contains("devices/0192f0a1"));
    for kept in ["/harrow-valley/settings/devices/", "/harrow-valley/settings/device-groups/"] {
        assert!(page.body.contains(kept), "{kept}");
    }
}

#[tokio::test]
async fn the_filters_stand_in_the_address_and_leave_what_they_name() {
    let app = TestApp::new().await;
    let token = edited(&app, "Süd-Werk").await;
    app.state.clock.advance(-HOUR);
    revoke::revoke(&app.state, &app.seat(), &token.id, false, None, None).await.unwrap();
    app.state.clock.advance(24 * HOUR);
    let eve = app.member("Eve", &["read"], None).await;
    eve.post(&format!("{TOKENS}/{}", token.id), &[("action", "revoke")]).await;
    let ada = app.ada().await;
    let email = Email::parse("ada@harrow.example").unwrap();
    let user = store::users::find_by_email(&mut app.state.db.read().await.unwrap(), &email).await;
    let id = user.unwrap().unwrap().user.id;
    let people = ada.get(ACTIVITY).await;
    assert!(people.body.contains(&format!("value=\"{id}\"")), "Ada can be chosen");
    let cases: [(&str, &[&str]); 12] = [
        ("?subject=S%C3%9CD", &["Token revoked", "Token edited", "Token revoked", "Token created"]),
        (
            &format!("?subject={}", token.id),
            &["Token revoked", "Token edited", "Token revoked", "Token created"],
        ),
        ("?subject=100%25", &[]),
        ("?denied=1", &["Token revoked"]),
        ("?verb=token.edited", &["Token edited"]),
        (&format!("?actor={id}"), &["Token edited"]),
        (&format!("?actor={id}&verb=token.revoked"), &[]),
        ("?actor=command-line&kind=token", &["Token revoked", "Token created"]),
        ("?kind=workgroup", &["Workgroup created"]),
        ("?from=2026-11-22", &["Token revoked", "Member"]),
        ("?from=2026-11-22&to=2026-11-22&subject=werk", &["Token revoked"]),
        ("?from=2026-11-23", &[]),
    ];
    for (query, expected) in cases {
        let page = ada.get(&format!("{ACTIVITY}{query}")).await;
        let rows = rows(&page);
        assert_eq!(rows.len(), expected.len(), "{query}: {rows:#?}");
        for (row, verb) in rows.iter().zip(expected) {
            assert!(row.starts_with(verb), "{query}: {rows:#?}");
        }
        assert_eq!(says(&page, "Nothing fits these filters"), expected.is_empty(), "{query}");
        assert!(page.body.contains("aria-label=\"Filters that are set\""), "{query}");
    }
}

#[tokio::test]
async fn a_chip_takes_its_filter_away_and_keeps_the_others() {
    let app = TestApp::new().await;
    let token = edited(&app, "North plant").await;
    let ada = app.ada().await;
    let page = ada
        .get(&format!("{ACTIVITY}?subject={}&verb=token.edited&from=2026-11-21", token.id))
        .await;
    for chip in ["Subject: North plant", "What: Token edited", "From: 21 Nov 2026"] {
        assert!(says(&page, chip), "{chip}");
    }
    let rest = format!("href=\"{ACTIVITY}?subject={}&amp;from=2026-11-21\"", token.id);
    let plain = rest.replace("&amp;", "&");
    assert!(page.body.contains(&rest) || page.body.contains(&plain), "{}", page.body);
    assert!(page.body.contains("selected"), "the choice is kept in the form");
    assert_eq!(page.input("from").as_deref(), Some("2026-11-21"));
}

#[tokio::test]
async fn a_long_record_is_read_page_by_page_and_no_row_twice() {
    let app = TestApp::new().await;
    for number in 0..60 {
        app.token(|raw| raw.owner = format!("Owner {number} of many")).await;
    }
    let ada = app.ada().await;
    for query in ["", "verb=token.created&", "subject=of+many&"] {
        let first = ada.get(&format!("{ACTIVITY}?{query}")).await;
        assert_eq!(rows(&first).len(), 50, "{query}");
        let follow = |answer: &Answer, name: &str| {
            let after = answer.body.split(&format!("{name}=")).nth(1);
            after.map(|rest| rest.split(['"', '&']).next().unwrap().to_owned())
        };
        let after = follow(&first, "after").unwrap();
        let second = ada.get(&format!("{ACTIVITY}?{query}after={after}")).await;
        let both = [rows(&first), rows(&second)].concat();
        for number in 0..60 {
            let name = format!("Owner {number} of many");
            assert_eq!(both.iter().filter(|row| row.contains(&name)).count(), 1, "{name} {query}");
        }
        let before = follow(&second, "before").unwrap();
        let back = ada.get(&format!("{ACTIVITY}?{query}before={before}")).await;
        assert_eq!(rows(&back), rows(&first), "{query}");
    }
}

#[tokio::test]
async fn only_those_who_manage_access_everywhere_see_it() {
    let app = TestApp::new().await;
    north(&app).await;
    app.user("Bea", "bea@harrow.example").await;
    app.workgroup("Brook Mill", "bea@harrow.example").await;
    let manager = app.member("Mona", &["access.manage", "read"], None).await;
    let without = app.member("Wim", &["read", "devices.manage"], None).await;
    let bound = app.member("Bo", &["access.manage", "read"], Some("North")).await;
    let foreigner = app.browser("bea@harrow.example").await;
    let cases = [
        (&app.ada().await, 200, "Export as CSV"),
        (&manager, 200, "Everything that was done in"),
        (&without, 403, "This needs Manage access"),
        (&bound, 403, "its own page shows what was done to it"),
        (&foreigner, 404, "There is no such page"),
    ];
    for (browser, status, sentence) in cases {
        let page = browser.get(ACTIVITY).await;
        assert_eq!(page.status, status, "{sentence}");
        assert!(says(&page, sentence), "{sentence}: {}", page.body);
        assert_eq!(browser.get(READ).await.status, status, "{sentence}");
        assert_eq!(rows(&page).is_empty(), status != 200);
    }
    assert!(!says(&manager.get(ACTIVITY).await, "Export as CSV"), "only owners export");
    assert_eq!(app.stranger().get(ACTIVITY).await.status, 303);
    assert_eq!(app.stranger().get(READ).await.status, 401);
}

#[tokio::test]
async fn a_workgroups_record_holds_its_own_rows_alone() {
    let app = TestApp::new().await;
    app.user("Bea", "bea@harrow.example").await;
    app.workgroup("Brook Mill", "bea@harrow.example").await;
    let token = edited(&app, "North plant").await;
    let bea = app.browser("bea@harrow.example").await;
    // Bea tries a token of another workgroup in her own: neither record may know of it.
    let page = format!("/brook-mill/settings/tokens/{}", token.id);
    assert_eq!(bea.post(&page, &[("action", "revoke")]).await.status, 404);
    for query in ["", &format!("?subject={}", token.id)] {
        let hers = bea.get(&format!("/brook-mill/settings/activity{query}")).await;
        assert_eq!(hers.status, 200);
        assert!(!hers.body.contains("North plant") && !hers.body.contains("Ada"), "{query}");
    }
    assert!(!app.ada().await.get(ACTIVITY).await.body.contains("Bea"));
}

#[tokio::test]
async fn hostile_names_are_shown_literally() {
    let app = TestApp::new().await;
    let hostile = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</title></textarea><script>alert(1)</script>",
        "{{7*7}}${7*7}",
        "right \u{202e}ot tfel\u{202c}",
    ];
    for text in hostile {
        let token = edited(&app, text).await;
        let raw = RawEdit { version: 2, name: Some(text.into()), ..RawEdit::default() };
        edit::edit(&app.state, &app.seat(), &token.id, &raw, None).await.unwrap();
        let ada = app.ada().await;
        let search =
            form_urlencoded::Serializer::new(String::new()).append_pair("subject", text).finish();
        let by_id = format!("subject={}", token.id);
        for query in ["", &search, &by_id] {
            let page = ada.get(&format!("{ACTIVITY}?{query}")).await;
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            assert!(page.body.contains(&escaped), "{text:?} {query}");
            for made in ["<script>alert", "<img src=x", "</title></textarea>"] {
                assert!(!page.body.contains(made), "{text:?} {query}: {made}");
            }
        }
    }
}

#[tokio::test]
async fn an_address_that_asks_for_nonsense_shows_the_whole_record() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let whole = rows(&ada.get(ACTIVITY).await);
    for query in [
        "?actor=%27%20or%201=1&verb=x&kind=y&from=never&to=2026-02-30&denied=maybe",
        "?after=1.x&before=2",
        "?after=99999999999999999999.0192f0a1-0000-7000-8000-00000000000a",
    ] {
        assert_eq!(rows(&ada.get(&format!("{ACTIVITY}{query}")).await), whole, "{query}");
    }
}

#[tokio::test]
async fn a_tokens_own_page_shows_its_part_and_the_way_to_all_of_it() {
    let app = TestApp::new().await;
    north(&app).await;
    let token = app.token(|raw| raw.device_group = "North".into()).await.token;
    let page = format!("{TOKENS}/{}", token.id);
    let bound = app.member("Bo", &["access.manage", "read"], Some("North")).await;
    let eve = app.member("Eve", &["read"], None).await;
    assert_eq!(eve.post(&page, &[("action", "revoke")]).await.status, 403);
    let all = format!("href=\"{ACTIVITY}?subject={}\"", token.id);
    for (browser, link) in [(&app.ada().await, true), (&bound, false)] {
        let answer = browser.get(&page).await;
        assert_eq!(answer.body.contains(&all), link);
        assert!(answer.body.contains("data-testid=\"denied\""));
        assert!(says(&answer, "This needs Manage access in Harrow Valley."));
    }
}
