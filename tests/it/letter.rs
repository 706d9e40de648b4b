//! Letters as their recipient's program reads them from the mail folder: headers unfolded, words and text decoded.

use base64::prelude::{BASE64_STANDARD, Engine};
use std::path::Path;

#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// `None`: it is text alone.
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
        let message = String::from_utf8(std::fs::read(file).unwrap()).unwrap();
        let (headers, body) = opened(&message);
        let (to, subject) = (one(&headers, "To"), one(&headers, "Subject"));
        let (text, html) = match one(&headers, "Content-Type").split_once("boundary=\"") {
            None => (decoded(&headers, body), None),
            Some((kind, rest)) => {
                assert!(kind.starts_with("multipart/alternative"), "{kind}");
                let parts = parts(body, rest.split('"').next().unwrap());
                let [(text, words), (html, looks)] = &parts[..] else { panic!("{parts:?}") };
                assert!(text.starts_with("text/plain") && html.starts_with("text/html"));
                (words.clone(), Some(looks.clone()))
            }
        };
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

/// Headers, and what stands below them.
fn opened(message: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let headers = unfolded
        .split("\r\n")
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("no header: {line:?}")))
        .map(|(name, value)| (name.to_owned(), words(value)))
        .collect();
    (headers, body)
}

/// A header that is there once.
fn one(headers: &[(String, String)], name: &str) -> String {
    let mut named = headers.iter().filter(|(known, _)| known == name);
    let (_, value) = named.next().unwrap_or_else(|| panic!("no {name} in {headers:?}"));
    assert!(named.next().is_none(), "two of {name} in {headers:?}");
    value.clone()
}

/// Each part of a letter of several: what it is, and what it says.
fn parts(body: &str, boundary: &str) -> Vec<(String, String)> {
    let (body, _) = body.split_once(&format!("--{boundary}--")).unwrap();
    let edge = format!("--{boundary}\r\n");
    let parts = body.split(&edge).skip(1).map(opened);
    parts.map(|(headers, body)| (one(&headers, "Content-Type"), decoded(&headers, body))).collect()
}

fn decoded(headers: &[(String, String)], body: &str) -> String {
    let bytes = match one(headers, "Content-Transfer-Encoding").as_str() {
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
