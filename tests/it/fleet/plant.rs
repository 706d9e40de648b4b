//! What the fleet API is tried with: a real Latchkey, and a string in each state.

use crate::grants::process::Server;
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::rights::Seat;
use latchkey::domain::time::Time;
use latchkey::domain::token::Older;
use latchkey::domain::token_draft::RawDraft;
use latchkey::server::clock::Clock;
use latchkey::server::devices::groups::RawRule;
use latchkey::server::devices::register::{RawDevice, register};
use latchkey::server::tokens::{issue, reissue, revoke};

/// A string in each state, and a Latchkey that knows them.
pub struct Plant {
    pub app: TestApp,
    pub server: Server,
    /// Of the API itself.
    pub own: String,
    pub whole: String,
    pub reader: String,
    /// Of the group North, which holds pump-2 alone.
    pub north: String,
    pub pumps: [String; 2],
    pub expired: String,
    pub revoked: String,
    pub superseded: String,
    pub foreign: String,
    /// Two requests a minute each.
    pub limited: [String; 3],
    /// To be revoked while it is in use.
    pub fleeting: IssuedToken,
}

pub fn text(issued: &IssuedToken) -> String {
    issued.string.reveal().to_owned()
}

impl Plant {
    /// By the system's clock, as the server goes by it.
    pub async fn new() -> Plant {
        let mut app = TestApp::new().await;
        let now = Clock::system().now();
        app.state.clock = Clock::by_hand(Time(now.0 - 30 * 86_400));
        let expired = text(&app.token(|raw| raw.expires = "7d".into()).await);
        app.state.clock = Clock::system();
        let pumps = [pump(&app, "pump-1").await, pump(&app, "pump-2").await];
        let rule = RawRule::In(vec!["pump-2".into()]);
        crate::pages::device_groups::group(&app, "North", rule).await;
        let rights = ["read", "devices.control", "devices.manage"].map(str::to_owned).to_vec();
        let revoked = app.token(|_| {}).await;
        let (state, seat, id) = (&app.state, app.seat(), &revoked.token.id);
        revoke::revoke(state, &seat, id, false, None, None).await.unwrap();
        let superseded = app.token(|_| {}).await;
        let (id, older) = (&superseded.token.id, Older::EndNow);
        reissue::reissue(state, &seat, id, older, None, None).await.unwrap();
        let bound = app.token(|raw| {
            raw.permissions = rights.clone();
            raw.device_group = "North".into();
        });
        Plant {
            own: app.string_with(&["tokens.introspect"]).await,
            whole: text(&app.token(|raw| raw.permissions = rights.clone()).await),
            reader: app.string_with(&["read"]).await,
            north: text(&bound.await),
            pumps,
            expired,
            revoked: text(&revoked),
            superseded: text(&superseded),
            foreign: foreign(&app).await,
            limited: [limited(&app).await, limited(&app).await, limited(&app).await],
            fleeting: app.token(|_| {}).await,
            server: Server::start(&app).await,
            app,
        }
    }
}

async fn pump(app: &TestApp, id: &str) -> String {
    let raw = RawDevice { external_id: id.into(), name: id.into(), ..RawDevice::default() };
    text(&register(&app.state, &app.seat(), &raw, None).await.unwrap().1)
}

async fn limited(app: &TestApp) -> String {
    text(&app.token(|raw| raw.rate_limit = "2".into()).await)
}

/// A string of another workgroup.
async fn foreign(app: &TestApp) -> String {
    app.user("Bea", "bea@brook.example").await;
    let brook = app.workgroup("Brook Mill", "bea@brook.example").await;
    let seat = Seat { workgroup: brook, ..app.seat() };
    let raw = RawDraft {
        owner: "Theirs".into(),
        email: "ops@brook.example".into(),
        expires: "1m".into(),
        permissions: vec!["read".into()],
        ..RawDraft::default()
    };
    let made = issue::issue(&app.state, &seat, &raw, None, None).await.unwrap();
    text(&made.done_now().unwrap())
}
