//! Two servers over one database, both sweeping and delivering: each mail goes once.

use crate::test_app::TestApp;
use latchkey::domain::time::HOUR;
use latchkey::server::notices::{deliver, sweep};
use latchkey::server::state::AppState;
use latchkey::server::store::Db;

const TOKENS: u32 = 60;

/// A further server over the same database: connections of its own, the same clock.
async fn another(app: &TestApp) -> AppState {
    let db = Db::open(&app.state.config.database_url).await.unwrap();
    AppState { db, ..app.state.clone() }
}

/// What both queued and sent in a round at the same time.
async fn round(one: &AppState, other: &AppState) -> (u32, u32) {
    let (a, b) = tokio::join!(sweep::run(one), sweep::run(other));
    let queued = a.unwrap().queued + b.unwrap().queued;
    let mut sent = 0;
    loop {
        let (a, b) = tokio::join!(deliver::round(one), deliver::round(other));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!((a.failed, b.failed), (0, 0));
        if a.sent + b.sent == 0 {
            return (queued, sent);
        }
        sent += a.sent + b.sent;
    }
}

#[tokio::test]
async fn two_servers_over_one_database_send_each_mail_once() {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    for app in apps {
        let other = another(&app).await;
        for at in 0..TOKENS {
            app.token(|raw| {
                (raw.email, raw.expires) = (format!("o{at}@north.example"), "1m".into());
            })
            .await;
        }
        assert_eq!(round(&app.state, &other).await, (0, TOKENS), "issued");
        for (days, why) in [(20, "14 days"), (4, "7 days"), (5, "1 day"), (1, "the end")] {
            app.pass_days(days);
            assert_eq!(round(&app.state, &other).await, (TOKENS, TOKENS), "{why}");
            app.state.clock.advance(HOUR);
            assert_eq!(round(&other, &app.state).await, (0, 0), "{why}, again");
            app.state.clock.advance(-HOUR);
        }
        other.db.close().await;
    }
}
