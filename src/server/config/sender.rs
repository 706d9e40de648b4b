//! Who letters come from: one address, with a name before it or without.

use crate::domain::text::Name;
use crate::domain::user::Email;
use anyhow::{anyhow, bail};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub name: Option<Name>,
    pub address: Email,
}

const DEFAULT: &str = "Latchkey <latchkey@localhost>";

impl Default for Sender {
    fn default() -> Sender {
        Sender::parse(DEFAULT).expect("the default is written as it should be")
    }
}

impl Sender {
    /// Takes `Name <address>`, `"Name" <address>` or an address alone. What would need a header's own quoting is refused.
    pub fn parse(text: &str) -> anyhow::Result<Sender> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>').map(|rest| rest.rsplit_once('<')) {
            Some(Some((name, address))) => (unquoted(name.trim()), address),
            Some(None) => bail!(wrong("the < before the address is missing")),
            None => ("", text),
        };
        let address = Email::parse(address).map_err(|why| wrong(&why))?;
        let domain = address.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
        if idna::domain_to_ascii(domain).is_err() {
            bail!(wrong("the domain has no ASCII form"));
        }
        if name.is_empty() {
            return Ok(Sender { name: None, address });
        }
        if name.contains(['"', '<', '>', '\\']) {
            bail!(wrong("the name has a quote, a bracket or a backslash in it"));
        }
        let name = Name::parse(name).map_err(|why| wrong(&why))?;
        Ok(Sender { name: Some(name), address })
    }
}

fn unquoted(name: &str) -> &str {
    let inside = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.unwrap_or(name)
}

fn wrong(why: &str) -> anyhow::Error {
    anyhow!("LATCHKEY_MAIL_FROM must be a name and an address, such as {DEFAULT}: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_one_address_with_a_name_or_without() {
        let cases = [
            (DEFAULT, Some("Latchkey"), "latchkey@localhost"),
            (" keys@Example.com ", None, "keys@example.com"),
            ("<keys@example.com>", None, "keys@example.com"),
            ("\"Keys, and more\" <keys@example.com>", Some("Keys, and more"), "keys@example.com"),
            ("Schlüssel <keys@example.com>", Some("Schlüssel"), "keys@example.com"),
        ];
        for (text, name, address) in cases {
            let sender = Sender::parse(text).unwrap();
            assert_eq!(
                (sender.name.as_ref().map(Name::as_str), sender.address.as_str()),
                (name, address),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_none_is_refused_by_the_name_of_the_setting() {
        let long = format!("{} <a@b.example>", "x".repeat(81));
        for text in [
            "",
            "Latchkey",
            "Latchkey latchkey@localhost>",
            "Latchkey <latchkey>",
            "a@b.example, c@d.example",
            "A <a@b.example>, C <c@d.example>",
            "A\r\nBcc: c@d.example <a@b.example>",
            "A \"B <a@b.example>",
            "A\\ <a@b.example>",
            long.as_str(),
        ] {
            let why = Sender::parse(text).map(|it| format!("{it:?}")).unwrap_err().to_string();
            assert!(why.starts_with("LATCHKEY_MAIL_FROM must be "), "{text:?}: {why}");
        }
    }
}
