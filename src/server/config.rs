//! The settings: flags, then `LATCHKEY_…` variables, then `latchkey.toml`. The only room that reads the environment.

mod public_url;
mod sender;
mod smtp;

pub use public_url::PublicUrl;
pub use sender::Sender;
pub use smtp::{Login, Security, SmtpServer, SmtpUrl, repeats};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Every setting as it can be given; what is missing is looked for in `latchkey.toml`, then takes its default.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// sqlite://PATH (created when missing) or postgres://… [default: sqlite://data/latchkey.db]
    #[arg(long, env = "LATCHKEY_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<SecretString>,
    /// A file that holds the database URL, for one with a password
    #[arg(long, env = "LATCHKEY_DATABASE_URL_FILE", global = true)]
    pub database_url_file: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "LATCHKEY_LISTEN", global = true)]
    pub listen: Option<SocketAddr>,
    /// What every link begins with [default: http://127.0.0.1:3000]
    #[arg(long, env = "LATCHKEY_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    // No flag: an address with a password does not belong on a command line, nor into `latchkey.toml`.
    #[arg(skip)]
    pub smtp_url: Option<SecretString>,
    #[arg(skip)]
    pub smtp_url_file: Option<PathBuf>,
    /// PEM certificates of an authority that vouches for the mail server, besides the public ones [default: none]
    #[arg(long, env = "LATCHKEY_SMTP_CA_FILE", global = true)]
    pub smtp_ca_file: Option<PathBuf>,
    /// Folder that mail is written to while no LATCHKEY_SMTP_URL is set, one file a letter [default: data/mail]
    #[arg(long, env = "LATCHKEY_MAIL_DIR", global = true)]
    pub mail_dir: Option<PathBuf>,
    /// Who mail comes from [default: Latchkey <latchkey@localhost>]
    #[arg(long, env = "LATCHKEY_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,
    /// Networks whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "LATCHKEY_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// Requests per minute and token, such as 600/m [default: 600/m]
    // Not global: behind `token edit` the same flag is a token's own limit, and `serve` takes it up itself.
    #[arg(long, env = "LATCHKEY_RATE_LIMIT")]
    pub rate_limit: Option<String>,
    /// How often is looked for what is due, at most a minute, such as 30s [default: 1m]
    #[arg(long, env = "LATCHKEY_SWEEP_EVERY", global = true)]
    pub sweep_every: Option<String>,
    /// A second address, for /metrics alone [default: none, /metrics is on the listen address]
    #[arg(long, env = "LATCHKEY_METRICS_LISTEN", global = true)]
    pub metrics_listen: Option<SocketAddr>,
    /// What to log, such as info or debug [default: info]
    #[arg(long, env = "LATCHKEY_LOG", global = true)]
    pub log: Option<String>,
    /// text or json [default: text]
    #[arg(long, env = "LATCHKEY_LOG_FORMAT", global = true)]
    pub log_format: Option<String>,
}

/// The settings with everything decided and checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub database_url: SecretString,
    pub listen: SocketAddr,
    pub public_url: PublicUrl,
    /// Who takes our letters; `None`: they are written to the mail folder.
    pub smtp: Option<SmtpServer>,
    /// Where letters are written to when nobody takes them.
    pub mail_dir: PathBuf,
    pub mail_from: Sender,
    pub trusted_proxies: Vec<IpNet>,
    /// Requests per minute for a token without a limit of its own.
    pub rate_limit: i64,
    /// Between two sweeps: a second to a minute.
    pub sweep_every: Duration,
    /// Where /metrics is served instead of on the listen address.
    pub metrics_listen: Option<SocketAddr>,
    pub log: String,
    pub log_json: bool,
}

impl Settings {
    /// Takes up what stands in the environment alone.
    #[expect(clippy::disallowed_methods, reason = "this is the room that reads the environment")]
    pub fn take_environment(&mut self) {
        let read = |name: &str| std::env::var_os(name);
        // What is no UTF-8 is no URL either, and is refused as one.
        let url = read("LATCHKEY_SMTP_URL").map(|url| url.to_string_lossy().into_owned().into());
        self.smtp_url = self.smtp_url.take().or(url);
        let file = read("LATCHKEY_SMTP_URL_FILE").map(PathBuf::from);
        self.smtp_url_file = self.smtp_url_file.take().or(file);
    }

    /// Decides every setting. `file` is `latchkey.toml`, which may be missing.
    pub fn resolve(self, file: &Path) -> anyhow::Result<Config> {
        let from_file = Settings::read(file)?;
        let database_url = self.database_url(&from_file)?;
        let smtp = self.smtp(&from_file, file)?;
        let public_url = self.public_url.or(from_file.public_url);
        let public_url = public_url.unwrap_or_else(|| "http://127.0.0.1:3000".to_owned());
        let mail_from = self.mail_from.or(from_file.mail_from);
        let rate_limit = self.rate_limit.or(from_file.rate_limit);
        let sweep_every = self.sweep_every.or(from_file.sweep_every);
        let log_format = self.log_format.or(from_file.log_format);
        Ok(Config {
            database_url,
            listen: self
                .listen
                .or(from_file.listen)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000))),
            public_url: PublicUrl::parse(&public_url)?,
            smtp,
            mail_dir: self.mail_dir.or(from_file.mail_dir).unwrap_or_else(|| "data/mail".into()),
            mail_from: mail_from.as_deref().map_or_else(|| Ok(Sender::default()), Sender::parse)?,
            trusted_proxies: self.trusted_proxies.or(from_file.trusted_proxies).unwrap_or_default(),
            rate_limit: per_minute(rate_limit.as_deref().unwrap_or("600/m"))?,
            sweep_every: sweep_every.as_deref().map_or(Ok(Duration::from_secs(60)), period)?,
            metrics_listen: self.metrics_listen.or(from_file.metrics_listen),
            log: self.log.or(from_file.log).unwrap_or_else(|| "info".to_owned()),
            log_json: match log_format.as_deref() {
                None | Some("text") => false,
                Some("json") => true,
                Some(other) => bail!("LATCHKEY_LOG_FORMAT is text or json, not {other}"),
            },
        })
    }

    fn database_url(&self, from_file: &Settings) -> anyhow::Result<SecretString> {
        let file = self.database_url_file.as_ref().or(from_file.database_url_file.as_ref());
        let url = secret("LATCHKEY_DATABASE_URL", self.database_url.as_ref(), file)?;
        let url = url.or_else(|| from_file.database_url.clone());
        let url = url.unwrap_or_else(|| "sqlite://data/latchkey.db".into());
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| url.expose_secret().starts_with(scheme)) {
            bail!("LATCHKEY_DATABASE_URL must begin with sqlite:// or postgres://");
        }
        Ok(url)
    }

    fn smtp(&self, from_file: &Settings, place: &Path) -> anyhow::Result<Option<SmtpServer>> {
        if from_file.smtp_url.is_some() {
            bail!(
                "LATCHKEY_SMTP_URL is for the environment or a file of its own (LATCHKEY_SMTP_URL_FILE), not for {}",
                place.display()
            );
        }
        let file = self.smtp_url_file.as_ref().or(from_file.smtp_url_file.as_ref());
        let url = secret("LATCHKEY_SMTP_URL", self.smtp_url.as_ref(), file)?;
        let url = url.map(|url| SmtpUrl::parse(url.expose_secret())).transpose()?;
        let authority = self.smtp_ca_file.as_ref().or(from_file.smtp_ca_file.as_ref());
        let authority = authority.map(|path| smtp::read_authority(path)).transpose()?;
        Ok(url.map(|url| SmtpServer { url, authority }))
    }

    fn read(file: &Path) -> anyhow::Result<Settings> {
        match std::fs::read_to_string(file) {
            Ok(text) => {
                // Without the line that it is about, which may hold a secret.
                let wrong = |error: toml::de::Error| {
                    anyhow!("{} cannot be read: {}", file.display(), error.message())
                };
                toml::from_str(&text).map_err(wrong)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
        }
    }
}

/// A secret as it was given, else from the file that holds it.
fn secret(
    setting: &str,
    given: Option<&SecretString>,
    file: Option<&PathBuf>,
) -> anyhow::Result<Option<SecretString>> {
    let (None, Some(path)) = (given, file) else { return Ok(given.cloned()) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{setting}_FILE ({}) cannot be read", path.display()))?;
    Ok(Some(text.trim().into()))
}

/// `1m` or `30s`: never longer than a minute, or a clock that was set would be noticed late.
fn period(text: &str) -> anyhow::Result<Duration> {
    let seconds = match text.split_at(text.len() - text.len().min(1)) {
        ("1", "m") => Some(60),
        (number, "s") => number.parse().ok(),
        _ => None,
    };
    match seconds {
        Some(seconds @ 1..=60) => Ok(Duration::from_secs(seconds)),
        _ => bail!("LATCHKEY_SWEEP_EVERY must be 1s to 60s or 1m, not {text}"),
    }
}

fn per_minute(text: &str) -> anyhow::Result<i64> {
    match text.trim_end_matches("/m").parse() {
        Ok(limit @ 1..=1_000_000) => Ok(limit),
        _ => bail!("LATCHKEY_RATE_LIMIT must be requests per minute, such as 600/m, not {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_beats_the_file_and_the_file_beats_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("latchkey.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:4000\"\nrate_limit = \"5/m\"\n").unwrap();
        let flags = Settings { rate_limit: Some("7/m".into()), ..Settings::default() };
        let config = flags.resolve(&file).unwrap();
        assert_eq!((config.listen.port(), config.rate_limit), (4000, 7));
        assert_eq!(config.database_url.expose_secret(), "sqlite://data/latchkey.db");
        std::fs::write(&file, "listne = \"127.0.0.1:4000\"\n").unwrap();
        assert!(Settings::default().resolve(&file).is_err(), "a misspelt key is not ignored");
    }
}
