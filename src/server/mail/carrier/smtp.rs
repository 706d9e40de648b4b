//! A mail server (RFC 5321), spoken to step by step: at which step it fails decides whether a letter is at fault, the line,
//! or a setting. Nothing is ever said in clear that was meant to be encrypted.

use super::Unsent;
use super::line::LineByLine;
use super::talk::{Talk, words};
use crate::server::config::{Login, Security, SmtpServer, SmtpUrl, repeats};
use crate::server::mail::letter::{Message, one_line};
use anyhow::anyhow;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters,
};
use lettre::transport::smtp::commands::Rset;
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout, timeout_at};

/// Of a server's answer is kept, in characters.
const ANSWER: usize = 200;
/// A server takes leave within this time, or is left without.
const FAREWELL: Duration = Duration::from_secs(2);

/// How long a server is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Until it has greeted us, and knows us.
    pub connecting: Duration,
    /// For one letter.
    pub sending: Duration,
}

impl Default for Times {
    fn default() -> Times {
        Times { connecting: Duration::from_secs(30), sending: Duration::from_secs(60) }
    }
}

/// A mail server, and how we present ourselves to it.
pub struct Smtp {
    url: SmtpUrl,
    hello: ClientId,
    /// `None`: the authority that is to vouch for the server is none.
    tls: Option<TlsParameters>,
    pub times: Times,
}

/// A server that knows us and waits for letters.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    /// It is at the beginning of a letter.
    holds: bool,
}

impl Smtp {
    /// `domain`: the name that we greet with.
    #[must_use]
    pub fn new(server: &SmtpServer, domain: &str) -> Smtp {
        let tls = trusting(&server.url.host, server.authority.as_deref());
        Smtp { url: server.url.clone(), hello: hello(domain), tls, times: Times::default() }
    }

    /// Why nothing can ever be sent with these settings; `None`: it may be tried.
    pub(super) fn flaw(&self) -> Option<&'static str> {
        self.tls
            .is_none()
            .then_some("LATCHKEY_SMTP_CA_FILE holds a certificate that cannot be read")
    }

    fn tls(&self) -> Result<TlsParameters, Unsent> {
        let flaw = || Unsent::Misconfigured(self.flaw().unwrap_or_default().to_owned());
        self.tls.clone().ok_or_else(flaw)
    }

    /// A connection on which letters can be sent.
    pub(super) async fn connect(&self) -> Result<Connection, Unsent> {
        let Times { connecting, .. } = self.times;
        let met = async {
            let mut smtp = self.greet().await?;
            self.sign_in(&mut smtp).await?;
            Ok(Connection { smtp, holds: true })
        };
        let late = || self.no_line(&format!("no answer within {} s", connecting.as_secs()));
        let until = Instant::now() + connecting;
        match timeout_at(until, met).await {
            // An answer that lay ready while the process stood still is late as well: somebody else may send the letter by now.
            Ok(Ok(_)) if Instant::now() >= until => Err(late()),
            Ok(met) => met,
            Err(_) => Err(late()),
        }
    }

    /// Until its greeting, and TLS where it is asked for.
    async fn greet(&self) -> Result<AsyncSmtpConnection, Unsent> {
        let failed = |error: Error| self.no_line(&words(&error));
        if self.url.security == Security::Implicit {
            let (place, tls) = ((self.url.host.as_str(), self.url.port), Some(self.tls()?));
            let patience = Some(self.times.connecting / 3);
            let met = AsyncSmtpConnection::connect_tokio1(place, patience, &self.hello, tls, None);
            return met.await.map_err(failed);
        }
        let stream = Box::new(LineByLine::new(self.reach().await?));
        let met = AsyncSmtpConnection::connect_with_transport(stream, &self.hello);
        let mut smtp = met.await.map_err(failed)?;
        if self.url.security == Security::StartTls {
            if !smtp.can_starttls() {
                return Err(self.misconfigured("TLS is asked for, and it offers no STARTTLS"));
            }
            let begun = smtp.starttls(self.tls()?, &self.hello).await;
            begun.map_err(|error| match error.is_permanent() {
                true => self.misconfigured(&format!("STARTTLS was refused: {}", words(&error))),
                false => failed(error),
            })?;
        }
        Ok(smtp)
    }

    async fn reach(&self) -> Result<TcpStream, Unsent> {
        let failed = |error: std::io::Error| self.no_line(&error.to_string());
        let place = (self.url.host.as_str(), self.url.port);
        let mut last = self.no_line("the name leads nowhere");
        for address in lookup_host(place).await.map_err(failed)? {
            if self.url.security == Security::Loopback && !address.ip().is_loopback() {
                last = self.misconfigured("it is not this machine, and TLS is not asked for");
                continue;
            }
            match timeout(self.times.connecting / 3, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => last = failed(error),
                Err(_) => last = self.no_line("no connection in time"),
            }
        }
        Err(last)
    }

    async fn sign_in(&self, smtp: &mut AsyncSmtpConnection) -> Result<(), Unsent> {
        let Some(Login { user, password }) = &self.url.login else { return Ok(()) };
        let ways = [Mechanism::Plain, Mechanism::Login];
        if smtp.server_info().get_auth_mechanism(&ways).is_none() {
            return Err(self.misconfigured("it offers no way to sign in (AUTH PLAIN or LOGIN)"));
        }
        let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
        match smtp.auth(&ways, &credentials).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() || error.is_client() => Err(self.misconfigured(
                &format!("the user or the password was refused: {}", words(&error)),
            )),
            Err(error) => Err(self.no_line(&words(&error))),
        }
    }

    /// One letter. Whatever its end, the connection says whether it can be used for another one.
    pub(super) async fn send(
        &self,
        connection: &mut Connection,
        message: &Message,
    ) -> Result<String, Unsent> {
        let mut talk = Talk {
            server: self,
            smtp: &mut connection.smtp,
            until: Instant::now() + self.times.sending,
            recipient: false,
        };
        connection.holds = false;
        let sent = timeout_at(talk.until, talk.hand_over(message)).await;
        let answer = sent.unwrap_or_else(|_| {
            let why = format!("no answer within {} s", self.times.sending.as_secs());
            Err(talk.silence(&why))
        });
        connection.holds = match &answer {
            Ok(_) => true,
            Err(Unsent::Line(_)) => false,
            Err(_) => connection.begin_again().await,
        };
        answer
    }

    pub(super) async fn leave(&self, mut connection: Connection) {
        // It has taken the letters; whether it says goodbye is all the same.
        let _ = timeout(FAREWELL, connection.smtp.quit()).await;
    }

    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.url.host, self.url.port)
    }

    pub(super) fn no_line(&self, why: &str) -> Unsent {
        Unsent::Line(anyhow!("{}: {}", self.place(), self.shown(why)))
    }

    pub(super) fn misconfigured(&self, why: &str) -> Unsent {
        Unsent::Misconfigured(format!("LATCHKEY_SMTP_URL, {}: {}", self.place(), self.shown(why)))
    }

    /// What a server said, on one line, cut, and without the password should it have repeated it.
    pub(super) fn shown(&self, text: &str) -> String {
        if self.url.login.as_ref().is_some_and(|login| repeats(login, text)) {
            return "the answer is not shown, for it repeats the password".to_owned();
        }
        one_line(text).chars().take(ANSWER).collect()
    }
}

impl Connection {
    pub(super) fn holds(&self) -> bool {
        self.holds
    }

    /// Back to where the next letter can begin.
    async fn begin_again(&mut self) -> bool {
        timeout(FAREWELL, self.smtp.command(Rset)).await.is_ok_and(|answer| answer.is_ok())
    }
}

/// TLS to this host, vouched for by the public authorities and this one.
fn trusting(host: &str, authority: Option<&str>) -> Option<TlsParameters> {
    let tls = TlsParameters::builder(host.to_owned());
    let mut tls = tls.certificate_store(CertificateStore::WebpkiRoots);
    if let Some(authority) = authority {
        tls = tls.add_root_certificate(Certificate::from_pem(authority.as_bytes()).ok()?);
    }
    tls.build().ok()
}

/// The name that we greet with (RFC 5321, section 4.1.3).
fn hello(domain: &str) -> ClientId {
    let inside = domain.trim_matches(['[', ']']);
    if let Ok(address) = inside.parse::<Ipv4Addr>() {
        ClientId::Ipv4(address)
    } else if let Ok(address) = inside.parse::<Ipv6Addr>() {
        ClientId::Ipv6(address)
    } else {
        ClientId::Domain(domain.to_owned())
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Smtp({})", self.place())
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection(holds: {})", self.holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn we_greet_with_the_name_of_the_installation() {
        for (domain, hello_name) in [
            ("tokens.example", "tokens.example"),
            ("127.0.0.1", "[127.0.0.1]"),
            ("[::1]", "[IPv6:::1]"),
        ] {
            assert_eq!(hello(domain).to_string(), hello_name);
        }
    }

    #[test]
    fn an_answer_is_one_short_line_without_the_password() {
        let url = SmtpUrl::parse("smtps://u:s3cret@mx.example").unwrap();
        let smtp = Smtp::new(&SmtpServer { url, authority: None }, "tokens.example");
        assert_eq!(smtp.shown("250 2.0.0 Ok:\r\n\tqueued\u{0}"), "250 2.0.0 Ok:   queued");
        assert_eq!(smtp.shown(&"x".repeat(900)).len(), ANSWER);
        assert!(!smtp.shown("535 s3cret is wrong").contains("s3cret"));
        assert!(!format!("{smtp:?}").contains("s3cret"));
    }
}
