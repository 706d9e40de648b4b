//! Letters as their recipient's program reads them from the mail folder: headers unfolded, words and text decoded.

use base64::prelude::{BASE64_STANDARD, Engine};
use std::path::Path;

#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    /// Every header in its order, decoded.
    pub headers: Vec<(String, String)>,
}

/// The letters in the folder, in the order in which they were owed: their names begin with the time.
pub fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

impl Letter {
    pub fn read(file: &Path) -> Letter {
        Letter::parse(&String::from_utf8(std::fs::read(file).unwrap()).unwrap())
    }

    /// A message as it travels (RFC 5322): text alone, or text and HTML as alternatives.
    pub fn parse(message: &str) -> Letter {
        let (headers, body) = parted(message);
        let kind = only(&headers, "Content-Type");
        let (text, html) = match kind.strip_prefix("multipart/alternative; boundary=") {
            None => (part(&headers, body, "text/plain"), None),
            Some(boundary) => {
                let boundary = format!("--{}", boundary.trim_matches('"'));
                let mut parts = body.split(&boundary).skip(1);
                let mut next = |kind: &str| {
                    let (headers, body) = parted(parts.next().unwrap().trim_start());
                    // The line break before a boundary belongs to the boundary (RFC 2046, section 5.1.1).
                    part(&headers, body.strip_suffix("\r\n").unwrap(), kind)
                };
                let (text, html) = (next("text/plain"), next("text/html"));
                assert_eq!(parts.next().map(str::trim), Some("--"), "a third part in {message}");
                (text, Some(html))
            }
        };
        let (to, subject) = (only(&headers, "To"), only(&headers, "Subject"));
        Letter { to, subject, text, html, headers }
    }

    pub fn header(&self, name: &str) -> &str {
        let mut named = self.headers.iter().filter(|(known, _)| known == name);
        named.next().map_or("", |(_, value)| value)
    }

    /// The one link, which stands on a line of its own.
    pub fn link(&self) -> &str {
        let mut links = self.text.lines().filter(|line| line.starts_with("http"));
        let link = links.next().unwrap_or_else(|| panic!("no link in {}", self.text));
        assert!(links.next().is_none(), "two links in {}", self.text);
        link
    }

    /// Where the link leads, without scheme and host.
    pub fn path(&self) -> String {
        let (_, rest) = self.link().split_once("://").unwrap();
        format!("/{}", rest.split_once('/').unwrap().1)
    }
}

/// The headers, unfolded and decoded, and what stands behind them.
fn parted(message: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let headers = unfolded
        .split("\r\n")
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("no header: {line:?}")))
        .map(|(name, value)| (name.to_owned(), words(value)));
    (headers.collect(), body)
}

/// The header of which there is one.
fn only(headers: &[(String, String)], name: &str) -> String {
    let mut named = headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let (_, value) = named.next().unwrap_or_else(|| panic!("no {name} in {headers:?}"));
    assert!(named.next().is_none(), "two of {name} in {headers:?}");
    value.clone()
}

/// A part of this kind, decoded; its lines are parted by `\n`.
fn part(headers: &[(String, String)], body: &str, kind: &str) -> String {
    assert_eq!(only(headers, "Content-Type"), format!("{kind}; charset=utf-8"));
    let bytes = match only(headers, "Content-Transfer-Encoding").as_str() {
        "7bit" => body.as_bytes().to_vec(),
        "quoted-printable" => quoted_printable(&body.replace("=\r\n", "")),
        "base64" => BASE64_STANDARD.decode(body.replace("\r\n", "")).unwrap(),
        other => panic!("{other} is unknown"),
    };
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

/// Encoded words (RFC 2047) read; white space between two of them is none.
fn words(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once("=?utf-8?b?") {
        let (encoded, after) = word.split_once("?=").unwrap();
        if text.is_empty() || !before.trim().is_empty() {
            text.push_str(before);
        }
        text.push_str(&String::from_utf8(BASE64_STANDARD.decode(encoded).unwrap()).unwrap());
        rest = after;
    }
    text + rest
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'=' => {
                let hex = std::str::from_utf8(&after[..2]).unwrap();
                bytes.push(u8::from_str_radix(hex, 16).unwrap());
                &after[2..]
            }
            plain => {
                bytes.push(*plain);
                after
            }
        };
    }
    bytes
}
