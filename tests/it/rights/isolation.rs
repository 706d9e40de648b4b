//! As somebody of another workgroup, with every id of the first one, at every address: the same 404 as an unknown id.

use super::callers::key;
use super::place::{foreign_string, harrow, target};
use crate::caller::{Answer, Browser};
use crate::database::dump;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::Method;
use latchkey::domain::token::Token;
use leptos::server_fn::axum::server_fn_paths;

/// What stands in an address: the workgroup's slug and a token's id.
type Names<'a> = (&'a str, &'a str);

const UNKNOWN: &str = "01999999-9999-7999-8999-999999999999";

/// Each pair is to be answered alike: theirs, and what there never was.
fn pairs(token: &Token) -> [(Names<'_>, Names<'static>); 2] {
    [
        (("harrow-valley", token.id.as_str()), ("harrow-vallez", UNKNOWN)),
        (("brook-mill", token.id.as_str()), ("brook-mill", UNKNOWN)),
    ]
}

/// An answer without the names that were asked for, and without what differs from answer to answer.
fn faded(answer: &Answer, (slug, id): Names<'_>) -> (u16, String, String) {
    let mut text = answer.body.replace(id, "ID");
    if slug != "brook-mill" {
        text = text.replace(slug, "SLUG");
    }
    let policy = answer.header("content-security-policy");
    if let Some((_, rest)) = policy.split_once("'nonce-") {
        text = text.replace(rest.split('\'').next().unwrap(), "NONCE");
    }
    (answer.status, answer.header("content-type").to_owned(), text)
}

async fn bea(app: &TestApp) -> Browser<'_> {
    app.browser("foreigner@harrow.example").await
}

async fn a_token(app: &TestApp) -> Token {
    target(app, &["read"], super::model::Reach::Group("North")).await
}

/// Every page of the application's own table.
fn pages() -> Vec<String> {
    let all = leptos_axum::generate_route_list(latchkey::app::App);
    let mut paths: Vec<_> = all.iter().map(|route| route.path().to_owned()).collect();
    paths.retain(|path| path.contains("{workgroup}"));
    paths.sort();
    paths.dedup();
    paths
}

#[tokio::test]
async fn every_page_of_another_workgroup_is_an_unknown_one() {
    let app = harrow().await;
    let (token, browser) = (a_token(&app).await, bea(&app).await);
    let mut asked = 0;
    for path in pages() {
        let dialogs = ["", "?dialog=reissue", "?dialog=revoke", "?dialog=retire&number=1"];
        for query in dialogs {
            for (theirs, unknown) in pairs(&token) {
                if theirs.0 == "brook-mill" && !path.contains("{id}") {
                    continue;
                }
                let at = |(slug, id): Names<'_>| {
                    path.replace("{workgroup}", slug).replace("{id}", id) + query
                };
                let answer = browser.get(&at(theirs)).await;
                assert_eq!(answer.status, 404, "{}", at(theirs));
                let other = browser.get(&at(unknown)).await;
                assert_eq!(faded(&answer, theirs), faded(&other, unknown), "{}", at(theirs));
                asked += 1;
            }
        }
    }
    assert!(asked >= 20, "only {asked} pages were asked");
}

#[tokio::test]
async fn duplicating_a_foreign_token_is_duplicating_an_unknown_one() {
    let app = harrow().await;
    let (token, browser) = (a_token(&app).await, bea(&app).await);
    for (theirs, unknown) in pairs(&token) {
        let at = |(slug, id): Names<'_>| format!("/{slug}/settings/tokens/new?like={id}");
        let answer = browser.get(&at(theirs)).await;
        assert_eq!(answer.status, 404);
        let other = browser.get(&at(unknown)).await;
        assert_eq!(faded(&answer, theirs), faded(&other, unknown), "{}", at(theirs));
    }
}

/// The posts of the token pages: what stands behind the workgroup, and the form.
const POSTS: [(&str, &[(&str, &str)]); 6] = [
    ("/new", &[("owner", "X"), ("email", "x@x.example")]),
    ("/{id}/edit", &[("version", "1"), ("owner", "X"), ("email", "x@x.example")]),
    ("/{id}", &[("action", "reissue"), ("older", "now")]),
    ("/{id}", &[("action", "retire"), ("number", "1")]),
    ("/{id}", &[("action", "revoke"), ("also", "on")]),
    ("/{id}", &[("action", "revoke")]),
];

#[tokio::test]
async fn every_post_to_another_workgroup_is_one_to_an_unknown_one_and_changes_nothing() {
    let app = harrow().await;
    let (token, browser) = (a_token(&app).await, bea(&app).await);
    let before = dump(&app).await;
    for (path, fields) in POSTS {
        let key = key();
        let mut fields = fields.to_vec();
        fields.push(("idempotency_key", &key));
        for (theirs, unknown) in pairs(&token) {
            if theirs.0 == "brook-mill" && !path.contains("{id}") {
                continue;
            }
            let at = |(slug, id): Names<'_>| {
                format!("/{slug}/settings/tokens{}", path.replace("{id}", id))
            };
            let answer = browser.post(&at(theirs), &fields).await;
            assert_eq!(answer.status, 404, "{} {fields:?}", at(theirs));
            let other = browser.post(&at(unknown), &fields).await;
            assert_eq!(faded(&answer, theirs), faded(&other, unknown), "{}", at(theirs));
        }
    }
    assert_eq!(dump(&app).await, before);
}

/// How each server function is asked for a thing of a workgroup; `None`: it knows no workgroup.
fn question(path: &str, (slug, id): Names<'_>) -> Option<String> {
    let query = match path {
        "/rpc/list_tokens" => format!("workgroup={slug}&query[revoked]=true"),
        "/rpc/read_new_token" => format!("workgroup={slug}&like={id}&device=false"),
        "/rpc/read_token" => format!("workgroup={slug}&id={id}"),
        "/rpc/list_devices" => format!("workgroup={slug}&query[search]=pump"),
        "/rpc/read_new_device" => format!("workgroup={slug}"),
        "/rpc/read_device" | "/rpc/read_device_to_edit" => format!("workgroup={slug}&id={id}"),
        "/rpc/list_device_groups" => format!("workgroup={slug}&query[search]=n"),
        "/rpc/read_device_group" | "/rpc/read_device_group_form" => {
            format!("workgroup={slug}&id={id}")
        }
        "/rpc/list_notices" => format!("workgroup={slug}&query[search]=x"),
        "/rpc/read_activity" => format!("workgroup={slug}&query[denied]=false"),
        "/rpc/read_frame" | "/rpc/read_invite_member" | "/rpc/read_policy" => {
            format!("workgroup={slug}")
        }
        "/rpc/read_routes" => format!("workgroup={slug}&asked[path]=/a"),
        "/rpc/list_members" => format!("workgroup={slug}&query[page]=1"),
        "/rpc/read_import_form" => format!("workgroup={slug}&kind=devices"),
        "/rpc/read_import" => format!("workgroup={slug}&id={id}"),
        "/rpc/read_letter" => format!("workgroup={slug}&id={id}"),
        "/rpc/read_letter_preview" => format!("workgroup={slug}&letter=expiry"),
        "/rpc/read_member" => format!("workgroup={slug}&id={id}"),
        "/rpc/read_invitation"
        | "/rpc/read_sign_in"
        | "/rpc/read_public_url"
        | "/rpc/read_set_up"
        | "/rpc/read_reset"
        | "/rpc/read_unsubscribe"
        | "/rpc/read_account" => {
            return None;
        }
        "/rpc/read_workgroup" => format!("slug={slug}"),
        // Of the installation, for administrators alone: tests/it/pages/administration/closed.rs.
        "/rpc/list_workgroups"
        | "/rpc/list_users"
        | "/rpc/read_catalogue"
        | "/rpc/read_permission"
        | "/rpc/read_administrator"
        | "/rpc/read_clock"
        | "/rpc/read_record" => return None,
        new => panic!("say here how {new} is asked for a thing of a workgroup"),
    };
    Some(format!("{path}?{query}"))
}

#[tokio::test]
async fn every_server_function_knows_ones_own_workgroups_alone() {
    let app = harrow().await;
    let (token, browser) = (a_token(&app).await, bea(&app).await);
    let mut asked = 0;
    for (path, method) in server_fn_paths() {
        assert_eq!(method, Method::GET, "{path} changes something: forms do that");
        for (theirs, unknown) in pairs(&token) {
            let Some(address) = question(path, theirs) else { continue };
            if theirs.0 == "brook-mill" && !address.contains(theirs.1) {
                continue;
            }
            let answer = browser.get(&address).await;
            assert_eq!(answer.status, 404, "{address}: {}", answer.body);
            let other = browser.get(&question(path, unknown).unwrap()).await;
            assert_eq!(faded(&answer, theirs), faded(&other, unknown), "{address}");
            asked += 1;
        }
    }
    assert!(asked >= 6, "only {asked} questions were asked");
}

#[tokio::test]
async fn every_api_path_of_another_workgroup_is_an_unknown_one_by_every_method() {
    let app = harrow().await;
    let token = a_token(&app).await;
    let api = app.api(&foreign_string(&app).await);
    let before = dump(&app).await;
    let paths = ["", "/{id}", "/{id}/reissue", "/{id}/revoke", "/{id}/strings/1/retire"];
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    for path in paths {
        for method in methods.map(|name| name.parse::<Method>().unwrap()) {
            for (theirs, unknown) in pairs(&token) {
                if theirs.0 == "brook-mill" && !path.contains("{id}") {
                    continue;
                }
                let at = |(slug, id): Names<'_>| {
                    format!("/api/v1/workgroups/{slug}/tokens{}", path.replace("{id}", id))
                };
                let answer = api.call(method.clone(), &at(theirs), Body::from("{}")).await;
                let said = format!("{method} {}: {}", at(theirs), answer.body);
                assert!(matches!(answer.status, 404 | 405), "{} {said}", answer.status);
                let other = api.call(method.clone(), &at(unknown), Body::from("{}")).await;
                assert_eq!(faded(&answer, theirs), faded(&other, unknown), "{said}");
            }
        }
    }
    assert_eq!(dump(&app).await, before);
}
