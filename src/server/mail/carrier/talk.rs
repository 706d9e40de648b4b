//! The talk about one letter, and what each refusal in it means.

use super::Unsent;
use super::smtp::Smtp;
use crate::server::mail::letter::Message;
use anyhow::anyhow;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use std::error::Error as _;
use tokio::time::Instant;

/// It closes the connection.
const CLOSING: u16 = 421;

/// The talk about one letter.
pub(super) struct Talk<'a> {
    pub(super) server: &'a Smtp,
    pub(super) smtp: &'a mut AsyncSmtpConnection,
    pub(super) until: Instant,
    /// There was talk of the recipient: from there on it is about this letter alone.
    pub(super) recipient: bool,
}

impl Talk<'_> {
    pub(super) async fn hand_over(&mut self, message: &Message) -> Result<String, Unsent> {
        let answer = self.smtp.command(Mail::new(Some(message.from.clone()), Vec::new())).await;
        answer.map_err(|error| self.sender_refused(&error))?;
        self.recipient = true;
        let answer = self.smtp.command(Rcpt::new(message.to.clone(), Vec::new())).await;
        answer.map_err(|error| self.refused(&error))?;
        let answer = self.smtp.command(Data).await;
        answer.map_err(|error| self.refused(&error))?;
        if Instant::now() >= self.until {
            // The process stood still, and somebody else may have sent it meanwhile.
            return Err(self.silence("the letter was not handed over in time"));
        }
        let answer = self.smtp.message(&message.bytes).await;
        let answer = answer.map_err(|error| self.refused(&error))?;
        let said: Vec<_> = answer.message().collect();
        Ok(self.server.shown(&format!("{} {}", answer.code(), said.join(" "))))
    }

    /// Whoever may not send at all from this address has a wrong setting.
    fn sender_refused(&self, error: &Error) -> Unsent {
        match code(error) {
            Some(530 | 534 | 535 | 538) => self.sign_in_first(error),
            Some(500..) => Unsent::Misconfigured(format!(
                "LATCHKEY_MAIL_FROM was refused by {}: {}",
                self.server.place(),
                self.server.shown(&words(error))
            )),
            None | Some(CLOSING) => self.silence(&words(error)),
            Some(_) => self.later(error),
        }
    }

    /// Behind the sender: what the server says is about this letter, or about us.
    fn refused(&self, error: &Error) -> Unsent {
        match code(error) {
            Some(530 | 534 | 535 | 538) => self.sign_in_first(error),
            Some(500..) => Unsent::Refused(self.server.shown(&words(error))),
            _ => self.later(error),
        }
    }

    fn sign_in_first(&self, error: &Error) -> Unsent {
        self.server.misconfigured(&words(error))
    }

    fn later(&self, error: &Error) -> Unsent {
        Unsent::Later(anyhow!(self.server.shown(&words(error))))
    }

    pub(super) fn silence(&self, why: &str) -> Unsent {
        match self.recipient {
            true => Unsent::Later(anyhow!(self.server.shown(why))),
            false => self.server.no_line(why),
        }
    }
}

fn code(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

/// The server's own line where there is one: `550 5.1.1 No such user`.
pub(super) fn words(error: &Error) -> String {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    match (error.status(), said.as_str()) {
        (Some(code), _) => format!("{code} {said}"),
        (None, "") => error.to_string(),
        (None, _) => said,
    }
}
