//! `latchkey purge`: what is due goes now; nothing while the clock is in doubt.

use super::Shell;
use latchkey::server::store::Db;
use secrecy::SecretString;

/// Writes past the program, as time would.
fn write(shell: &Shell, sql: &'static str) {
    let url = format!("sqlite://{}", shell.database().display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = Db::open(&SecretString::from(url)).await.unwrap();
        let Db::Sqlite { write, .. } = &db else { panic!("the command line runs on SQLite here") };
        sqlx::query(sql).execute(write).await.unwrap();
        db.close().await;
    });
}

#[test]
fn it_says_how_many_it_removed() {
    let shell = Shell::with_ada();
    shell.issue("");
    let nothing = "Removed: 0 tokens, 0 strings of tokens that stay, 0 tombstones.\n";
    assert_eq!(shell.run("purge").done(), nothing);
    write(&shell, "update token_strings set expires_at = 1");
    write(&shell, "update tokens set expires_at = 1, remove_at = 1, look_at = null");
    write(&shell, "update outbox set sent_at = 1");
    let counts = shell.run("purge --json").json();
    assert_eq!(counts, serde_json::json!({ "tokens": 1, "strings": 0, "tombstones": 0 }));
    assert_eq!(shell.run("purge").done(), nothing);
}

#[test]
fn it_removes_nothing_while_the_clock_is_in_doubt() {
    let shell = Shell::with_ada();
    shell.issue("");
    write(&shell, "update token_strings set expires_at = 1");
    write(&shell, "update tokens set expires_at = 1, remove_at = 1, look_at = null");
    write(&shell, "update installation set last_seen_at = 1000000000");
    for _ in 0..2 {
        let refusal = shell.run("purge").refusal();
        assert!(
            refusal.starts_with(
                "nothing was removed, because the clock is in doubt. When this server started on"
            ),
            "{refusal}"
        );
        assert!(refusal.contains("or an administrator confirms it"), "{refusal}");
    }
    assert_eq!(shell.token("North plant")["status"], "expired");
}
