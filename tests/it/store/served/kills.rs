//! A real server, killed hundreds of times in the middle of mixed writes: what it said is done is there, and the rest whole or
//! not at all.

use super::{TOKENS, draft, installation, post, start};
use crate::database;
use crate::test_app::TestApp;
use serde_json::json;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

const KILLS: u64 = 200;
const CLIENTS: usize = 6;

/// Ids of what was answered with success.
#[derive(Default)]
struct Told {
    created: BTreeSet<String>,
    revoked: BTreeSet<String>,
}

/// Creates tokens and revokes every other one, until the server is gone.
fn write(address: SocketAddr, string: &str, told: &Mutex<Told>) {
    for turn in 0.. {
        let Some((status, made)) = post(address, TOKENS, string, &draft()) else { return };
        assert_eq!(status, 201, "{made}");
        let id = made["id"].as_str().unwrap().to_owned();
        told.lock().unwrap().created.insert(id.clone());
        if turn % 2 == 0 {
            let path = format!("{TOKENS}/{id}/revoke");
            let Some((status, revoked)) = post(address, &path, string, &json!({})) else { return };
            assert_eq!(status, 200, "{revoked}");
            told.lock().unwrap().revoked.insert(id);
        }
    }
}

#[tokio::test]
async fn two_hundred_kills_lose_nothing_that_was_acknowledged() {
    let (app, string) = installation().await;
    let told = Mutex::new(Told::default());
    for kill in 0..KILLS {
        let (server, address) = start(app.folder.path(), "");
        std::thread::scope(|threads| {
            for _ in 0..CLIENTS {
                threads.spawn(|| write(address, &string, &told));
            }
            std::thread::sleep(Duration::from_millis(10 + kill * 13 % 90));
            drop(server);
        });
    }
    let told = told.into_inner().unwrap();
    assert_eq!(database::ask(&app, "pragma integrity_check").await, ["ok"]);
    assert_whole(&app).await;
    let created: BTreeSet<_> =
        database::ask(&app, "select id from tokens").await.into_iter().collect();
    let revoked = database::ask(&app, "select id from tokens where revoked_at is not null").await;
    let revoked: BTreeSet<_> = revoked.into_iter().collect();
    assert!(told.created.is_subset(&created), "a token that was acknowledged is gone");
    assert!(told.revoked.is_subset(&revoked), "a revocation that was acknowledged is gone");
    // That enough happened to lose something of, on however slow a machine.
    let (created, revoked) = (told.created.len(), told.revoked.len());
    assert!(created > 100 && revoked > 5, "{created} created, {revoked} revoked");
}

/// Everything that one use case writes is there, or nothing of it.
async fn assert_whole(app: &TestApp) {
    for question in [
        "select 'without a string: ' || id from tokens t
            where not exists (select 1 from token_strings s where s.token_id = t.id)",
        "select 'without a record: ' || id from tokens t where (revoked_at is not null) <> exists
            (select 1 from activity a where a.subject_id = t.id and a.verb = 'token.revoked')",
        "select 'not recorded as made: ' || id from tokens t where not exists
            (select 1 from activity a where a.subject_id = t.id and a.verb = 'token.created')",
        "select 'recorded, but not there: ' || subject_id from activity
            where verb = 'token.created' and subject_id not in (select id from tokens)",
        "select 'changed without a number: ' || id from tokens t where
            (select count(*) from changes where subject_id = t.id) <> 1 + (revoked_at is not null)",
        "select 'a gap in the numbers' from (select count(*) as all_of_them, max(number) as last from changes)
            where all_of_them <> last",
        "select 'the counter is not the last number' from installation
            where change_number <> (select max(number) from changes)",
    ] {
        assert_eq!(database::ask(app, question).await, Vec::<String>::new());
    }
}
