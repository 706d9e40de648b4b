//! The client's true address: the peer's, or what a trusted proxy says of it. Nobody else's word counts.

use crate::server::config::Config;
use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// Whether the peer is a proxy whose word about a request counts.
#[must_use]
pub fn is_trusted_proxy(config: &Config, peer: Option<SocketAddr>) -> bool {
    let peer = peer.map(|peer| peer.ip().to_canonical());
    peer.is_some_and(|peer| config.trusted_proxies.iter().any(|net: &IpNet| net.contains(&peer)))
}

/// The rightmost address in `X-Forwarded-For` that is not a trusted proxy, if the peer is one; else the peer.
#[must_use]
pub fn address(config: &Config, peer: Option<SocketAddr>, headers: &HeaderMap) -> String {
    let Some(peer) = peer.map(|peer| peer.ip().to_canonical()) else {
        return "unknown".to_owned();
    };
    let trusted =
        |address: &IpAddr| config.trusted_proxies.iter().any(|net: &IpNet| net.contains(address));
    if !trusted(&peer) {
        return peer.to_string();
    }
    let hops = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<_> = hops.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut client = peer;
    for hop in hops.into_iter().rev() {
        // What cannot be read was not written by a proxy that we trust: the hop before it is the client.
        let Ok(address) = hop.parse::<IpAddr>() else { break };
        client = address.to_canonical();
        if !trusted(&client) {
            break;
        }
    }
    client.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Settings;

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_rightmost_stranger() {
        let proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let settings = Settings { trusted_proxies: Some(proxies), ..Settings::default() };
        let config = settings.resolve("none.toml".as_ref()).unwrap();
        let cases = [
            ("203.0.113.9:1", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1:1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1:1", "1.1.1.1, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
            ("10.0.0.1:1", "", "10.0.0.1"),
            ("10.0.0.1:1", "198.51.100.1, garbage", "10.0.0.1"),
            ("[::ffff:10.0.0.1]:1", "2001:db8::1", "2001:db8::1"),
        ];
        for (peer, forwarded, client) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            assert_eq!(address(&config, peer.parse().ok(), &headers), client, "{peer} {forwarded}");
        }
    }
}
