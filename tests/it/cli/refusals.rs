//! Commands that are not done: exit 1 with one clear line, 2 for wrong usage, and nothing touched.

use super::Shell;
use crate::test_app::PASSWORD;
use latchkey::server::store::Db;

#[test]
fn wrong_usage_ends_with_2_and_touches_nothing() {
    let shell = Shell::new();
    let cases = [
        ("", "Usage"),
        ("fly", "fly"),
        ("user create --email a@b.example --name A", "--password-stdin"),
        (
            "token create --workgroup w --owner O --email a@b.example --expires 4m --permission read",
            "4m",
        ),
        ("token list --workgroup w --status fine", "active, expiring, expired, revoked"),
        ("token reissue ID --older soon", "keep, 24h, 7d, now"),
        ("token edit ID", "required"),
        ("device create --workgroup w --id p --name P --metadata site", "key=value"),
        ("serve --listen nowhere", "nowhere"),
    ];
    for (line, says) in cases {
        let run = shell.run(line);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{line}");
        assert!(run.err.contains(says), "{line}: {}", run.err);
    }
    assert_eq!(shell.files(), Vec::<String>::new());
}

#[test]
fn a_refusal_ends_with_1_and_one_line_that_says_why() {
    let shell = Shell::with_ada();
    let (id, _) = shell.issue("");
    let create = "token create --workgroup harrow-valley --owner O --email o@north.example";
    let cases = [
        (
            "token list --workgroup nowhere".to_owned(),
            "There is no workgroup with the slug “nowhere”.",
        ),
        ("token show 0192".into(), "token"),
        (format!("{create} --expires never --permission read"), "expires"),
        (format!("{create} --expires 1m --permission fly"), "“fly”"),
        (format!("{create} --expires 1m --permission read --device-group Moon"), "“Moon”"),
        (format!("{create} --expires 1m --permission read --device moon"), "“moon”"),
        (format!("token edit {id} --email nobody"), "email"),
        (format!("token edit {id} --rate-limit 0"), "1 to 1000000"),
        ("workgroup create --name X --owner nobody@harrow.example".into(), "nobody@harrow.example"),
        (
            "workgroup create --name X --owner ada@harrow.example --time-zone Moon".into(),
            "IANA name",
        ),
        (
            "member set --workgroup harrow-valley --email nobody@harrow.example --owner".into(),
            "nobody@harrow.example",
        ),
        (
            "member set --workgroup harrow-valley --email ada@harrow.example --permission read"
                .into(),
            "owner",
        ),
        ("device create --workgroup harrow-valley --id 'pump 1' --name P".into(), "external_id"),
        ("device-group create --workgroup harrow-valley --name G --in pump-9".into(), "“pump-9”"),
    ];
    for (line, says) in cases {
        let why = shell.run(&line).refusal();
        assert!(why.contains(says), "{line}: {why}");
    }
}

#[test]
fn a_password_is_judged_and_never_repeated() {
    let shell = Shell::with_ada();
    let create = "user create --name Ben --email ben@harrow.example --password-stdin";
    for password in ["", "too short", "passwordpassword"] {
        let why = shell.type_in(create, password).refusal();
        assert!(
            why.contains("password") && (password.is_empty() || !why.contains(password)),
            "{why}"
        );
    }
    let twice = "user create --name Ada --email ADA@harrow.example --password-stdin";
    let why = shell.type_in(twice, PASSWORD).refusal();
    assert!(why.contains("email") && !why.contains(PASSWORD), "{why}");
}

#[test]
fn a_revoked_token_stays_revoked() {
    let shell = Shell::with_ada();
    let (id, _) = shell.issue("");
    shell.run(&format!("token revoke {id}")).done();
    for line in ["revoke", "reissue", "edit --note x"] {
        let (verb, more) = line.split_once(' ').unwrap_or((line, ""));
        let why = shell.run(&format!("token {verb} {id} {more}")).refusal();
        assert!(why.contains("revoked"), "{line}: {why}");
    }
}

#[test]
fn a_missing_database_is_not_made_by_a_command_beside_a_server() {
    let shell = Shell::new();
    for line in [
        "token list --workgroup w",
        "workgroup create --name N --owner a@b.example",
        "token revoke 1",
    ] {
        let why = shell.run(line).refusal();
        assert!(
            why.starts_with("there is no database at ") && why.contains("latchkey migrate"),
            "{why}"
        );
    }
    let create = "user create --name A --email a@b.example --password-stdin";
    shell.type_in(create, PASSWORD).refusal();
    assert_eq!(shell.files(), Vec::<String>::new());
}

#[test]
fn an_empty_database_is_not_filled_by_a_command_beside_a_server() {
    let shell = Shell::new();
    std::fs::write(shell.database(), "").unwrap();
    let why = shell.run("token list --workgroup w").refusal();
    assert_eq!(why, "the database is empty; run latchkey serve or latchkey migrate first");
    assert_eq!(
        (shell.files(), std::fs::read(shell.database()).unwrap()),
        (vec!["latchkey.db".into()], vec![])
    );
}

/// A migration of a later program, as that would have noted it.
async fn outgrow(shell: &Shell) {
    let db = Db::open(&format!("sqlite://{}", shell.database().display()).into()).await.unwrap();
    let Db::Sqlite { write, .. } = &db else { unreachable!() };
    let sql =
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        values (99, 'later', true, x'00', 1)";
    sqlx::query(sql).execute(write).await.unwrap();
    db.close().await;
}

#[tokio::test]
async fn a_database_that_is_newer_than_the_program_is_left_untouched() {
    let shell = Shell::with_ada();
    outgrow(&shell).await;
    let before = std::fs::read(shell.database()).unwrap();
    for line in ["token list --workgroup harrow-valley", "migrate", "serve --listen 127.0.0.1:0"] {
        let why = shell.run(line).refusal();
        let said = "the database has schema 99, but this program only knows 4; use the newer program. Nothing was touched";
        assert_eq!(why, said, "{line}");
        assert!(std::fs::read(shell.database()).unwrap() == before, "{line} wrote to the file");
    }
    let beside: Vec<_> =
        shell.files().into_iter().filter(|name| !name.ends_with(".lock")).collect();
    assert_eq!(beside, ["latchkey.db"]);
}

#[test]
fn a_database_that_cannot_be_opened_is_named_and_left_untouched() {
    let shell = Shell::new();
    let garbage = "This is a letter to my aunt. ".repeat(500);
    std::fs::write(shell.database(), &garbage).unwrap();
    for line in ["token list --workgroup w", "migrate", "serve --listen 127.0.0.1:0"] {
        let why = shell.run(line).refusal();
        assert!(why.contains("database"), "{line}: {why}");
        assert_eq!(std::fs::read_to_string(shell.database()).unwrap(), garbage, "{line}");
    }
}

#[test]
fn a_folder_that_cannot_be_made_or_read_is_named() {
    let shell = Shell::new();
    std::fs::write(shell.folder.path().join("file"), "").unwrap();
    std::fs::create_dir(shell.database()).unwrap();
    for (url, names) in
        [("sqlite://file/latchkey.db", "file"), ("sqlite://latchkey.db", "latchkey.db")]
    {
        let why = shell.run(&format!("migrate --database-url {url}")).refusal();
        assert!(why.contains(names), "{url}: {why}");
    }
}

#[test]
fn a_database_url_with_its_password_is_never_repeated() {
    let shell = Shell::new();
    for url in
        ["postgres://latchkey:s3cretpass@127.0.0.1:1/x", "mysql://latchkey:s3cretpass@127.0.0.1/x"]
    {
        let why = shell.run(&format!("migrate --database-url {url}")).refusal();
        assert!(!why.contains("s3cretpass") && why.to_lowercase().contains("database"), "{why}");
    }
}

#[test]
fn a_sender_that_is_none_is_named_before_anything_is_opened() {
    let shell = Shell::new();
    for from in ["Latchkey", "latchkey@", "A <a@b.example>, B <b@b.example>"] {
        let why = shell.run(&format!("migrate --mail-from '{from}'")).refusal();
        assert!(why.starts_with("LATCHKEY_MAIL_FROM must be a name and an address"), "{why}");
    }
    assert!(shell.files().is_empty(), "{:?}", shell.files());
    shell.run("migrate --mail-from 'Keys of Harrow <keys@harrow.example>'").done();
}
