//! The list: who is on it, for whom, how it is searched, and what it says of everybody.

use super::super::forms::says;
use super::{INVITE, MEMBERS, READER, group, invited, page_of, user};
use crate::test_app::TestApp;
use latchkey::server::people::members::{self, Standing};

fn rows(body: &str) -> usize {
    body.matches("data-testid=\"member-row\"").count()
}

#[tokio::test]
async fn everybody_is_listed_with_their_rights_in_words() {
    let app = TestApp::new().await;
    group(&app, "North").await;
    app.member("Ben", &["read", "devices.control"], Some("North")).await;
    let list = app.ada().await.get(MEMBERS).await;
    assert_eq!((list.status, rows(&list.body)), (200, 2));
    for words in ["Ada", "ada@harrow.example", "you", "Owner", "Every permission", "Ben"] {
        assert!(says(&list, words), "{words}");
    }
    for words in ["Control devices", "North", "Never", "One owner holds every permission"] {
        assert!(says(&list, words), "{words}");
    }
    let page = app.ada().await.get(&page_of(&app, "ben").await).await;
    assert!(says(&page, "Read, Control devices; bound to North"), "{}", page.body);
}

#[tokio::test]
async fn the_list_needs_manage_access_and_is_of_ones_own_workgroup() {
    let app = TestApp::new().await;
    let ben = app.member("Ben", &["read"], None).await;
    app.user("Eve", "eve@example.com").await;
    app.workgroup("Brook Mill", "eve@example.com").await;
    let eve = app.browser("eve@example.com").await;
    let ada = page_of(&app, "ada").await;
    for path in [MEMBERS, INVITE, ada.as_str()] {
        assert_eq!(ben.get(path).await.status, 403, "{path}");
        assert_eq!(eve.get(path).await.status, 404, "{path}");
        assert_eq!(app.stranger().get(path).await.status, 303, "{path}");
    }
    let foreign = format!("{MEMBERS}/{}", user(&app, "eve@example.com").await.id);
    assert_eq!(app.ada().await.get(&foreign).await.status, 404);
    assert_eq!(app.ada().await.get(&format!("{MEMBERS}/nobody")).await.status, 404);
}

#[tokio::test]
async fn whoever_is_bound_sees_the_members_of_the_very_same_group_alone() {
    let app = TestApp::new().await;
    for name in ["North", "South"] {
        group(&app, name).await;
    }
    let ben = app.member("Ben", &["access.manage", "read"], Some("North")).await;
    app.member("Cleo", &["read"], Some("North")).await;
    app.member("Dan", &["read"], Some("South")).await;
    app.member("Eli", &["read"], None).await;
    invited(&app, "gil@example.com", READER).await;
    let list = ben.get(MEMBERS).await;
    assert_eq!(rows(&list.body), 2, "{}", list.body);
    assert!(says(&list, "Cleo") && !says(&list, "gil@example.com"));
    for name in ["ada", "dan", "eli"] {
        assert!(!says(&list, &format!("{name}@harrow.example")), "{name}");
        assert_eq!(ben.get(&page_of(&app, name).await).await.status, 404, "{name}");
    }
    assert_eq!(ben.get(&page_of(&app, "cleo").await).await.status, 200);
}

#[tokio::test]
async fn many_members_are_searched_in_any_case_and_paged() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    assert!(!ada.get(MEMBERS).await.body.contains("name=\"search\""), "nobody to search for");
    for number in 0..53 {
        let (name, email) = (format!("Ärmel {number:02}"), format!("m{number}@example.com"));
        // Their passwords are never asked for.
        let user = latchkey::domain::user::User {
            id: format!("user-{number:02}"),
            name,
            email: email.clone(),
            administrator: false,
            time_zone: "UTC".into(),
        };
        let mut tx = app.state.db.begin().await.unwrap();
        let email = latchkey::domain::user::Email::parse(&email).unwrap();
        let now = app.state.now();
        latchkey::server::store::users::insert(&mut tx, &user, &email, "", now).await.unwrap();
        tx.commit().await.unwrap();
        let read = Standing::Chosen(vec!["read".into()]);
        members::set_member(&app.state, "harrow-valley", email.as_str(), read, None).await.unwrap();
    }
    let first = ada.get(MEMBERS).await;
    assert_eq!(rows(&first.body), 50);
    assert!(says(&first, "50 of 54 on this page") && first.body.contains("page=2"));
    let second = ada.get(&format!("{MEMBERS}?page=2")).await;
    assert_eq!(rows(&second.body), 4);
    assert!(says(&second, "Ärmel 52") && says(&second, "Previous"));
    assert_eq!(rows(&ada.get(&format!("{MEMBERS}?page=99")).await.body), 4, "the last one");
    let found = ada.get(&format!("{MEMBERS}?search=%C3%A4RMEL+07")).await;
    assert_eq!(rows(&found.body), 1);
    assert!(says(&found, "m7@example.com"));
    assert_eq!(rows(&ada.get(&format!("{MEMBERS}?search=M7%40example")).await.body), 1);
    let none = ada.get(&format!("{MEMBERS}?search=%3Cb%3Enobody")).await;
    assert!(rows(&none.body) == 0 && !none.body.contains("<b>nobody"));
    assert!(says(&none, "Nobody matches"));
}

#[tokio::test]
async fn invitations_stand_below_with_who_sent_them_and_when_they_end() {
    let app = TestApp::new().await;
    assert!(!says(&app.ada().await.get(MEMBERS).await, "Invited"));
    let pending = invited(&app, "gil@example.com", READER).await;
    let list = app.ada().await.get(MEMBERS).await;
    for words in ["gil@example.com", "Invited by Ada", "Works until 28 Nov 2026", "Send again"] {
        assert!(says(&list, words), "{words}");
    }
    assert!(!list.body.contains("/invite/"), "no page shows a link with a code");
    app.pass_days(7);
    let later = app.ada().await.get(MEMBERS).await;
    assert!(says(&later, "Expired") && !says(&later, "Works until"));
    assert!(later.body.contains(&pending.id));
}
