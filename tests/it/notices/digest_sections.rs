//! What stands in a digest: each section, what belongs there and what does not, on each engine.

use super::digest::digests;
use crate::database::execute_anywhere;
use crate::test_app::TestApp;
use latchkey::domain::time::{DAY, HOUR};
use latchkey::domain::user::Email;
use latchkey::server::notices::{Letter, owe};
use latchkey::server::tokens::{reissue, revoke};

/// A letter about the token that was given up a moment ago; `id`: its own.
pub async fn give_up(app: &TestApp, token_id: &str, id: &str) {
    let mut tx = app.state.db.begin().await.unwrap();
    let letter = Letter::Issued { token_id: token_id.to_owned() };
    let to = Email::parse("ops@north.example").unwrap();
    let made = owe(&app.state, &mut tx, &letter, Some(&app.harrow.id), &to).await.unwrap();
    tx.commit().await.unwrap();
    let now = app.state.now().0;
    execute_anywhere(
        app,
        &format!(
            "update outbox set undelivered_at = {now}, attempts = 1, last_answer = '550 5.1.1 User unknown.',
                id = '{id}' where id = '{made}'"
        ),
    )
    .await;
}

/// The same for a notice about the end of a token's only string.
async fn give_up_notice(app: &TestApp, token_id: &str, id: &str) {
    give_up(app, token_id, id).await;
    let now = app.state.now().0;
    execute_anywhere(
        app,
        &format!("update outbox set letter = 'expiry', token_id = null where id = '{id}'"),
    )
    .await;
    execute_anywhere(
        app,
        &format!(
            "insert into notices (string_id, token_id, stage, address, outbox_id, claimed_at)
            select s.id, s.token_id, 7, 'ops@north.example', '{id}', {now} from token_strings s
            where s.token_id = '{token_id}' and s.number = 1"
        ),
    )
    .await;
}

async fn apps() -> Vec<TestApp> {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    for app in &apps {
        app.tick().await;
    }
    apps
}

/// Tomorrow's digest, its white space evened out; empty if there is none.
async fn tomorrows(app: &TestApp) -> String {
    let letters = digests(app.live_days(1).await);
    assert!(letters.len() <= 1, "{letters:?}");
    let words = letters.iter().flat_map(|letter| letter.text.split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

async fn use_it(app: &TestApp, string: &str) {
    assert_eq!(app.api(string).get("/api/v1/token").await.status, 200);
    app.flush().await;
}

#[tokio::test]
async fn a_token_that_is_used_and_was_not_renewed_in_time_is_a_missed_renewal() {
    for app in apps().await {
        let can = app.token(|raw| raw.owner = "Forgetful".into()).await;
        let cannot = app.token(|raw| (raw.owner, raw.can_renew) = ("Barred".into(), false)).await;
        let renewed = app.token(|raw| raw.owner = "Careful".into()).await;
        app.token(|raw| raw.owner = "Unused".into()).await;
        // 92 days of life: 70 % are over on the 64th day, ten days before anything is expiring.
        app.pass_days(63);
        for string in [&can, &cannot, &renewed] {
            use_it(&app, string.string.reveal()).await;
        }
        assert_eq!(tomorrows(&app).await, "");
        let again = app.api(renewed.string.reveal()).get("/api/v1/token/renew").await;
        assert_eq!(again.status, 200);
        let text = tomorrows(&app).await;
        assert!(text.contains("Forgetful") && text.contains("can renew and has not"), "{text}");
        assert!(text.contains(&format!("/harrow-valley/settings/tokens/{}", can.token.id)));
        for absent in ["Barred", "Careful", "Unused"] {
            assert!(!text.contains(absent), "{absent} in {text}");
        }
        assert_eq!(tomorrows(&app).await, "", "it is new once");
    }
}

#[tokio::test]
async fn what_is_called_with_after_its_end_is_told_also_when_it_was_removed() {
    for app in apps().await {
        let expired =
            app.token(|raw| (raw.owner, raw.expires) = ("Late".into(), "7d".into())).await;
        let revoked = app.token(|raw| raw.owner = "Shut out".into()).await;
        let alive = app.token(|raw| raw.owner = "Alive".into()).await;
        app.pass_days(10);
        revoke::revoke(&app.state, &app.seat(), &revoked.token.id, false, None, None)
            .await
            .unwrap();
        tomorrows(&app).await;
        let now = app.state.now().0;
        let knock = |id: &str, at: i64| {
            format!(
                "update tokens set knocks = 1198, knocked_at = {at}, knocked_from = '203.0.113.9' where id = '{id}'"
            )
        };
        for id in [&expired.token.id, &revoked.token.id, &alive.token.id] {
            execute_anywhere(&app, &knock(id, now + 22 * HOUR)).await;
        }
        for (number, seen) in [(1, now - 8 * DAY), (2, now)] {
            let ended = now - 40 * DAY;
            let hash = if is_postgres(&app) {
                format!("'\\x0{number}'::bytea")
            } else {
                format!("x'0{number}'")
            };
            execute_anywhere(&app, &format!(
                "insert into tombstones (hash, token_id, workgroup_id, kind, owner, name, number, hint, why, expires_at,
                    ended_at, removed_at, knocks, knocked_at, knocked_from)
                values ({hash}, 'gone-{number}', '{}', 'access', 'Ghost {number}', 'CI', 1, 'lka_…gh0{number}', 'expired',
                    {ended}, {ended}, {ended}, 1, {seen}, '203.0.113.7')", app.harrow.id)).await;
        }
        let text = tomorrows(&app).await;
        assert!(text.contains("Late") && text.contains("Shut out"), "{text}");
        assert!(text.contains("1198 calls refused since it expired"), "{text}");
        assert!(text.contains("1198 calls refused since it was revoked"), "{text}");
        assert!(text.contains("the last 2 hours ago from 203.0.113.9"), "{text}");
        assert!(text.contains("Ghost 2 · CI") && text.contains("lka_…gh02"), "{text}");
        assert!(text.contains("1 call refused since it expired"), "{text}");
        assert!(!text.contains("Alive") && !text.contains("Ghost 1"), "{text}");
        assert_eq!(tomorrows(&app).await, "", "it is new once");
    }
}

fn is_postgres(app: &TestApp) -> bool {
    matches!(app.state.db, latchkey::server::store::Db::Postgres(_))
}

#[tokio::test]
async fn what_could_not_be_delivered_is_told_while_its_token_still_wants_it() {
    for app in apps().await {
        let named = async |owner: &str| app.token(|raw| raw.owner = owner.into()).await.token.id;
        let issued = named("Issued").await;
        let ending = named("Ending").await;
        let (renewed, shut, moved) =
            (named("Renewed").await, named("Shut").await, named("Moved").await);
        give_up(&app, &issued, "issued").await;
        give_up(&app, &moved, "moved").await;
        for (id, letter) in [(&ending, "ending"), (&renewed, "renewed"), (&shut, "shut")] {
            give_up_notice(&app, id, letter).await;
        }
        app.pass_days(1);
        let older = latchkey::domain::token::Older::Keep;
        reissue::reissue(&app.state, &app.seat(), &renewed, older, None, None).await.unwrap();
        revoke::revoke(&app.state, &app.seat(), &shut, false, None, None).await.unwrap();
        execute_anywhere(
            &app,
            &format!("update tokens set email = 'a@b.example' where id = '{moved}'"),
        )
        .await;
        let text = tomorrows(&app).await;
        for id in ["issued", "ending"] {
            assert!(
                text.contains(&format!("/harrow-valley/settings/notices/{id}")),
                "{id} in {text}"
            );
        }
        assert!(text.contains("550 5.1.1 User unknown, after 1 try."), "{text}");
        assert!(text.contains("does not know that Ending will expire."), "{text}");
        for id in ["renewed", "shut", "moved"] {
            assert!(!text.contains(&format!("/settings/notices/{id}")), "{id} in {text}");
        }
        assert_eq!(tomorrows(&app).await, "", "it is new once");
    }
}

#[tokio::test]
async fn what_ends_is_told_with_its_owner_hint_and_use_and_hostile_text_stays_on_its_line() {
    for app in apps().await {
        let owner = "<script>alert(1)</script> {{ 7*7 }} 🔑";
        let issued = app
            .token(|raw| {
                (raw.owner, raw.name) = (owner.into(), "Maria's laptop".into());
                (raw.expires, raw.can_renew) = ("7d".into(), false);
            })
            .await;
        app.pass_days(5);
        use_it(&app, issued.string.reveal()).await;
        let text = tomorrows(&app).await;
        assert!(text.contains(&format!("{owner} · Maria's laptop")), "{text}");
        let hint = issued.token.hint();
        assert!(text.contains(&format!("{hint} · cannot renew · used 24 hours ago")), "{text}");
        let text = tomorrows(&app).await;
        assert!(text.contains(&format!("{hint} · used 2 days ago")), "it has expired: {text}");
        assert_eq!(tomorrows(&app).await, "");
        let older = latchkey::domain::token::Older::Keep;
        reissue::reissue(&app.state, &app.seat(), &issued.token.id, older, None, None)
            .await
            .unwrap();
        app.pass_days(5);
        assert!(tomorrows(&app).await.contains(owner), "another end is another thing to tell");
    }
}
