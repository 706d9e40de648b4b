//! People who sign in: their e-mail address and what their password must be like.

use super::time::Time;
use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One e-mail address (RFC 5321, without quoted local parts and address literals); the domain is kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    pub fn parse(text: &str) -> Result<Email, String> {
        const WRONG: &str = "Write one e-mail address, such as ops@example.com.";
        let text = text.trim();
        if text.is_empty() || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(WRONG.into());
        }
        let options = Options::default().without_display_text().without_domain_literal();
        let address = EmailAddress::parse_with_options(text, options).map_err(|_| WRONG)?;
        if !address.local_part().is_ascii() || address.local_part().starts_with('"') {
            return Err("The part before the @ must be plain ASCII without quotes.".into());
        }
        if !address.domain().is_ascii() && idna::domain_to_ascii(address.domain()).is_err() {
            return Err("Mail cannot be sent to this domain: it has no ASCII form (IDNA).".into());
        }
        if text.len() > 254 {
            return Err("At most 254 characters.".into());
        }
        Ok(Email(format!("{}@{}", address.local_part(), address.domain().to_lowercase())))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What sign-in compares: people do not remember the case of their address.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: String,
    pub name: String,
    pub email: String,
    /// Runs the installation; has no rights inside a workgroup without membership.
    pub administrator: bool,
    /// IANA name of the zone that their digest follows; UTC until they choose one.
    pub time_zone: String,
}

/// A signed-in browser, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionFacts {
    /// A name for it in forms, not the secret in the cookie.
    pub handle: String,
    pub created_at: Time,
    pub last_seen_at: Time,
    pub address: String,
    /// What the browser says of itself, shortened.
    pub agent: String,
    /// The one that asks.
    pub current: bool,
}

/// 15 to 200 characters, any Unicode, no rules of composition (NIST SP 800-63B-4, section 3.1.1.2).
pub fn password_length(password: &str) -> Result<(), String> {
    match password.chars().count() {
        15..=200 => Ok(()),
        count => Err(format!(
            "A password has 15 to 200 characters; this one has {count}. A few unrelated words do well."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_plain_address() {
        assert_eq!(Email::parse(" Ops@Example.COM ").unwrap().as_str(), "Ops@example.com");
        assert!(Email::parse("root@localhost").is_ok());
        for refused in [
            "",
            "a",
            "a@",
            "@b.c",
            "a@b@c.d",
            "a b@c.d",
            "a@c.d, e@f.g",
            "Ada <ada@example.com>",
            "\"a b\"@c.d",
            "a@[127.0.0.1]",
            "a@c.d\r\nBcc: e@f.g",
            "ä@example.com",
            "a@0\u{5d0}.example",
            "a@c.d\u{0}",
        ] {
            assert!(Email::parse(refused).is_err(), "{refused:?}");
        }
        assert!(Email::parse(&format!("a@{}.com", "b".repeat(260))).is_err());
    }

    #[test]
    fn a_password_is_counted_in_characters() {
        assert!(password_length(&"ß".repeat(15)).is_ok());
        assert!(password_length(&"x".repeat(200)).is_ok());
        assert!(password_length(&"x".repeat(14)).unwrap_err().contains("this one has 14"));
        assert!(password_length(&"x".repeat(201)).is_err());
    }
}
