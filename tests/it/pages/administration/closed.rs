//! Whoever is no administrator is told what an unknown address tells, by pages, posts and questions alike.

use super::{PERMISSIONS, USERS, WORKGROUPS, id_of, rut};
use crate::database::dump;
use crate::pages::forms::says;
use crate::test_app::TestApp;

const PAGES: [&str; 9] = [
    WORKGROUPS,
    "/administration/workgroups/new",
    "/administration/workgroups/harrow-valley",
    USERS,
    "/administration/users/new",
    PERMISSIONS,
    "/administration/permissions/new",
    "/administration/permissions/tunnel",
    "/administration/activity",
];

/// The body without what differs from answer to answer: everything before the visible page.
fn visible(body: &str) -> &str {
    let inside = body.split_once("<body>").map_or("", |(_, rest)| rest);
    inside.split("<script").next().unwrap_or_default()
}

#[tokio::test]
async fn for_members_and_owners_nothing_stands_there() {
    let app = TestApp::new().await;
    let (ada, rut) = (app.ada().await, rut(&app).await);
    let mia = app.member("Mia", &["read", "access.manage"], None).await;
    for browser in [&ada, &mia] {
        let nothing = browser.get("/nothing").await;
        for path in PAGES {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(visible(&answer.body), visible(&nothing.body), "{path}");
            assert!(!answer.body.contains("Administration"), "{path}");
        }
    }
    for path in PAGES {
        let answer = rut.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.body.contains("Administration"), "{path}");
    }
    let unknown = rut.get("/administration/workgroups/nowhere").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_door() {
    let app = TestApp::new().await;
    for path in PAGES {
        let answer = app.stranger().get(path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.header("location").starts_with("/sign-in?next="), "{path}");
    }
}

#[tokio::test]
async fn the_posts_and_questions_of_others_do_nothing() {
    let app = TestApp::new().await;
    rut(&app).await;
    let (ada, rut_id) = (app.ada().await, id_of(&app, "rut@harrow.example").await);
    let ada_id = id_of(&app, "ada@harrow.example").await;
    let harrow = app.harrow.id.as_str();
    let before = dump(&app).await;
    let posts: [(&str, Vec<(&str, &str)>); 10] = [
        (WORKGROUPS, vec![("action", "confirm-clock"), ("since", "1")]),
        (WORKGROUPS, vec![("action", "own"), ("id", harrow)]),
        (
            "/administration/workgroups/new",
            vec![("name", "W"), ("owner", "ada@harrow.example"), ("time_zone", "UTC")],
        ),
        ("/administration/workgroups/harrow-valley", vec![("version", "1"), ("name", "X")]),
        (USERS, vec![("action", "disable"), ("id", &rut_id)]),
        (USERS, vec![("action", "make-administrator"), ("id", &ada_id)]),
        ("/administration/users/new", vec![("name", "E"), ("email", "e@harrow.example")]),
        (PERMISSIONS, vec![("action", "retire"), ("name", "tunnel")]),
        (PERMISSIONS, vec![("action", "delete"), ("name", "tunnel")]),
        ("/administration/permissions/tunnel", vec![("version", "1"), ("label", "X")]),
    ];
    for (path, fields) in &posts {
        let answer = ada.post(path, fields).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    for question in [
        "list_workgroups?search=&after=",
        "read_workgroup?slug=harrow-valley",
        "list_users?search=&after=",
        "read_catalogue",
        "read_permission?name=tunnel",
        "read_administrator",
        "read_record?after=",
        "read_clock",
    ] {
        let answer = ada.get(&format!("/rpc/{question}")).await;
        assert_eq!(answer.status, 404, "{question}: {}", answer.body);
        assert!(!answer.body.contains("harrow.example"), "{question}: {}", answer.body);
    }
    assert_eq!(dump(&app).await, before);
}

/// Rights are read anew at each request: the same browser is closed out by the next one.
#[tokio::test]
async fn whoever_administers_no_more_is_closed_out_at_once() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    let ada_id = id_of(&app, "ada@harrow.example").await;
    let ada = app.ada().await;
    let make = rut.post(USERS, &[("action", "make-administrator"), ("id", &ada_id)]).await;
    assert_eq!(make.status, 303);
    assert_eq!(ada.get(USERS).await.status, 200);
    let rut_id = id_of(&app, "rut@harrow.example").await;
    let unmake = ada.post(USERS, &[("action", "unmake-administrator"), ("id", &rut_id)]).await;
    assert_eq!(unmake.status, 303);
    assert_eq!(rut.get(USERS).await.status, 404);
    let again = rut.post(USERS, &[("action", "disable"), ("id", &ada_id)]).await;
    assert_eq!(again.status, 404);
}

/// An administrator sees whose a workgroup is, and nothing that is inside.
#[tokio::test]
async fn an_administrator_has_no_rights_inside() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    let id = app.token(|_| {}).await.token.id;
    for page in ["tokens", "tokens/new", "policy", "devices", "members", "activity"] {
        let answer = rut.get(&format!("/harrow-valley/settings/{page}")).await;
        assert_eq!(answer.status, 404, "{page}");
    }
    let token = rut.get(&format!("/harrow-valley/settings/tokens/{id}")).await;
    assert_eq!(token.status, 404);
    let list = rut.get(WORKGROUPS).await;
    assert!(says(&list, "Harrow Valley") && says(&list, "Ada") && says(&list, "1 token"));
    assert!(!list.body.contains("North plant integrator"));
}
