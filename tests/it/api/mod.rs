//! `/api/v1`, as programs call it, and what these tests share: calls that are made often, and an answer written out.

mod authorize;
mod authorize_routes;
mod document;
mod introspect;
mod page;
mod promises;
mod refusals;
mod token;
mod workgroups;

use crate::caller::Answer;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, header};
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::token_string::{Prefix, RANDOM, TokenString};
use latchkey::server::devices::register::{RawDevice, register};
use latchkey::server::secret::sha256;
use latchkey::server::store::Db;
use serde_json::{Value, json};

const AUTHORIZE: &str = "/api/v1/authorize";
const INTROSPECT: &str = "/api/v1/introspect";
const OWN: &str = "/api/v1/token";
const RENEW: &str = "/api/v1/token/renew";
const REVOKE: &str = "/api/v1/token/revoke";
const RETIRE_OLDER: &str = "/api/v1/token/retire-older";
const TOKENS: &str = "/api/v1/workgroups/harrow-valley/tokens";

/// The headers that the contract fixes, in the order in which they are written out.
const FIXED: [&str; 6] = [
    "content-type",
    "www-authenticate",
    "retry-after",
    "allow",
    "cache-control",
    "x-latchkey-token-expires",
];

/// Status, the fixed headers and the body, byte for byte.
fn shown(answer: &Answer) -> String {
    let mut lines = vec![answer.status.to_string()];
    for name in FIXED {
        let values = answer.headers.get_all(name).iter();
        lines.extend(values.map(|value| format!("{name}: {}", value.to_str().unwrap())));
    }
    lines.push(answer.body.clone());
    lines.join("\n")
}

/// Calls with these Authorization lines, just as they are.
async fn call_with(app: &TestApp, method: Method, path: &str, lines: &[&[u8]]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for line in lines {
        request = request.header(header::AUTHORIZATION, *line);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

/// Status and code of `GET /api/v1/token` with this string.
async fn verdict(app: &TestApp, string: &str) -> (u16, String) {
    let answer = app.api(string).get(OWN).await;
    (answer.status, answer.code())
}

async fn is_live(app: &TestApp, string: &str) -> bool {
    verdict(app, string).await.0 == 200
}

async fn renew(app: &TestApp, string: &str) -> Answer {
    app.api(string).post(RENEW, Value::Null).await
}

/// The successor of a string that renews.
async fn successor(app: &TestApp, string: &str) -> String {
    string_in(&renew(app, string).await)
}

/// The one string that an answer shows.
fn string_in(answer: &Answer) -> String {
    let shown = answer.json()["token"].as_str().map(str::to_owned);
    shown.unwrap_or_else(|| panic!("no string in {}: {}", answer.status, answer.body))
}

fn text(issued: &IssuedToken) -> &str {
    issued.string.reveal()
}

/// The string of a program that manages access.
async fn manager(app: &TestApp) -> String {
    app.string_with(&["access.manage"]).await
}

fn path_of(issued: &IssuedToken) -> String {
    format!("{TOKENS}/{}", issued.token.id)
}

/// Reissues the token as `manager`, and gives its new string.
async fn reissue(app: &TestApp, manager: &str, issued: &IssuedToken, older: &str) -> String {
    let path = format!("{}/reissue", path_of(issued));
    string_in(&app.api(manager).post(&path, json!({ "older": older })).await)
}

/// The members of a token that can be made.
fn draft() -> Value {
    json!({
        "owner": "South plant integrator",
        "email": "ops@south.example",
        "expires": "1m",
        "can_renew": true,
        "permissions": ["read"],
    })
}

/// A well-formed string that no token has.
pub fn unknown_string() -> String {
    TokenString::build(Prefix::Access, &[b'0'; RANDOM]).reveal().to_owned()
}

/// The first string of the device pump-1; it does not expire.
pub async fn device_string(app: &TestApp) -> String {
    let raw =
        RawDevice { external_id: "pump-1".into(), name: "Pump 1".into(), ..RawDevice::default() };
    let (_, issued) = register(&app.state, &app.seat(), &raw, None).await.unwrap();
    text(&issued).to_owned()
}

const LEGACY: &str = "old-portal-key";

/// A token brought over from another system; its string is [`LEGACY`]. On SQLite only.
async fn legacy(app: &TestApp) -> IssuedToken {
    let issued = app.token(|raw| raw.owner = "Old portal".into()).await;
    sql(
        app,
        r#"update tokens set kind = 'legacy', scopes = '["plant.all"]' where owner = 'Old portal'"#,
    )
    .await;
    let Db::Sqlite { write, .. } = &app.state.db else {
        panic!("legacy tokens are made on SQLite")
    };
    sqlx::query("update token_strings set hash = $1, origin = 'import' where token_id = $2")
        .bind(&sha256(LEGACY.as_bytes())[..])
        .bind(&issued.token.id)
        .execute(write)
        .await
        .unwrap();
    issued
}

/// What no call can do: changes rows directly.
async fn sql(app: &TestApp, statement: &'static str) {
    match &app.state.db {
        Db::Sqlite { write, .. } => drop(sqlx::query(statement).execute(write).await.unwrap()),
        Db::Postgres(pool) => drop(sqlx::query(statement).execute(pool).await.unwrap()),
    }
}

/// Runs a test on SQLite, and on PostgreSQL where the run was given one.
pub async fn on_each(test: impl AsyncFn(TestApp)) {
    test(TestApp::new().await).await;
    if let Some(app) = TestApp::on_postgres().await {
        test(app).await;
    }
}
