//! Requests that no page of ours sent: nothing that a cookie reaches is changed by them, and no redirect leaves us.

use crate::caller::{Answer, Browser};
use crate::database::dump;
use crate::pages::devices::device;
use crate::test_app::{PASSWORD, TestApp};
use axum::body::Body;
use axum::http::{Method, Request, header};
use latchkey::domain::user::Email;
use latchkey::server::people::set_up;
use latchkey::server::store;
use leptos::server_fn::axum::server_fn_paths;

const READER: &str = "role=member&permissions=read";
const FORM: &str = "application/x-www-form-urlencoded";

/// Every address that takes a form, with what would change something there.
fn posts(id: &str, handle: &str) -> Vec<(String, String)> {
    let page = format!("/harrow-valley/settings/tokens/{id}");
    let new = "/harrow-valley/settings/tokens/new".to_owned();
    let draft = "owner=X&email=x%40x.example&expires=7d&idempotency_key=k";
    let members = "/harrow-valley/settings/members";
    let password =
        format!("action=password&current_password={PASSWORD}&new_password=seven mild yellow oxen");
    let mut posts = vec![
        (new, draft.to_owned()),
        (format!("{page}/edit"), "version=1&owner=X&email=x%40x.example".into()),
        (page.clone(), "action=reissue&older=now&idempotency_key=k".into()),
        (page.clone(), "action=retire&number=1".into()),
        (page, "action=revoke&also=on".into()),
        ("/harrow-valley/settings/device-groups/new".into(), "name=X&rule=not_in".into()),
        (format!("/harrow-valley/settings/device-groups/{id}/edit"), "version=1&name=X".into()),
        (format!("/harrow-valley/settings/device-groups/{id}"), "action=remove".into()),
        ("/harrow-valley/settings/activity".into(), "action=export".into()),
        ("/sign-in".into(), format!("email=ada%40harrow.example&password={PASSWORD}")),
        ("/reset".into(), "email=ada%40harrow.example".into()),
        ("/reset/none".into(), "new_password=seven mild yellow oxen".into()),
        ("/account".into(), "action=profile&name=Eve&time_zone=UTC".into()),
        ("/account".into(), password),
        ("/harrow-valley/settings/notices".into(), "action=test-mail".into()),
        ("/harrow-valley/settings/notices".into(), format!("action=send-again&id={id}")),
        ("/harrow-valley/settings/notices/calendar".into(), "action=calendar-make".into()),
        ("/harrow-valley/settings/policy".into(), "version=1&name=X&notice_stages=9".into()),
        (
            "/harrow-valley/settings/routes".into(),
            "action=save&version=0&routes=GET+%2Fa+any&family=original".into(),
        ),
        ("/harrow-valley/settings/routes".into(), "action=remove&version=0".into()),
        ("/administration".into(), "action=own&id=x".into()),
        ("/administration".into(), "action=confirm-clock&since=0".into()),
        (
            "/administration/workgroups/new".into(),
            "name=X&owner=ada%40harrow.example&time_zone=UTC".into(),
        ),
        ("/administration/workgroups/harrow-valley".into(), "version=1&name=X".into()),
        ("/administration/users".into(), "action=disable&id=x".into()),
        ("/administration/users/new".into(), "name=X&email=x%40x.example".into()),
        ("/administration/permissions".into(), "action=retire&name=tunnel".into()),
        ("/administration/permissions/new".into(), "name=x&label=X&description=X&section=X".into()),
        (
            "/administration/permissions/tunnel".into(),
            "version=1&label=X&description=X&section=X".into(),
        ),
        ("/account".into(), "action=digest".into()),
        ("/account".into(), "action=sign-out".into()),
        ("/account".into(), "action=end-other-sessions".into()),
        ("/account".into(), format!("action=end-session&handle={handle}")),
        ("/account".into(), "action=theme&theme=dark".into()),
        ("/harrow-valley/settings/devices/import".into(), "rows=external_id".into()),
        ("/harrow-valley/settings/tokens/import".into(), "rows=owner".into()),
        ("/harrow-valley/settings/imports/none".into(), "action=start".into()),
        (format!("{members}/invite"), format!("email=x%40x.example&{READER}")),
        (members.into(), format!("action=withdraw&id={id}")),
        (members.into(), format!("action=send-again&id={id}")),
        (format!("{members}/{id}"), format!("action=set&version=1&{READER}")),
        (format!("{members}/{id}"), "action=remove".into()),
        ("/invite/none".into(), "action=join".into()),
    ];
    posts.extend(server_fn_paths().map(|(path, _)| (path.to_owned(), String::new())));
    posts
}

/// The same for a device, which is registered for it.
async fn device_posts(app: &TestApp) -> Vec<(String, String)> {
    let (device, _) = device(app, "pump-1", &[]).await;
    let devices = "/harrow-valley/settings/devices";
    vec![
        (format!("{devices}/new"), "external_id=x&name=X&idempotency_key=k".to_owned()),
        (format!("{devices}/{}/edit", device.id), "version=1&name=X".to_owned()),
        (format!("{devices}/{}", device.id), "action=remove".to_owned()),
    ]
}

/// What a browser, or nobody's browser, says of where such a request comes from.
const STRANGE: [&[(&str, &str)]; 12] = [
    &[],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "none")],
    &[("sec-fetch-site", "SAME-ORIGIN")],
    &[("sec-fetch-site", "")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:3000")],
    &[("origin", "null")],
    &[("origin", "https://evil.example")],
    &[("origin", "http://127.0.0.1:3001")],
    &[("origin", "https://127.0.0.1:3000")],
    &[
        ("origin", "http://127.0.0.1:3000.evil.example"),
        ("referer", "http://127.0.0.1:3000/account"),
    ],
];

async fn send(
    app: &TestApp,
    browser: &Browser<'_>,
    (path, body): &(String, String),
    media: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let cookie =
        browser.cookie.as_ref().map_or(String::new(), |it| format!("latchkey={}", it.reveal()));
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, media);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from(body.replace(' ', "+"))).unwrap()).await
}

/// A token, and a session of Ada's, who administers too: every address is open to her.
async fn token_and_session(app: &TestApp) -> (String, String) {
    let mut tx = app.state.db.begin().await.unwrap();
    let ada = Email::parse("ada@harrow.example").unwrap();
    let ada = store::users::find_by_email(&mut tx, &ada).await.unwrap().unwrap().user;
    store::user_lists::mark_administrator(&mut tx, &ada.id, true).await.unwrap();
    tx.commit().await.unwrap();
    let id = app.token(|_| {}).await.token.id;
    let account = app.ada().await.get("/account").await;
    app.ada().await;
    let handle = app.ada().await.get("/account").await.input("handle");
    (id, handle.unwrap_or_else(|| panic!("{}", account.body)))
}

#[tokio::test]
async fn a_post_that_no_page_of_ours_sent_is_refused_and_changes_nothing() {
    let app = TestApp::new().await;
    let (id, handle) = token_and_session(&app).await;
    let (ada, stranger) = (app.ada().await, app.stranger());
    let devices = device_posts(&app).await;
    let before = dump(&app).await;
    for post in posts(&id, &handle).into_iter().chain(devices) {
        for headers in STRANGE {
            for browser in [&ada, &stranger] {
                let answer = send(&app, browser, &post, FORM, headers).await;
                assert_eq!(answer.status, 403, "{post:?} {headers:?}: {}", answer.body);
                assert!(answer.header("set-cookie").is_empty(), "{post:?} {headers:?}");
            }
        }
    }
    assert_eq!(dump(&app).await, before);
}

#[tokio::test]
async fn the_set_up_link_takes_no_post_from_elsewhere() {
    let app = TestApp::empty().await;
    let code = set_up::open_link(&app.state).await.unwrap().unwrap();
    let form =
        format!("name=Eve&email=e%40e.example&password={PASSWORD}&workgroup=E&time_zone=UTC");
    let post = (format!("/setup/{}", code.reveal()), form);
    let before = dump(&app).await;
    for headers in STRANGE {
        let answer = send(&app, &app.stranger(), &post, FORM, headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    assert_eq!(dump(&app).await, before);
    let own = [("origin", "http://127.0.0.1:3000")];
    assert_eq!(send(&app, &app.stranger(), &post, FORM, &own).await.status, 303);
}

/// A form of another site can send these types without asking first.
#[tokio::test]
async fn a_body_of_another_type_is_no_form_wherever_it_comes_from() {
    let app = TestApp::new().await;
    let (id, handle) = token_and_session(&app).await;
    let ada = app.ada().await;
    let mut all = posts(&id, &handle);
    all.extend(device_posts(&app).await);
    let before = dump(&app).await;
    let own = [("sec-fetch-site", "same-origin")];
    for post in all.into_iter().filter(|(path, _)| !path.starts_with("/rpc/")) {
        for media in ["text/plain", "multipart/form-data; boundary=x", "application/json", ""] {
            let answer = send(&app, &ada, &post, media, &own).await;
            // Where a file is taken, this is the type, but no part of a form.
            let is_file = post.0.ends_with("/import") && media.starts_with("multipart");
            let status = if is_file { 422 } else { 415 };
            assert_eq!(answer.status, status, "{post:?} {media}: {}", answer.body);
        }
    }
    assert_eq!(dump(&app).await, before);
}

/// The same posts from our own pages do change something: the refusals above are not for another reason.
#[tokio::test]
async fn the_same_post_from_our_own_page_is_taken() {
    for own in [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:3000")] {
        let app = TestApp::new().await;
        let (id, handle) = token_and_session(&app).await;
        let mut changed = 0;
        let devices = device_posts(&app).await;
        for post in devices.into_iter().chain(posts(&id, &handle)) {
            let ada = app.ada().await;
            let before = dump(&app).await;
            let answer = send(&app, &ada, &post, FORM, &[own]).await;
            assert_ne!(answer.status, 403, "{post:?}");
            changed += i32::from(dump(&app).await != before);
        }
        assert!(changed >= 10, "only {changed} changed something");
    }
}

#[tokio::test]
async fn no_get_changes_anything() {
    let app = TestApp::new().await;
    let (id, handle) = token_and_session(&app).await;
    let (ada, stranger) = (app.ada().await, app.stranger());
    let api = app.string_with(&["access.manage"]).await;
    let devices = device_posts(&app).await;
    let before = dump(&app).await;
    let mut addresses: Vec<_> = posts(&id, &handle)
        .into_iter()
        .chain(devices)
        .map(|(path, form)| format!("{path}?{}", form.replace(' ', "+")))
        .collect();
    addresses.extend([
        format!("/harrow-valley/settings/tokens/{id}?dialog=revoke"),
        "/".into(),
        "/sign-out".into(),
    ]);
    for address in &addresses {
        for browser in [&ada, &stranger] {
            let answer = browser.get(address).await;
            assert!(answer.header("set-cookie").is_empty(), "{address}");
        }
    }
    let tokens = "/api/v1/workgroups/harrow-valley/tokens";
    for path in [
        String::new(),
        format!("/{id}"),
        format!("/{id}/revoke"),
        format!("/{id}/reissue"),
        format!("/{id}/strings/1/retire"),
    ] {
        assert!(app.api(&api).get(&format!("{tokens}{path}")).await.status < 500, "{path}");
    }
    for path in ["", "/revoke", "/retire-older"] {
        assert!(app.api(&api).get(&format!("/api/v1/token{path}")).await.status < 500, "{path}");
    }
    assert_eq!(dump(&app).await, before);
}

/// A cookie opens nothing at the API, and a string nothing on the pages.
#[tokio::test]
async fn each_credential_counts_only_at_its_own_door() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let answer = ada.get("/api/v1/workgroups/harrow-valley/tokens").await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "missing_token"));
    let string = app.string_with(&["access.manage"]).await;
    let page = app.api(&string).get("/harrow-valley/settings/tokens").await;
    assert_eq!(page.status, 303);
    let query =
        app.stranger().get(&format!("/api/v1/token?token={string}&access_token={string}")).await;
    assert_eq!(query.code(), "missing_token");
}

const HOSTILE: [&str; 28] = [
    "https://evil.example",
    "http:evil.example",
    "HTTPS://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example/a",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\r\nSet-Cookie: latchkey=1",
    "/\r\n\r\n<script>alert(1)</script>",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "./evil",
    "/\u{2028}/evil.example",
    "/\u{ff0f}evil.example",
    "//127.0.0.1:3000@evil.example",
    "http://127.0.0.1:3000@evil.example",
    "/\u{0}/evil.example",
];

/// Whether a browser that reads this stays where it is.
fn stays(location: &str) -> bool {
    location.starts_with('/')
        && !location.starts_with("//")
        && !location.contains(['\\', '\t', '\n'])
}

#[tokio::test]
async fn a_redirect_after_a_post_stays_on_our_origin() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for next in HOSTILE {
        let fields = [("action", "theme"), ("theme", "dark"), ("next", next)];
        let from = [("sec-fetch-site", "same-origin"), ("referer", "https://evil.example/")];
        let answer = ada.post_from("/account", &fields, &from).await;
        let location = answer.header("location");
        assert!(answer.status == 303 && stays(location), "{next:?}: {location}");
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1, "{next:?}");
    }
}

#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    let app = TestApp::new().await;
    for next in HOSTILE.into_iter().step_by(4) {
        let fields = [("email", "ada@harrow.example"), ("password", PASSWORD), ("next", next)];
        let answer = app.stranger().post("/sign-in", &fields).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{next:?}");
    }
}

#[tokio::test]
async fn the_sign_in_page_and_its_redirects_name_no_other_origin() {
    let app = TestApp::new().await;
    for next in HOSTILE {
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = app.stranger().get(&format!("/sign-in?{query}")).await;
        assert_eq!(page.status, 200, "{next:?}");
        for attribute in ["href=\"", "action=\"", "src=\""] {
            let values = page.body.split(attribute).skip(1).map(|it| it.split('"').next().unwrap());
            assert!(values.into_iter().all(|it| !it.contains("evil")), "{next:?} {attribute}");
        }
    }
    for path in ["//evil.example/account", "/account?//evil.example", "/x/settings/\\evil"] {
        let answer = app.stranger().get(path).await;
        assert!(
            answer.status == 404 || stays(answer.header("location")),
            "{path}: {:?}",
            answer.headers
        );
    }
}

#[tokio::test]
async fn a_server_function_never_redirects() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for (path, _) in server_fn_paths() {
        let request = Request::builder()
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::REFERER, "https://evil.example/")
            .header(header::COOKIE, format!("latchkey={}", ada.cookie.as_ref().unwrap().reveal()));
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert!(
            !(300..400).contains(&answer.status) && answer.header("location").is_empty(),
            "{path}"
        );
    }
}
