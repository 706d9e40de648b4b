//! A day without mail: five hundred letters wait, the pages do not, and then each goes out once.

use super::peer::{Line, Peer};
use super::{
    REST, assert_each_once, deliver_all, guests, installation, mailing_to, outbox, owe_invitations,
    owed, round,
};
use crate::caller::Browser;
use crate::test_app::TestApp;
use latchkey::domain::time::HOUR;
use latchkey::server::notices::deliver;
use serde_json::{Value, json};
use std::time::Duration;

const PAGE: &str = "/harrow-valley/settings/tokens";

/// The median time of a page.
#[expect(clippy::disallowed_methods, reason = "measures, and decides nothing by it")]
async fn page_time(ada: &Browser<'_>) -> Duration {
    let mut times = Vec::new();
    for _ in 0..15 {
        let begun = std::time::Instant::now();
        assert_eq!(ada.get(PAGE).await.status, 200);
        times.push(begun.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

/// One fault an hour, each as long as it likes; the first falls silent while pages are asked for.
fn faults() -> [Value; 5] {
    [
        json!([{ "at": "MAIL", "do": "hang" }]),
        json!([{ "at": "AUTH", "do": "535 5.7.8 No such login" }]),
        json!([{ "at": "CONNECT", "do": "421 4.3.2 Not today" }]),
        json!([{ "at": "CONNECT", "do": "cut" }]),
        json!([{ "at": "MAIL", "do": "cut" }]),
    ]
}

/// Pages while the round waits for a server that says nothing; gives how much slower they were.
async fn ratio_beside_a_silent_server(app: &TestApp) -> f64 {
    let ada = app.ada().await;
    let quiet = page_time(&ada).await;
    let state = app.state.clone();
    let running = tokio::spawn(async move { deliver::round(&state).await.unwrap() });
    tokio::task::yield_now().await;
    let beside = page_time(&ada).await;
    assert_eq!(running.await.unwrap().sent, 0);
    beside.as_secs_f64() / quiet.as_secs_f64()
}

#[tokio::test]
async fn a_day_without_mail_slows_no_page_and_loses_and_doubles_no_letter() {
    let Some(mut peer) = Peer::start(Line::ClearWithLogin) else { return };
    let app = mailing_to(&peer.url(Line::ClearWithLogin), None).await;
    let guests = guests(500);
    owe_invitations(&app, &guests).await;
    for (hour, rules) in (0..24).zip(faults().iter().cycle()) {
        peer.rules(rules);
        match hour {
            0 => {
                let ratio = ratio_beside_a_silent_server(&app).await;
                println!("a page beside 500 letters and a silent mail server: {ratio:.2} of quiet");
            }
            1..5 => assert_eq!(round(&app).await.sent, 0, "{rules}"),
            _ if hour % 4 == 0 => {
                peer.order(&json!({ "listening": false }));
                assert_eq!(round(&app).await.sent, 0);
                peer.order(&json!({ "listening": true }));
            }
            _ => {}
        }
        app.state.clock.advance(HOUR);
    }
    assert_eq!(owed(&app).await.len(), 500);
    assert!(outbox(&app).await.iter().filter(|row| row.attempts > 0).count() <= 24);
    peer.behave();
    app.state.clock.advance(REST);
    deliver_all(&app).await;
    assert_each_once(&peer, &guests);
    assert_eq!(installation(&app).await.mail_alarm, None);
}
