//! A letter to one recipient, and the message (RFC 5322) that it travels as.

use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::config::Sender;
use anyhow::Context;
use lettre::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message as Composed, MultiPart, SinglePart};
use std::fmt;
use std::time::{Duration, SystemTime};

/// The last second that a Date header can say: the end of the year 9999.
const LAST: i64 = Time::END.0;

/// What one recipient reads. Its Debug hides the text: a link in it may hold a one-time code.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: Email,
    pub subject: String,
    /// Complete on its own; lines are parted by `\n`.
    pub text: String,
    /// The same for eyes; `None`: text alone.
    pub html: Option<String>,
    /// The address at which one click ends such letters (RFC 8058); digests have one.
    pub unsubscribe: Option<String>,
}

impl Letter {
    /// A letter of text alone.
    #[must_use]
    pub fn plain(to: Email, subject: impl Into<String>, text: impl Into<String>) -> Letter {
        Letter { to, subject: subject.into(), text: text.into(), html: None, unsubscribe: None }
    }
}

/// What stands on a letter from outside of it; the same again when it is sent again.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// The letter's id in the outbox.
    pub id: &'a str,
    /// The host of the installation's public URL.
    pub domain: &'a str,
    pub from: &'a Sender,
    pub at: Time,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter(to {}, text hidden)", self.to)
    }
}

impl Letter {
    /// The message with its headers, each of them once.
    ///
    /// # Errors
    /// When an address cannot be written in ASCII.
    pub fn message(&self, stamp: &Stamp<'_>) -> anyhow::Result<Message> {
        let name = stamp.from.name.as_ref().map(|name| one_line(name.as_str()));
        let (from, to) = (address(&stamp.from.address)?, address(&self.to)?);
        let mut builder = Composed::builder()
            .from(Mailbox::new(name, from.clone()))
            .to(Mailbox::new(None, to.clone()))
            .date(date(stamp.at))
            .message_id(Some(format!("<{}@{}>", stamp.id, stamp.domain)))
            .subject(one_line(&self.subject))
            .raw_header(raw("Auto-Submitted", "auto-generated"));
        if let Some(link) = &self.unsubscribe {
            builder = builder
                .raw_header(raw("List-Unsubscribe", &format!("<{link}>")))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.text.clone());
        let composed = match &self.html {
            None => builder.singlepart(text),
            Some(html) => {
                let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(html.clone());
                // The same when it is sent again; in no text, for nobody knows the id before it is sent.
                let parts = MultiPart::alternative().boundary(format!("=_{}", stamp.id));
                builder.multipart(parts.singlepart(text).singlepart(html))
            }
        };
        let composed = composed.context("the letter cannot be written as a message")?;
        Ok(Message { from, to, bytes: composed.formatted() })
    }
}

/// What travels: the envelope, and the letter with its headers, in ASCII.
#[derive(Clone)]
pub struct Message {
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) bytes: Vec<u8>,
}

/// A header of ours, which is ASCII and has nothing to fold.
fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The address as a server without SMTPUTF8 takes it: an internationalised domain in its ASCII form (RFC 5891).
fn address(email: &Email) -> anyhow::Result<Address> {
    let (local, domain) = email.as_str().rsplit_once('@').context("an address without an @")?;
    // What is ASCII is for its server to judge, though it may look like an ASCII form of nothing (xn--zzzz).
    let domain = match domain.is_ascii() {
        true => domain.to_owned(),
        false => idna::domain_to_ascii(domain)
            .map_err(|_| anyhow::anyhow!("the domain {domain} has no ASCII form"))?,
    };
    Address::new(local, domain).with_context(|| format!("nothing can be sent to {email}"))
}

fn date(at: Time) -> SystemTime {
    let seconds = u64::try_from(at.0.clamp(0, LAST)).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Text of a person on one line of a letter: no control character, no line separator, and nothing that would turn the
/// direction of what stands behind it.
#[must_use]
pub(super) fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown = text.chars().filter(|c| !turns(*c));
    let shown =
        shown.map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    shown.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 8] = [
        "Eve\r\nBcc: all@example.com",
        "Eve\nSubject: other\n\nbody",
        "<script>alert(1)</script>",
        "=?utf-8?q?=0D=0ABcc:_all@example.com?=",
        "right \u{202e}ot tfel",
        "a\u{0}b\u{2028}c",
        "\"quoted\" \\ (comment) <a@b.example>, ",
        "From: eve@example.com",
    ];

    fn message(from: &str, subject: &str) -> String {
        let to = Email::parse("ada@example.com").unwrap();
        let letter = Letter::plain(to, subject, "Grüße\nFrom here on it is text.\n.\n");
        let sender =
            Sender { name: crate::domain::text::Name::parse(from).ok(), ..Sender::default() };
        let at = Time::parse("2026-11-21T10:00:00Z").unwrap();
        let stamp = Stamp { id: "0199", domain: "tokens.example", from: &sender, at };
        String::from_utf8(letter.message(&stamp).unwrap().bytes).expect("a message is ASCII here")
    }

    /// The names of the headers; folded lines belong to the one before.
    fn headers(message: &str) -> Vec<&str> {
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        assert!(!head.replace("\r\n", "").contains(['\r', '\n']), "{head:?}");
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split_once(": ").unwrap_or_else(|| panic!("{line:?}")).0).collect()
    }

    #[test]
    fn a_message_has_each_header_once_whatever_people_are_called() {
        let mut expected = [
            "From",
            "To",
            "Date",
            "Message-ID",
            "Subject",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
        ];
        expected.sort_unstable();
        let emoji = "🔑".repeat(200);
        let long = "x".repeat(10_000);
        for text in HOSTILE.into_iter().chain([emoji.as_str(), long.as_str(), "", "plain"]) {
            let message = message(text, text);
            assert!(message.is_ascii(), "{message}");
            let mut names = headers(&message);
            names.sort_unstable();
            assert_eq!(names, expected, "{text:?}");
            assert!(!message.contains("\r\nBcc") && !message.contains("\r\nSubject: other"));
        }
    }

    #[test]
    fn the_headers_say_what_the_stamp_says() {
        let message = message("Latchkey", "Two keys");
        for line in [
            "From: Latchkey <latchkey@localhost>\r\n",
            "To: ada@example.com\r\n",
            "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n",
            "Message-ID: <0199@tokens.example>\r\n",
            "Subject: Two keys\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
        ] {
            assert!(message.contains(line), "{line:?} in {message}");
        }
    }

    #[test]
    fn what_has_html_travels_in_two_parts_and_one_click_ends_it_where_it_can_be_ended() {
        let to = Email::parse("ada@example.com").unwrap();
        let link = "https://tokens.example/unsubscribe/abc";
        let letter = Letter {
            html: Some(format!("<p>Grüße</p>{}", "<br>".repeat(999))),
            unsubscribe: Some(link.into()),
            ..Letter::plain(to, "s", "Gruß\n")
        };
        let (sender, at) = (Sender::default(), Time(1_795_255_200));
        let stamp = Stamp { id: "0199", domain: "tokens.example", from: &sender, at };
        let bytes = letter.message(&stamp).unwrap().bytes;
        assert_eq!(bytes, letter.message(&stamp).unwrap().bytes, "sent again, it is the same");
        let message = String::from_utf8(bytes).unwrap();
        assert!(message.is_ascii() && message.lines().all(|line| line.len() < 998), "{message}");
        for line in [
            "Content-Type: multipart/alternative; boundary=\"=_0199\"\r\n",
            "List-Unsubscribe: <https://tokens.example/unsubscribe/abc>\r\n",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
        ] {
            assert_eq!(message.matches(line).count(), 1, "{line:?} in {message}");
        }
        assert_eq!(message.matches("\r\n--=_0199").count(), 3, "{message}");
        let mut names = headers(&message);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), headers(&message).len(), "{names:?}");
    }

    #[test]
    fn an_internationalised_domain_travels_in_its_ascii_form() {
        let email = Email::parse("ada@bücher.example").unwrap();
        assert_eq!(address(&email).unwrap().to_string(), "ada@xn--bcher-kva.example");
    }

    #[test]
    fn the_debug_of_a_letter_hides_its_text() {
        let to = Email::parse("ada@example.com").unwrap();
        let letter = Letter::plain(to, "s", "https://x.example/reset/abc");
        assert!(!format!("{letter:?}").contains("abc"));
    }
}
