//! What the letters of people say, and that nobody's text becomes anything else in them.

use crate::database::{dump, execute};
use crate::letter::Letter as Received;
use crate::test_app::TestApp;
use latchkey::domain::user::Email;
use latchkey::server::notices::{Letter, owe};
use latchkey::server::secret::Code;
use latchkey::server::store::codes::{self, Purpose};

/// Owes the letter of an invitation that stands in the database.
async fn owe_invitation(app: &TestApp, id: &str) {
    let letter = Letter::Invitation { id: id.into() };
    let mut tx = app.state.db.begin().await.unwrap();
    let email = Email::parse("eve@new.example").unwrap();
    owe(&app.state, &mut tx, &letter, Some(&app.harrow.id), &email).await.unwrap();
    tx.commit().await.unwrap();
}

const INVITE: &str =
    "insert into invitations (id, workgroup_id, email, email_folded, owner, permissions,
        device_group_id, invited_by_kind, invited_by_id, invited_by_name, created_at, expires_at)
    select 'i', id, 'eve@new.example', 'eve@new.example', 0, '[\"read\",\"devices.manage\"]',
        null, 'person', 'p', 'Ada', 0, 0 from workgroups";

async fn invited(app: &TestApp) -> Received {
    execute(app, INVITE).await;
    owe_invitation(app, "i").await;
    let mut letters = app.deliver_mail().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    letters.remove(0)
}

#[tokio::test]
async fn an_invitation_says_who_invites_to_what_and_its_code_lives_seven_days() {
    let app = TestApp::new().await;
    let letter = invited(&app).await;
    assert_eq!(letter.to, "eve@new.example");
    assert_eq!(letter.subject, "Ada invites you to Harrow Valley on Latchkey");
    for said in [
        "You will be able to: Read, Manage devices.",
        "until 28 Nov 2026, 10:00 UTC",
        "Sent to eve@new.example because Ada invited",
    ] {
        assert!(letter.text.contains(said), "{said:?} in {}", letter.text);
    }
    let code = letter.link().strip_prefix("http://127.0.0.1:3000/invite/").unwrap();
    let hash = Code::received(code).hash();
    let mut reader = app.state.db.read().await.unwrap();
    let found = codes::find(&mut reader, &hash, Purpose::Invitation).await.unwrap().unwrap();
    let ends = app.state.now() + 7 * 24 * 60 * 60;
    assert_eq!((found.expires_at, found.subject_id.as_deref()), (ends, Some("i")));
    let row = dump(&app).await.into_iter().find(|row| row.starts_with("invitations: ")).unwrap();
    assert!(row.ends_with(&ends.0.to_string()), "{row}");
}

#[tokio::test]
async fn an_invitation_that_is_sent_again_has_a_new_link_alone() {
    let app = TestApp::new().await;
    let first = invited(&app).await;
    owe_invitation(&app, "i").await;
    let second = app.deliver_mail().await.remove(0);
    assert_ne!(first.link(), second.link());
    assert_ne!(first.header("Message-ID"), second.header("Message-ID"));
    let codes = dump(&app).await.into_iter().filter(|row| row.starts_with("one_time_codes: "));
    assert_eq!(codes.count(), 1);
}

#[tokio::test]
async fn an_invitation_that_was_withdrawn_is_not_sent() {
    let app = TestApp::new().await;
    owe_invitation(&app, "gone").await;
    assert!(app.deliver_mail().await.is_empty());
    assert!(!dump(&app).await.iter().any(|row| row.starts_with("outbox: ")));
}

#[tokio::test]
async fn every_letter_has_each_header_once_and_one_recipient() {
    let app = TestApp::new().await;
    let letter = invited(&app).await;
    let mut names: Vec<_> = letter.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let expected = [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    ];
    assert_eq!(names, expected);
    assert_eq!(letter.header("From"), "Latchkey <latchkey@localhost>");
    assert_eq!(letter.header("Date"), "Sat, 21 Nov 2026 10:00:00 +0000");
    assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
    let id = letter.header("Message-ID");
    assert!(id.starts_with('<') && id.ends_with("@127.0.0.1>"), "{id}");
}

/// As another program could have written them: what is typed into Latchkey never holds a line break.
#[tokio::test]
async fn hostile_names_stay_on_their_line_and_make_no_header() {
    let app = TestApp::new().await;
    execute(&app, INVITE).await;
    let named = [
        "update workgroups set name = '<script>alert(1)</script>'",
        "update workgroups set name = 'A' || char(13, 10) || 'Bcc: all@x.example' || char(13, 10, 13, 10) || 'hi'",
        "update workgroups set name = 'Reply-To: eve@x.example'",
        "update workgroups set name = '{{ link }} =?utf-8?q?a?= ' || char(8238) || 'rtl'",
        "update workgroups set name = replace(hex(zeroblob(100)), '00', char(128273) || char(128273))",
    ];
    for (number, sql) in named.into_iter().enumerate() {
        execute(&app, sql).await;
        execute(&app, "update invitations set invited_by_name = (select name from workgroups)")
            .await;
        owe_invitation(&app, "i").await;
        let letter = app.deliver_mail().await.remove(0);
        assert_eq!(letter.headers.len(), 8, "{sql}: {:?}", letter.headers);
        assert_eq!(letter.to, "eve@new.example");
        assert!(letter.subject.ends_with(" on Latchkey"), "{}", letter.subject);
        assert!(!letter.text.contains(['\r', '\u{202e}']) && !letter.subject.contains('\u{202e}'));
        assert!(letter.link().starts_with("http://127.0.0.1:3000/invite/"));
        if number == 0 {
            assert!(letter.text.contains("<script>alert(1)</script>"), "read as it is");
        }
        if number == 4 {
            assert!(letter.subject.contains(&"🔑".repeat(200)), "{}", letter.subject);
        }
        // Long names are wrapped, but what stood behind a line break in them begins no line.
        assert!(!letter.text.lines().any(|line| line == "hi"));
    }
}
