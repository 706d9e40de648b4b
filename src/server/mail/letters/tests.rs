//! Each letter as it is read, and that its HTML holds what its text holds.

use super::*;
use crate::domain::time::{DAY, HOUR};
use crate::domain::user::Email;
use crate::server::mail::Letter;

const URL: &str = "https://tokens.example";

fn now() -> Time {
    Time::parse("2026-11-19T10:00:00Z").unwrap()
}

fn to() -> Email {
    Email::parse("integration@nordkern.example").unwrap()
}

fn sheet(zone: &str) -> Sheet<'_> {
    Sheet { workgroup: "Harrow Valley", zone, url: URL, now: now() }
}

fn contacts() -> Vec<Contact> {
    [("Tomas Lindqvist", "tomas@harrow.example"), ("Mirja Aaltonen", "mirja@harrow.example")]
        .map(|(name, email)| Contact { name: name.into(), email: email.into() })
        .into()
}

fn ending(hint: &str, in_days: i64, renewable: bool) -> Ending {
    Ending {
        owner: "Plant integrator".into(),
        name: None,
        number: 1,
        hint: hint.into(),
        ends_at: now() + in_days * DAY,
        may: "Read and control the 12 devices of North plant".into(),
        last_used: Some((now() - 240, "203.0.113.24".into())),
        renewable,
        lifetime: "3 months".into(),
        newer: None,
        next_stage: Some(7),
    }
}

fn expiry(endings: &[Ending]) -> Letter {
    let contacts = contacts();
    let to = to();
    let letter = Expiry { to: &to, sheet: sheet("Europe/Stockholm"), endings, contacts: &contacts };
    sound(letter.letter().unwrap())
}

/// What holds for every letter.
fn sound(letter: Letter) -> Letter {
    let html = letter.html.clone().unwrap();
    assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
    for part in [&letter.text, &html] {
        let links =
            part.split("http").skip(1).filter(|it| it.starts_with("://") || it.starts_with("s://"));
        for link in links.filter(|it| !it.starts_with("://www.w3.org/")) {
            assert!(link.starts_with("s://tokens.example"), "{link:.60}");
        }
        let read = part.replace('\n', " ");
        assert!(read.contains("never holds a token string and never asks for one"), "{part}");
    }
    let long = letter.text.lines().find(|it| it.chars().count() > 74 && !it.contains("http"));
    assert_eq!(long, None);
    assert!(!letter.text.contains("\n\n\n"), "{:?}", letter.text);
    assert!(letter.text.ends_with(".\n") && !letter.text.ends_with("\n\n"));
    for made in ["<img", "<script", "<link", "@import", "url("] {
        assert!(!html.contains(made), "nothing is fetched, nothing runs: {made}");
    }
    letter
}

#[test]
fn two_that_expire_one_to_renew_one_to_ask_for() {
    let mut other = ending("lka_…Rr5d", 10, false);
    other.name = Some("staging".into());
    other.last_used = None;
    let letter = expiry(&[other, ending("lka_…9fK2", 14, true)]);
    assert_eq!(letter.subject, "2 API tokens expire by 3 December");
    insta::assert_snapshot!(letter.text);
    let html = letter.html.unwrap();
    for fact in [
        "lka_…9fK2",
        "in 14 days",
        "3 Dec 2026, 11:00 CET",
        "mailto:tomas@harrow.example",
        "curl -X POST",
    ] {
        assert!(html.contains(fact), "{fact}");
    }
}

#[test]
fn a_subject_says_what_has_ended_and_what_will() {
    let string = || Ending {
        newer: Some(Newer {
            number: 2,
            hint: "lka_…2222".into(),
            ends_at: None,
            last_used_at: None,
        }),
        ..ending("lka_…1111", 1, true)
    };
    let cases = [
        (vec![ending("a", 14, true)], "1 API token expires on 3 December"),
        (vec![ending("a", 0, false)], "1 API token has expired"),
        (vec![ending("a", -1, false), ending("b", 0, false)], "2 API tokens have expired"),
        (
            vec![ending("a", 0, false), ending("b", 1, true)],
            "1 API token has expired, 1 expires on 20 November",
        ),
        (vec![ending("a", 60, true)], "1 API token expires on 18 January 2027"),
        (vec![string()], "1 token string still in use ends on 20 November"),
        (
            vec![ending("a", 1, true), string(), string()],
            "1 API token expires on 20 November, 2 token strings still in use end by 20 November",
        ),
    ];
    for (endings, subject) in cases {
        assert_eq!(expiry(&endings).subject, subject);
    }
}

#[test]
fn a_string_in_use_beside_a_newer_one() {
    let ending = Ending {
        newer: Some(Newer {
            number: 2,
            hint: "lka_…2222".into(),
            ends_at: Some(now() + 80 * DAY),
            last_used_at: None,
        }),
        next_stage: None,
        ..ending("lka_…9fK2", 7, true)
    };
    insta::assert_snapshot!(expiry(&[ending]).text);
}

#[test]
fn what_has_expired_says_whom_to_ask_and_no_command() {
    let gone = Ending { next_stage: None, ..ending("lka_…9fK2", -1, false) };
    let letter = expiry(&[gone]);
    insta::assert_snapshot!(letter.text);
    assert!(!letter.html.unwrap().contains("curl"));
}

#[test]
fn a_hundred_endings_are_told_in_part() {
    let many: Vec<_> = (0..100).map(|at| ending(&format!("lka_…{at:04}"), 3, true)).collect();
    let text = expiry(&many).text;
    assert!(text.contains("And 80 more") && !text.contains("lka_…0020"), "{text}");
}

fn facts() -> TokenFacts {
    TokenFacts {
        owner: "Plant integrator".into(),
        name: Some("staging".into()),
        hint: "lka_…9fK2".into(),
        may: "Read the whole workgroup".into(),
        expires_at: Some(now() + 30 * DAY),
        renewable: true,
    }
}

#[test]
fn issued_revoked_and_renewed_from_somewhere_new() {
    let (to, token, contacts) = (to(), facts(), contacts());
    let (sheet, by) = (sheet("UTC"), "Ines Okafor");
    let issued = Issued { to: &to, sheet, token: &token, by, contacts: &contacts };
    let used = Some((now() - HOUR, "203.0.113.24".to_owned()));
    let revoked =
        Revoked { to: &to, sheet, token: &token, at: now(), by, last_used: used, contacts: &[] };
    let renewed = Renewed {
        to: &to,
        sheet,
        token: &token,
        number: 3,
        from: "198.51.100.7",
        at: now(),
        contacts: &contacts,
    };
    let letters = [issued.letter(), revoked.letter(), renewed.letter()];
    let texts = letters.map(|it| {
        let letter = sound(it.unwrap());
        format!("Subject: {}\n\n{}", letter.subject, letter.text)
    });
    insta::assert_snapshot!(texts.join("\n=====\n"));
}

#[test]
fn a_digest_over_two_workgroups() {
    let line = |title: &str, detail: &str, days: i64, new| DigestLine {
        title: title.into(),
        path: "/harrow/settings/tokens/1".into(),
        detail: detail.into(),
        at: now() + days * DAY,
        word: None,
        new,
    };
    let given_up = DigestLine {
        word: Some("Given up"),
        ..line("ops@b.example", "550 5.1.1 User unknown", -1, true)
    };
    let harrow = DigestWorkgroup {
        name: "Harrow Valley".into(),
        slug: "harrow".into(),
        knocking: vec![line("Brightwell", "lka_…c7Qe · 1,198 calls refused", -3, true)],
        undelivered: vec![given_up],
        expiring: vec![line("Weather feed", "lka_…1BxV · can renew", 2, false)],
        more: 4,
        ..DigestWorkgroup::default()
    };
    let eastgate = DigestWorkgroup {
        name: "Eastgate Pumping".into(),
        slug: "eastgate".into(),
        expired: vec![line("Telemetry mirror", "lka_…0sPn · quiet since 2 Oct", -1, true)],
        ..DigestWorkgroup::default()
    };
    let digest = |off| {
        Digest {
            to: &to(),
            workgroups: &[harrow.clone(), eastgate.clone()],
            owned: 2,
            zone: "UTC",
            url: URL,
            unsubscribe: "https://tokens.example/unsubscribe/abc",
            off,
            now: now(),
        }
        .letter()
    };
    let letter = sound(digest(false).unwrap());
    assert_eq!(letter.unsubscribe.as_deref(), Some("https://tokens.example/unsubscribe/abc"));
    insta::assert_snapshot!(format!("Subject: {}\n\n{}", letter.subject, letter.text));
    assert!(!sound(digest(true).unwrap()).text.contains("Stop the digest"));
}

#[test]
fn a_test_mail_an_invitation_and_a_reset() {
    let to = to();
    let test = Test { to: &to, sheet: sheet("UTC"), by: "Ines Okafor" }.letter();
    let permissions = ["Read".to_owned(), "Manage devices".to_owned()];
    let invitation = Invitation {
        to: &to,
        by: "Ada Marsh",
        workgroup: "Harrow Valley",
        owner: false,
        permissions: &permissions,
        group: Some("North plant"),
        host: "tokens.example",
    };
    let reset = Reset { to: &to, name: "Ada Marsh", host: "tokens.example" };
    let letters = [
        test,
        invitation.letter("https://tokens.example/invite/abc", now()),
        reset.letter("https://tokens.example/reset/abc", now()),
    ];
    let texts = letters.map(|it| {
        let letter = sound(it.unwrap());
        format!("Subject: {}\n\n{}", letter.subject, letter.text)
    });
    insta::assert_snapshot!(texts.join("\n=====\n"));
    let owner = Invitation { owner: true, ..invitation.clone() }
        .letter("https://tokens.example/invite/abc", now());
    assert!(owner.unwrap().text.contains("one of its owners"));
    let bare = Invitation { permissions: &[], ..invitation }
        .letter("https://tokens.example/invite/abc", now());
    assert!(bare.unwrap().text.contains("an owner chooses what you may do"));
}

#[test]
fn hostile_words_are_read_as_they_are_in_both_parts() {
    let elements = |text: &str| {
        let mut hostile = ending("lka_…9fK2", 14, true);
        (hostile.owner, hostile.name) = (text.into(), Some(text.into()));
        hostile.may = text.into();
        let letter = expiry(&[hostile]);
        (letter.html.as_ref().unwrap().matches('<').count(), letter)
    };
    let usual = elements("Plant integrator").0;
    for text in [
        "<script>alert(1)</script>",
        "</mj-text><mj-raw><b onerror=alert(1)></mj-raw>",
        "<!-- x --> <![CDATA[ x ]]> <!--[if mso]>",
        "{{ 7*7 }} {% if %} {# x #}",
        "&lt;b&gt; &amp; \"quoted\" 'single'",
        "]]></style></title>",
    ] {
        let (shown, letter) = elements(text);
        assert!(letter.text.replace('\n', " ").contains(text), "{}", letter.text);
        assert_eq!(shown, usual, "{text} became markup");
    }
    for text in ["a\r\n\r\nBcc: x@evil.example", "a\u{2028}b", "a\u{202e}b\u{2066}", "a\u{0}b"] {
        let (_, letter) = elements(text);
        for part in [letter.text, letter.html.unwrap(), letter.subject] {
            assert!(!part.contains(text) && !part.contains("\nBcc"), "{part}");
        }
    }
}
