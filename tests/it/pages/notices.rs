//! `/{workgroup}/settings/notices`: what was sent and how it was taken, what comes next, sending again, and a test mail.

mod again;
mod rights;

use super::forms::{TOKENS, says, without_tags};
use crate::caller::Answer;
use crate::database::execute;
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::time::{HOUR, MINUTE};
use latchkey::domain::user::Email;
use latchkey::server::notices::{Letter, owe};
use latchkey::server::store;
use latchkey::server::store::outbox;

pub const NOTICES: &str = "/harrow-valley/settings/notices";
const REFUSED: &str = "550 5.1.1 User unknown";

/// The text of each row of a kind, with single spaces.
fn texts(answer: &Answer, kind: &str, end: &str) -> Vec<String> {
    let mark = format!("data-testid=\"{kind}\"");
    let rows = answer.body.split(&mark).skip(1);
    rows.map(|row| {
        let row = row.split(end).next().unwrap().split_once('>').unwrap().1;
        let text = without_tags(&row.replace("</", " </").replace("<!>", ""));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    })
    .collect()
}

fn rows(answer: &Answer) -> Vec<String> {
    texts(answer, "notice-row", "</tr>")
}

/// A token whose first letter was sent.
async fn told(app: &TestApp, owner: &str, email: &str, expires: &str) -> IssuedToken {
    let issued = app
        .token(|raw| {
            (raw.owner, raw.email, raw.expires) = (owner.into(), email.into(), expires.into());
        })
        .await;
    app.deliver_mail().await;
    issued
}

async fn invite(app: &TestApp) {
    let fields = [("email", "eve@new.example"), ("role", "member"), ("permissions", "read")];
    let answer = app.ada().await.post("/harrow-valley/settings/members/invite", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// The recipient of everything that is due is refused for good.
async fn give_up(app: &TestApp) {
    refuse(app, true).await;
}

/// Everything that is due is tried, and refused.
async fn refuse(app: &TestApp, for_good: bool) {
    let now = app.state.now();
    let mut tx = app.state.db.begin().await.unwrap();
    for id in outbox::list_due(&mut tx, now, 100).await.unwrap() {
        let owed = outbox::mark_leased(&mut tx, &id, now, now + MINUTE).await.unwrap().unwrap();
        if for_good {
            outbox::mark_undelivered(&mut tx, &owed, now, REFUSED).await.unwrap();
        } else {
            outbox::mark_later(&mut tx, &owed, now + HOUR, "451 4.7.1 Greylisted").await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

async fn both() -> Vec<TestApp> {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    apps
}

#[tokio::test]
async fn each_row_says_what_went_to_whom_when_and_how_it_was_taken() {
    for app in both().await {
        let sent = told(&app, "North plant", "ops@north.example", "7d").await.token;
        told(&app, "South plant", "ops@south.example", "1y").await;
        app.pass_days(6);
        app.state.clock.advance(HOUR);
        app.tick().await;
        app.deliver_mail().await;
        app.token(|raw| raw.email = "gone@north.example".into()).await;
        give_up(&app).await;
        app.token(|raw| raw.email = "grey@north.example".into()).await;
        refuse(&app, false).await;
        invite(&app).await;
        let page = app.ada().await.get(NOTICES).await;
        let rows = rows(&page);
        for (row, begins, said) in [
            (0, "Invitation eve@new.example just now One-time link", "Waiting"),
            (1, "Token issued grey@north.example \u{b7} North plant integrator", "Greylisted"),
            (2, "Token issued gone@north.example", "Send again"),
        ] {
            assert!(rows[row].starts_with(begins) && rows[row].contains(said), "{rows:#?}");
        }
        assert!(rows[1].contains("Trying again in 60 minutes") || rows[1].contains("in 1 hour"));
        assert!(rows[2].contains(&format!("Undelivered after 1 try {REFUSED}")), "{rows:#?}");
        let notice = rows.iter().find(|row| row.contains("1 day before")).unwrap();
        assert!(notice.contains("ops@north.example") && notice.contains("Accepted"), "{notice}");
        assert!(page.body.contains(&format!("href=\"{TOKENS}/{}\"", sent.id)));
        assert!(says(&page, "Mail is written into the server\u{2019}s mail folder."));
        assert!(says(&page, "The last sweep for what is due ran just now."));
    }
}

/// Nothing but its kind is told of what holds a one-time code, and of what tells of other workgroups too.
#[tokio::test]
async fn invitations_and_digests_are_rows_without_a_subject() {
    let app = TestApp::new().await;
    app.user("Bea", "bea@brook.example").await;
    app.workgroup("Brook Mill", "bea@brook.example").await;
    invite(&app).await;
    let digest = async |email: &'static str| {
        let email = Email::parse(email).unwrap();
        let mut tx = app.state.db.begin().await.unwrap();
        let found = store::users::find_by_email(&mut tx, &email).await.unwrap().unwrap();
        let letter = Letter::Digest { user_id: found.user.id, day: "2026-11-21".into() };
        let id = owe(&app.state, &mut tx, &letter, None, &email).await.unwrap();
        tx.commit().await.unwrap();
        id
    };
    let (own, other) = (digest("ada@harrow.example").await, digest("bea@brook.example").await);
    execute(&app, "update outbox set subject = 'Subject of ' || letter, sent_text = 'x'").await;
    let page = app.ada().await.get(NOTICES).await;
    let rows = rows(&page);
    assert_eq!(rows.len(), 2, "{rows:#?}");
    assert!(rows[0].starts_with("Daily digest ada@harrow.example"), "{rows:#?}");
    assert!(rows[1].starts_with("Invitation eve@new.example"), "{rows:#?}");
    assert!(!page.body.contains("Subject of"));
    assert!(!page.body.contains(&format!("{NOTICES}/{own}")), "a digest has no page here");
    assert!(!page.body.contains(&other));
}

#[tokio::test]
async fn the_letters_are_narrowed_by_result_address_and_token_owner() {
    for app in both().await {
        told(&app, "S\u{fc}d-Werk", "ops@south.example", "1y").await;
        app.token(|raw| raw.email = "gone@north.example".into()).await;
        give_up(&app).await;
        app.token(|raw| raw.email = "late@north.example".into()).await;
        let ada = app.ada().await;
        let cases: [(&str, &[&str]); 9] = [
            ("", &["late@", "gone@", "ops@"]),
            ("?show=trying", &["late@"]),
            ("?show=undelivered", &["gone@"]),
            ("?search=NORTH.example", &["late@", "gone@"]),
            ("?search=s%C3%9CD-w", &["ops@"]),
            ("?search=north&show=undelivered", &["gone@"]),
            ("?search=100%25", &[]),
            ("?search=%27", &[]),
            ("?show=undelivered&search=south", &[]),
        ];
        for (query, expected) in cases {
            let page = ada.get(&format!("{NOTICES}{query}")).await;
            let rows = rows(&page);
            assert_eq!(rows.len(), expected.len(), "{query}: {rows:#?}");
            for (row, address) in rows.iter().zip(expected) {
                assert!(row.contains(address), "{query}: {rows:#?}");
            }
            assert_eq!(says(&page, "No letter fits"), expected.is_empty(), "{query}");
            let page = without_tags(&page.body.replace("<!>", ""));
            assert!(page.contains("Trying1") && page.contains("Undelivered1"), "{query}");
        }
    }
}

#[tokio::test]
async fn fifty_letters_stand_on_a_page_and_both_ways_lead_on() {
    let app = TestApp::new().await;
    let to = Email::parse("ops@north.example").unwrap();
    let letter = Letter::Test { workgroup_id: app.harrow.id.clone(), by: "Ada".into() };
    for _ in 0..3 {
        let mut tx = app.state.db.begin().await.unwrap();
        for _ in 0..40 {
            owe(&app.state, &mut tx, &letter, Some(&app.harrow.id), &to).await.unwrap();
        }
        tx.commit().await.unwrap();
        app.state.clock.advance(MINUTE);
    }
    let ada = app.ada().await;
    let link = |page: &Answer, words: &str| {
        let body = page.body.replace("<!>", "");
        let part = body.split("</a>").find(|part| part.ends_with(words));
        let href = part.and_then(|part| part.rsplit_once("href=\"")).map(|(_, rest)| rest);
        href.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
    };
    let first = ada.get(NOTICES).await;
    assert_eq!((rows(&first).len(), link(&first, "Newer")), (50, None));
    let second = ada.get(&link(&first, "Older").unwrap()).await;
    let third = ada.get(&link(&second, "Older").unwrap()).await;
    assert_eq!((rows(&second).len(), rows(&third).len()), (50, 20));
    assert_eq!(link(&third, "Older"), None);
    let back = ada.get(&link(&third, "Newer").unwrap()).await;
    assert_eq!(rows(&back), rows(&second));
    let front = ada.get(&link(&back, "Newer").unwrap()).await;
    assert_eq!((rows(&front), link(&front, "Newer")), (rows(&first), None));
}

#[tokio::test]
async fn what_comes_next_is_listed_soonest_first_with_the_rules_beside_it() {
    let app = TestApp::new().await;
    let empty = app.ada().await.get(NOTICES).await;
    assert!(says(&empty, "No token of this workgroup comes near an end"));
    assert!(says(&empty, "Nothing has been sent yet") && says(&empty, "No sweep for what is due"));
    told(&app, "Far plant", "far@north.example", "1y").await;
    let soon = told(&app, "Soon plant", "soon@north.example", "7d").await.token;
    told(&app, "Revoked plant", "never@north.example", "7d").await;
    execute(&app, "update tokens set revoked_at = 1 where owner = 'Revoked plant'").await;
    app.tick().await;
    let page = app.ada().await.get(NOTICES).await;
    let next = texts(&page, "next-row", "</li>");
    assert_eq!(next[0], "Soon plant soon@north.example in 6 days 1 day before");
    assert!(next[1].starts_with("Far plant far@north.example in 11 months"), "{next:#?}");
    assert_eq!(next.len(), 2);
    assert!(page.body.contains(&format!("href=\"{TOKENS}/{}\"", soon.id)));
    for said in ["14, 7, 1", "08:00", "UTC"] {
        assert!(says(&page, said), "{said}");
    }
    assert!(page.body.contains("href=\"/harrow-valley/settings/policy\""));
}

#[tokio::test]
async fn of_what_comes_next_twenty_are_shown_and_more_by_a_link() {
    let app = TestApp::new().await;
    for number in 0..23 {
        app.token(|raw| raw.owner = format!("Plant {number}")).await;
    }
    let ada = app.ada().await;
    let (few, all) = (ada.get(NOTICES).await, ada.get(&format!("{NOTICES}?next=all")).await);
    assert_eq!(texts(&few, "next-row", "</li>").len(), 20);
    assert_eq!(texts(&all, "next-row", "</li>").len(), 23);
    assert!(few.body.contains("?next=all#next") && !all.body.contains("?next=all#next"));
}

#[tokio::test]
async fn hostile_names_stay_text() {
    let app = TestApp::new().await;
    let hostile = "</title><script>alert(1)</script>";
    app.token(|raw| raw.owner = hostile.into()).await;
    give_up(&app).await;
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("search", hostile).finish();
    for path in [NOTICES.to_owned(), format!("{NOTICES}?{query}")] {
        let page = app.ada().await.get(&path).await;
        assert_eq!(rows(&page).len(), 1, "{path}");
        assert!(!page.body.contains("<script>alert"), "{path}");
        assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{path}");
    }
}
