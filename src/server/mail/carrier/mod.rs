//! Who carries letters: a mail server, or a folder where none is set. What each answer means for the letter and for the rest.

mod folder;
mod line;
mod smtp;
mod talk;

use super::letter::{Letter, Message, Stamp};
use crate::server::config::Config;
use anyhow::{Context, anyhow};
use smtp::Connection;
pub use smtp::{Smtp, Times};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Why a letter was not taken.
#[derive(Debug)]
pub enum Unsent {
    /// This letter, for now: it is tried again.
    Later(anyhow::Error),
    /// For good: the recipient or the letter was refused (5xx). The server's answer in its own words.
    Refused(String),
    /// Nobody is there to take any letter: no connection, no greeting, silence before there was talk of a recipient.
    Line(anyhow::Error),
    /// Nothing can be sent until somebody mends a setting: who we are, what we come from, or how we speak. In words that name
    /// the setting and never what it holds.
    Misconfigured(String),
}

impl From<anyhow::Error> for Unsent {
    fn from(error: anyhow::Error) -> Unsent {
        Unsent::Later(error)
    }
}

impl std::fmt::Display for Unsent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unsent::Later(error) | Unsent::Line(error) => write!(f, "{error:#}"),
            Unsent::Refused(answer) | Unsent::Misconfigured(answer) => f.write_str(answer),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Mailer {
    /// Each letter is a file `<id>.eml` that only the server's user can read; sent again, it replaces itself.
    Folder(PathBuf),
    /// A mail server takes them.
    Smtp(Arc<Smtp>),
    /// Nobody takes them, and all is said to be well: for the demonstration, whose people do not exist.
    Pretended,
}

/// One way to the carrier, for all letters of a round.
#[derive(Debug)]
pub struct Trip<'a> {
    mailer: &'a Mailer,
    /// What the next letter can use.
    open: Option<Connection>,
}

impl Mailer {
    #[must_use]
    pub fn new(config: &Config) -> Mailer {
        match &config.smtp {
            None => Mailer::Folder(config.mail_dir.clone()),
            Some(server) => Mailer::Smtp(Arc::new(Smtp::new(server, config.public_url.domain()))),
        }
    }

    /// # Errors
    /// When nothing can ever be sent with these settings.
    pub fn check(&self) -> anyhow::Result<()> {
        match self {
            Mailer::Smtp(server) => server.flaw().map_or(Ok(()), |flaw| Err(anyhow!(flaw))),
            Mailer::Folder(_) | Mailer::Pretended => Ok(()),
        }
    }

    #[must_use]
    pub fn set_out(&self) -> Trip<'_> {
        Trip { mailer: self, open: None }
    }
}

/// As mail servers name what they took: the end of our own id, in capitals.
fn queue_id(id: &str) -> String {
    let id = id.replace('-', "").to_ascii_uppercase();
    id.get(id.len().saturating_sub(11)..).unwrap_or_default().to_owned()
}

impl Trip<'_> {
    /// Hands the letter over and gives the carrier's answer in words. Once it has answered, the letter is durable.
    ///
    /// # Errors
    /// When it was not taken.
    pub async fn send(&mut self, letter: &Letter, stamp: &Stamp<'_>) -> Result<String, Unsent> {
        // Whatever cannot be written today cannot be written tomorrow.
        let message =
            letter.message(stamp).map_err(|error| Unsent::Refused(format!("{error:#}")))?;
        match self.mailer {
            Mailer::Folder(folder) => {
                let (folder, name) = (folder.clone(), format!("{}.eml", stamp.id));
                let write = move || folder::write(&folder, &name, &message.bytes);
                let written = timeout(Times::default().sending, spawn_blocking(write)).await;
                let written = written.context("the mail folder did not answer in time")?;
                Ok(written.context("writing the letter was broken off")??)
            }
            Mailer::Smtp(server) => self.send_to(server, &message).await,
            Mailer::Pretended => Ok(format!("250 2.0.0 Ok: queued as {}", queue_id(stamp.id))),
        }
    }

    /// A server may end a connection between two letters: a further one is tried at once.
    async fn send_to(&mut self, server: &Smtp, message: &Message) -> Result<String, Unsent> {
        if let Some(mut used) = self.open.take() {
            let answer = server.send(&mut used, message).await;
            if used.holds() {
                self.open = Some(used);
            }
            if !matches!(answer, Err(Unsent::Line(_))) {
                return answer;
            }
        }
        let mut fresh = server.connect().await?;
        let answer = server.send(&mut fresh, message).await;
        self.open = Some(fresh).filter(Connection::holds);
        answer
    }

    /// Takes leave of the server, if one was met.
    pub async fn end(self) {
        if let (Some(open), Mailer::Smtp(server)) = (self.open, self.mailer) {
            server.leave(open).await;
        }
    }
}
