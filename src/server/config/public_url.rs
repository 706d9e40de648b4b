//! Scheme and host of the installation, as everybody outside of it writes them.

use anyhow::bail;

/// Scheme and host that every link begins with; never taken from a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    pub https: bool,
    pub loopback: bool,
}

impl PublicUrl {
    /// Takes `http://` or `https://` and a host, optionally with a port; no path.
    pub fn parse(text: &str) -> anyhow::Result<PublicUrl> {
        let text = text.trim_end_matches('/');
        let Some((scheme, host)) = text.split_once("://") else {
            bail!("LATCHKEY_PUBLIC_URL must begin with https:// or http://");
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if !matches!(scheme, "http" | "https") || host.is_empty() || !host.chars().all(plain) {
            bail!("LATCHKEY_PUBLIC_URL must be https:// or http:// and a host, without a path");
        }
        let name = without_port(host).trim_matches(['[', ']']);
        let loopback = name == "localhost"
            || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let origin = format!("{scheme}://{}", host.to_ascii_lowercase());
        Ok(PublicUrl { origin, https: scheme == "https", loopback })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// Passwords and tokens travel in clear over plain http: it is for this machine itself alone.
    pub fn require_private(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.https || self.loopback,
            "LATCHKEY_PUBLIC_URL is {}: plain http is only for this machine itself. Set an https:// address",
            self.origin
        );
        Ok(())
    }

    /// Host and port, as a browser's Host header names them.
    #[must_use]
    pub fn host(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, host)| host)
    }

    /// The host alone; an IPv6 address in its brackets.
    #[must_use]
    pub fn domain(&self) -> &str {
        without_port(self.host())
    }
}

fn without_port(host: &str) -> &str {
    let parts = host.rsplit_once(':');
    let parts = parts.filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    parts.map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_scheme_and_a_host() {
        let cases = [
            ("http://127.0.0.1:3000", true, false, true),
            ("https://tokens.example/", true, true, false),
            ("http://localhost:8080", true, false, true),
            ("http://[::1]:3000", true, false, true),
            ("http://tokens.example", true, false, false),
            ("tokens.example", false, false, false),
            ("ftp://tokens.example", false, false, false),
            ("https://tokens.example/path", false, false, false),
            ("https://a@b", false, false, false),
            ("https://", false, false, false),
        ];
        for (text, fits, https, loopback) in cases {
            match PublicUrl::parse(text) {
                Ok(url) => {
                    assert_eq!((fits, https, loopback), (true, url.https, url.loopback), "{text}")
                }
                Err(error) => assert!(!fits, "{text}: {error}"),
            }
        }
    }
}
