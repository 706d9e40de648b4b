//! The life of a token whose owner's address bounces: nobody reads its mail, so the workgroup's owner must hear of it.

use super::peer::{Line, Peer};
use super::{mailing_to, outbox};
use crate::notices::life::hidden;
use latchkey::domain::time::Time;
use latchkey::server::notices::deliver;
use serde_json::json;
use std::fmt::Write;

const HINT: &str = "lka_…0000";

#[tokio::test]
async fn a_token_whose_address_bounces() {
    let Some(mut peer) = Peer::start(Line::Clear) else { return };
    let app = mailing_to(&peer.url(Line::Clear), None).await;
    let refused = "550 5.1.1 No such user here";
    peer.rules(&json!([{ "at": "RCPT", "do": refused, "to": ["ops@north.example"] }]));
    let issued = app.token(|raw| raw.name = "production".into()).await;
    let (mut text, mut seen, begun) = (String::new(), 0, app.state.now());
    for day in 0..=130 {
        app.tick().await;
        deliver::round(&app.state).await.unwrap();
        let taken = peer.taken();
        for it in &taken[seen..] {
            let said = it.letter.text.trim_end().replace(&issued.string.hint(), HINT);
            let said = hidden(&said, "/unsubscribe/", 43, "CODE");
            let said = hidden(&said, "/tokens/", 36, "TOKEN");
            let said = hidden(&said, "/notices/", 36, "LETTER");
            let (to, subject) = (&it.letter.to, &it.letter.subject);
            writeln!(text, "=== day {day}\nTo: {to}\nSubject: {subject}\n\n{said}\n").unwrap();
        }
        seen = taken.len();
        app.pass_days(1);
    }
    for row in outbox(&app).await.iter().filter(|row| row.sent_at.is_none()) {
        let day = (Time(row.undelivered_at.unwrap()).0 - begun.0) / 86_400;
        let (to, answer) = (&row.recipient, row.answer());
        writeln!(text, "undelivered on day {day}, {} try: {to}: {answer}", row.attempts).unwrap();
    }
    assert!(!text.contains("To: ops@north.example"));
    insta::assert_snapshot!("address_that_bounces", text);
}
