//! The settings: flags, or variables of the environment. A combination that would trust the wrong caller does not start.

use crate::http::Trust;
use crate::latchkey::{Latchkey, OwnToken};
use clap::{Parser, ValueEnum};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// The API of a fleet of devices, whose callers Latchkey tells apart.
#[derive(Parser)]
#[command(
    version,
    after_help = "\
By introspection the API needs a token of its own, an access token with the permission tokens.introspect: in the variable \
FLEET_LATCHKEY_TOKEN, or in a file (--latchkey-token-file)."
)]
pub struct Settings {
    /// Where to listen: an address and port, or unix: and a path
    #[arg(long, env = "FLEET_LISTEN", default_value = "127.0.0.1:3400")]
    listen: Listen,
    /// Whose word is taken: Latchkey's, asked at each call, or the proxy's that has asked it
    #[arg(long, env = "FLEET_TRUST", value_enum, default_value_t = Way::Introspection)]
    trust: Way,
    /// The workgroup whose tokens open this API, by its slug (needed with --trust proxy)
    #[arg(long, env = "FLEET_WORKGROUP")]
    workgroup: Option<String>,
    /// Where Latchkey is
    #[arg(long, env = "FLEET_LATCHKEY_URL", default_value = "http://127.0.0.1:3000")]
    latchkey_url: String,
    /// The file that holds this API's own token; it is read anew at each question
    #[arg(long, env = "FLEET_LATCHKEY_TOKEN_FILE")]
    latchkey_token_file: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Way {
    Introspection,
    Proxy,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Listen {
    Port(SocketAddr),
    Socket(PathBuf),
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Listen, String> {
        match text.strip_prefix("unix:") {
            Some("") => Err("write the path of the socket behind unix:".to_owned()),
            Some(path) => Ok(Listen::Socket(path.into())),
            None => text.parse().map(Listen::Port).map_err(|_| {
                "write an address and a port such as 127.0.0.1:3400, or unix:/run/fleet.sock"
                    .to_owned()
            }),
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Listen::Port(address) => write!(f, "http://{address}"),
            Listen::Socket(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Settings {
    /// Where to listen and whom to trust. `token`: what the environment holds as the API's own token, which is never a flag: flags
    /// are shown to everybody on the machine.
    pub fn resolve(self, token: Option<String>) -> Result<(Listen, Trust), String> {
        let trust = match self.trust {
            Way::Introspection => Trust::Introspection(self.latchkey(token)?),
            Way::Proxy => self.proxy()?,
        };
        Ok((self.listen, trust))
    }

    fn latchkey(&self, token: Option<String>) -> Result<Latchkey, String> {
        let own = match (&self.latchkey_token_file, token.filter(|it| !it.trim().is_empty())) {
            (Some(_), Some(_)) => {
                return Err(
                    "Give the API's own token once: in FLEET_LATCHKEY_TOKEN or in a file.".into()
                );
            }
            (Some(file), None) => OwnToken::In(file.clone()),
            (None, Some(token)) => OwnToken::Given(token),
            (None, None) => {
                return Err(
                    "To ask Latchkey the API needs a token of its own, with the permission \
                    tokens.introspect: set FLEET_LATCHKEY_TOKEN or --latchkey-token-file."
                        .into(),
                );
            }
        };
        let url = &self.latchkey_url;
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(format!(
                "{url} is no address of a Latchkey: it begins with http:// or https://."
            ));
        }
        Latchkey::new(url, own).map_err(|error| format!("TLS could not be set up: {error}"))
    }

    /// Headers are believed only where nobody else can write them.
    fn proxy(&self) -> Result<Trust, String> {
        if let Listen::Port(address) = &self.listen
            && !address.ip().is_loopback()
        {
            return Err(format!(
                "With --trust proxy the API believes X-Latchkey headers, and on {address} anybody could write them: \
                 listen on 127.0.0.1, [::1] or a socket (unix:/run/fleet.sock)."
            ));
        }
        match self.workgroup.as_deref().map(str::trim) {
            Some(slug) if !slug.is_empty() => Ok(Trust::Proxy(slug.into())),
            _ => Err("With --trust proxy, name the workgroup whose tokens open this API: --workgroup SLUG.".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(line: &str, token: Option<&str>) -> String {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let settings = Settings::try_parse_from(format!("fleet_api {line}").split(' ')).unwrap();
        match settings.resolve(token.map(str::to_owned)) {
            Ok((listen, Trust::Introspection(_))) => format!("asks on {listen}"),
            Ok((listen, Trust::Proxy(slug))) => format!("{slug} on {listen}"),
            Err(sentence) => sentence.split([':', ',']).next().unwrap_or_default().to_owned(),
        }
    }

    #[test]
    fn what_would_trust_the_wrong_caller_does_not_start() {
        let proxy = "--trust proxy --workgroup harrow --listen";
        for (line, token, wanted) in [
            (format!("{proxy} 127.0.0.1:1"), None, "harrow on http://127.0.0.1:1"),
            (format!("{proxy} [::1]:1"), None, "harrow on http://[::1]:1"),
            (format!("{proxy} unix:/run/x"), None, "harrow on unix:/run/x"),
            (
                format!("{proxy} 0.0.0.0:1"),
                None,
                "With --trust proxy the API believes X-Latchkey headers",
            ),
            (
                format!("{proxy} 192.0.2.1:1"),
                None,
                "With --trust proxy the API believes X-Latchkey headers",
            ),
            ("--trust proxy".into(), None, "With --trust proxy"),
            ("--listen 0.0.0.0:1".into(), Some("lka_x"), "asks on http://0.0.0.0:1"),
            ("--latchkey-token-file x".into(), None, "asks on http://127.0.0.1:3400"),
            ("--latchkey-token-file x".into(), Some("lka_x"), "Give the API's own token once"),
            (
                "--listen 127.0.0.1:1".into(),
                Some(" "),
                "To ask Latchkey the API needs a token of its own",
            ),
            ("--latchkey-url x".into(), Some("lka_x"), "x is no address of a Latchkey"),
        ] {
            assert_eq!(outcome(&line, token), wanted, "{line}");
        }
        for odd in ["unix:", "localhost", "3400"] {
            assert!(odd.parse::<Listen>().is_err(), "{odd}");
        }
    }
}
