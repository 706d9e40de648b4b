//! Where mail is handed over: an SMTP server by its URL, and an authority of one's own that vouches for it.

use anyhow::{Context, anyhow, bail, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use std::net::{IpAddr, Ipv6Addr};
use std::path::Path;

/// How what is sent is kept from others on its way. There is no "if it can be had".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte on (RFC 8314).
    Implicit,
    /// In clear until STARTTLS (RFC 3207), and not a word further without it.
    StartTls,
    /// In clear, to this machine itself.
    Loopback,
}

#[derive(Clone, Debug)]
pub struct Login {
    pub user: String,
    pub password: SecretString,
}

/// The server that takes our letters. Its Debug hides the password.
#[derive(Clone, Debug)]
pub struct SmtpUrl {
    /// A name or an address; an IPv6 address without its brackets.
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub login: Option<Login>,
}

/// The server, and who vouches for it besides the public authorities.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    pub url: SmtpUrl,
    /// PEM certificates.
    pub authority: Option<String>,
}

impl SmtpUrl {
    /// Takes `smtps://user:password@host:465`, `smtp://user:password@host:587?tls=required`, or `smtp://host:25` of this
    /// machine itself. User and password are percent-encoded. No refusal repeats any of it.
    pub fn parse(text: &str) -> anyhow::Result<SmtpUrl> {
        parse(text).map_err(|why| {
            anyhow!(
                "LATCHKEY_SMTP_URL must be smtps://user:password@host:465, smtp://user:password@host:587?tls=required, \
                 or smtp://host:25 for this machine itself: {why}"
            )
        })
    }
}

fn parse(text: &str) -> anyhow::Result<SmtpUrl> {
    let (scheme, rest) = text.split_once("://").context("it does not begin so")?;
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(it, query)| (it, Some(query)));
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (login, place) =
        rest.rsplit_once('@').map_or((None, rest), |(login, it)| (Some(login), it));
    ensure!(
        !rest.contains(['/', '#']) && query.is_none_or(|query| !query.contains(['@', '#'])),
        "a / ? or # in the user or the password is written %2F %3F %23"
    );
    let (host, port) = place_of(place)?;
    let (security, usual) = match (scheme, query) {
        ("smtps", None | Some("tls=required")) => (Security::Implicit, 465),
        ("smtp", Some("tls=required")) => (Security::StartTls, 587),
        ("smtp", None) => (Security::Loopback, 25),
        ("smtp" | "smtps", Some(_)) => bail!("behind the ? stands tls=required and nothing else"),
        _ => bail!("it does not begin so"),
    };
    ensure!(
        security != Security::Loopback || is_loopback(&host),
        "without ?tls=required mail travels in clear, which is for this machine itself alone"
    );
    let login = login.map(login_of).transpose()?;
    Ok(SmtpUrl { host, port: port.unwrap_or(usual), security, login })
}

fn login_of(text: &str) -> anyhow::Result<Login> {
    let (user, password) = text.split_once(':').context("the user has no password")?;
    let (user, password) = (decoded(user)?, decoded(password)?);
    ensure!(!user.is_empty() && !password.is_empty(), "the user or the password is empty");
    Ok(Login { user, password: password.into() })
}

fn decoded(text: &str) -> anyhow::Result<String> {
    let text = percent_decode_str(text).decode_utf8();
    let text = text.map_err(|_| anyhow!("the user or the password is no UTF-8"))?;
    ensure!(!text.contains(char::is_control), "the user or the password has a control character");
    Ok(text.into_owned())
}

fn place_of(text: &str) -> anyhow::Result<(String, Option<u16>)> {
    let (host, port) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((host, ""))) => (host, None),
        Some(Some((host, port))) => (host, Some(port.strip_prefix(':').unwrap_or(""))),
        Some(None) => bail!("the ] behind the host is missing"),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let fits = if text.starts_with('[') {
        host.parse::<Ipv6Addr>().is_ok()
    } else {
        !host.is_empty() && host.chars().all(plain)
    };
    ensure!(fits, "the host is missing or no host");
    let port = match port.map(str::parse) {
        None => None,
        Some(Ok(port @ 1..)) => Some(port),
        Some(_) => bail!("the port is no number from 1 to 65535"),
    };
    Ok((host.to_ascii_lowercase(), port))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The certificates in this file.
pub(super) fn read_authority(path: &Path) -> anyhow::Result<String> {
    let wrong = || format!("LATCHKEY_SMTP_CA_FILE ({}) cannot be read", path.display());
    let text = std::fs::read_to_string(path).with_context(wrong)?;
    let bodies = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    let certificate = |body: &str| {
        let body = body.split_once("-----END CERTIFICATE-----").map(|(body, _)| body)?;
        let body: String = body.split_ascii_whitespace().collect();
        BASE64_STANDARD.decode(body).ok().filter(|der| !der.is_empty())
    };
    let mut read = bodies.map(certificate).peekable();
    ensure!(
        read.peek().is_some() && read.all(|it| it.is_some()),
        "LATCHKEY_SMTP_CA_FILE ({}) holds no PEM certificate, or a broken one",
        path.display()
    );
    Ok(text)
}

/// Whether an answer of a server repeats what it was signed in to with, plainly or as it travels (base64).
#[must_use]
pub fn repeats(login: &Login, answer: &str) -> bool {
    let password = login.password.expose_secret();
    let (alone, both) = (password.to_owned(), format!("\0{}\0{password}", login.user));
    let encoded = [alone, both].map(|it| BASE64_STANDARD.encode(it));
    answer.contains(password) || encoded.iter().any(|it| answer.contains(it.trim_end_matches('=')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_and_how() {
        let cases = [
            ("smtps://u:p@mx.example", "mx.example", 465, Security::Implicit, "u:p"),
            ("smtps://u:p@MX.example:4465/", "mx.example", 4465, Security::Implicit, "u:p"),
            ("smtps://u:p@mx.example?tls=required", "mx.example", 465, Security::Implicit, "u:p"),
            ("smtps://mx.example", "mx.example", 465, Security::Implicit, ""),
            ("smtp://u:p@mx.example?tls=required", "mx.example", 587, Security::StartTls, "u:p"),
            ("smtp://mx:25?tls=required", "mx", 25, Security::StartTls, ""),
            (
                "smtp://a%40b.example:p%3A%2F%3F%23%C3%9F@mx.example:587?tls=required",
                "mx.example",
                587,
                Security::StartTls,
                "a@b.example:p:/?#ß",
            ),
            ("smtps://a@b.example:p@ss:w@mx", "mx", 465, Security::Implicit, "a@b.example:p@ss:w"),
            ("smtp://localhost", "localhost", 25, Security::Loopback, ""),
            ("smtp://127.0.0.2:1025", "127.0.0.2", 1025, Security::Loopback, ""),
            ("smtp://u:p@[::1]:1025", "::1", 1025, Security::Loopback, "u:p"),
            ("smtps://[2001:db8::1]", "2001:db8::1", 465, Security::Implicit, ""),
        ];
        for (text, host, port, security, login) in cases {
            let url = SmtpUrl::parse(text).unwrap();
            let found = url.login.as_ref();
            let found = found.map(|it| format!("{}:{}", it.user, it.password.expose_secret()));
            assert_eq!(
                (url.host.as_str(), url.port, url.security, found.unwrap_or_default().as_str()),
                (host, port, security, login),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_none_is_refused_by_the_name_of_the_setting_and_never_repeated() {
        for (text, says) in [
            ("", "begin"),
            ("mx.example:25", "begin"),
            ("https://u:s3cret@mx.example", "begin"),
            ("smtp://u:s3cret@mx.example:587", "?tls=required"),
            ("smtp://u:s3cret@10.0.0.1", "this machine itself alone"),
            ("smtp://u:s3cret@localhost.evil.example", "this machine itself alone"),
            ("smtp://u:s3cret@mx.example?tls=optional", "nothing else"),
            ("smtps://u:s3cret@mx.example?tls=none", "nothing else"),
            ("smtps://u:s3c/ret@mx.example", "%2F"),
            ("smtps://u:s3c?ret@mx.example", "%3F"),
            ("smtps://u:s3c#ret@mx.example", "%23"),
            ("smtps://u:s3cret@", "host"),
            ("smtps://u:s3cret@mx example", "host"),
            ("smtps://u:s3cret@mx.example/path", "%2F"),
            ("smtps://u:s3cret@mx.example:0", "port"),
            ("smtps://u:s3cret@mx.example:70000", "port"),
            ("smtps://u:s3cret@mx.example:s3cret", "port"),
            ("smtps://u:s3cret@[::1", "]"),
            ("smtps://u:s3cret@[mx]", "host"),
            ("smtps://s3cret@mx.example", "no password"),
            ("smtps://:s3cret@mx.example", "empty"),
            ("smtps://u:@mx.example", "empty"),
            ("smtps://u:s3cret%00@mx.example", "control"),
            ("smtps://u:s3cret%ff@mx.example", "UTF-8"),
        ] {
            let why = SmtpUrl::parse(text).map(|it| format!("{it:?}")).unwrap_err();
            let why = format!("{why:#}");
            assert!(why.starts_with("LATCHKEY_SMTP_URL must be ") && !why.contains('\n'), "{why}");
            assert!(why.contains(says) && !why.contains("s3c"), "{text}: {why}");
        }
    }

    #[test]
    fn the_debug_of_a_server_hides_its_password() {
        let url = SmtpUrl::parse("smtps://u:s3cret@mx.example").unwrap();
        assert!(!format!("{url:?}").contains("s3cret"));
    }

    #[test]
    fn an_answer_that_repeats_the_password_is_seen() {
        let login = Login { user: "u".into(), password: "s3cret".into() };
        for answer in ["no s3cret here", "bad: czNjcmV0", "AHUAczNjcmV0 is not known"] {
            assert!(repeats(&login, answer), "{answer}");
        }
        assert!(!repeats(&login, "5.7.8 Authentication failed: UGFzc3dvcmQ6"));
    }
}
