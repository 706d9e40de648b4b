//! What each letter says. Text of people is put on one line each; links are given, and made from the public URL alone.

use super::letter::{Letter, one_line};
use crate::domain::time::Time;
use crate::domain::user::Email;
use askama::Template;

/// An invitation to a workgroup.
#[derive(Clone, Debug)]
pub struct Invitation<'a> {
    pub to: &'a Email,
    /// Who invites.
    pub by: &'a str,
    pub workgroup: &'a str,
    pub owner: bool,
    /// Labels of the permissions; none for an owner.
    pub permissions: &'a [String],
    pub group: Option<&'a str>,
    /// The installation's host, with its port.
    pub host: &'a str,
}

/// A link to set a new password with.
#[derive(Clone, Debug)]
pub struct Reset<'a> {
    pub to: &'a Email,
    pub name: &'a str,
    /// The installation's host, with its port.
    pub host: &'a str,
}

#[derive(Template)]
#[template(path = "invitation/text.txt")]
struct InvitationText<'a> {
    to: &'a str,
    by: String,
    workgroup: String,
    owner: bool,
    may: String,
    group: Option<String>,
    host: &'a str,
    link: &'a str,
    until: String,
}

#[derive(Template)]
#[template(path = "reset/text.txt")]
struct ResetText<'a> {
    to: &'a str,
    name: String,
    host: &'a str,
    link: &'a str,
    until: String,
}

impl Invitation<'_> {
    /// `link` holds the one-time code and works until `until`.
    pub fn letter(&self, link: &str, until: Time) -> anyhow::Result<Letter> {
        let permissions = self.permissions.iter().map(|label| one_line(label));
        let text = InvitationText {
            to: self.to.as_str(),
            by: one_line(self.by),
            workgroup: one_line(self.workgroup),
            owner: self.owner,
            may: permissions.collect::<Vec<_>>().join(", "),
            group: self.group.map(one_line),
            host: self.host,
            link,
            until: until.exact(),
        };
        let subject = format!("{} invites you to {} on Latchkey", text.by, text.workgroup);
        Ok(Letter::plain(self.to.clone(), subject, text.render()?))
    }
}

impl Reset<'_> {
    /// `link` holds the one-time code and works until `until`.
    pub fn letter(&self, link: &str, until: Time) -> anyhow::Result<Letter> {
        let text = ResetText {
            to: self.to.as_str(),
            name: one_line(self.name),
            host: self.host,
            link,
            until: until.exact(),
        };
        let subject = format!("Your link to set a new password at {}", self.host);
        Ok(Letter::plain(self.to.clone(), subject, text.render()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://tokens.example/invite/abc";

    fn until() -> Time {
        Time::parse("2026-11-28T10:00:00Z").unwrap()
    }

    fn invitation(change: impl FnOnce(&mut Invitation<'_>)) -> Letter {
        let to = Email::parse("eve@example.com").unwrap();
        let permissions = ["Read".to_owned(), "Manage devices".to_owned()];
        let mut invitation = Invitation {
            to: &to,
            by: "Ada Marsh",
            workgroup: "Harrow Valley",
            owner: false,
            permissions: &permissions,
            group: Some("North plant"),
            host: "tokens.example",
        };
        change(&mut invitation);
        invitation.letter(LINK, until()).unwrap()
    }

    #[test]
    fn an_invitation_says_who_what_and_until_when() {
        let letter = invitation(|_| {});
        assert_eq!(letter.subject, "Ada Marsh invites you to Harrow Valley on Latchkey");
        let expected = "Latchkey, for Harrow Valley\n\n\
            Ada Marsh invites you to Harrow Valley\n\n\
            You will be able to: Read, Manage devices, for the devices of North plant.\n\n\
            Accept it here until 28 Nov 2026, 10:00 UTC:\n\n\
            https://tokens.example/invite/abc\n\n";
        assert!(letter.text.starts_with(expected), "{}", letter.text);
        let owner = invitation(|it| it.owner = true).text;
        assert!(owner.contains("one of its owners") && !owner.contains("able to"), "{owner}");
        let free = invitation(|it| it.group = None).text;
        assert!(free.contains("You will be able to: Read, Manage devices.\n"), "{free}");
        let bare = invitation(|it| it.permissions = &[]).text;
        assert!(bare.contains("an owner chooses what you may do"), "{bare}");
    }

    #[test]
    fn a_reset_says_until_when_and_what_it_ends() {
        let to = Email::parse("ada@example.com").unwrap();
        let reset = Reset { to: &to, name: "Ada Marsh", host: "tokens.example" };
        let letter = reset.letter("https://tokens.example/reset/abc", until()).unwrap();
        assert_eq!(letter.subject, "Your link to set a new password at tokens.example");
        let expected = "Latchkey, at tokens.example\n\n\
            Set a new password\n\n\
            Somebody, most likely you, asked for this on the sign-in page. Set it\n\
            here until 28 Nov 2026, 10:00 UTC:\n\n\
            https://tokens.example/reset/abc\n\n";
        assert!(letter.text.starts_with(expected), "{}", letter.text);
        assert!(
            letter.text.contains("Sent to ada@example.com because an account of Ada Marsh has")
        );
    }

    /// A name cannot begin a line of its own, so no line of the letter is anybody else's, and it is no markup.
    #[test]
    fn a_hostile_name_stays_on_its_line_and_is_read_as_it_is() {
        let usual = invitation(|_| {}).text.lines().count();
        for text in ["<script>alert(1)</script>", "{{ link }} {% if %}", "&amp; \"x\"", "🔑 日本語"]
        {
            let letter = invitation(|it| (it.by, it.workgroup) = (text, text));
            assert!(letter.text.contains(text), "{}", letter.text);
            assert_eq!(letter.text.lines().count(), usual);
        }
        for text in ["a\r\n\r\nhttps://evil.example", "a\u{2028}b", "a\u{85}b", "a\u{202e}b"] {
            let letter = invitation(|it| (it.by, it.workgroup) = (text, text));
            assert!(!letter.text.contains(text) && !letter.subject.contains(text));
            assert_eq!(letter.text.lines().count(), usual, "{}", letter.text);
            assert_eq!(letter.text.lines().filter(|line| *line == LINK).count(), 1);
        }
    }
}
