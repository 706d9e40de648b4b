//! What a proxy was asked: method and target from the one family of headers that its workgroup chose, believed from trusted
//! proxies alone. The other family is never read.

use crate::domain::refusal::{Code, Refusal};
use crate::domain::routes::Family;
use axum::http::HeaderMap;

/// The method and the target (path and query) that the proxy was asked for.
///
/// `trusted`: the peer is one of the trusted proxies ([`client::is_trusted_proxy`](super::client::is_trusted_proxy)).
///
/// # Errors
/// [`Code::InsufficientPermissions`] with what the proxy must send.
pub fn request(
    headers: &HeaderMap,
    family: Family,
    trusted: bool,
) -> Result<(&str, &str), Refusal> {
    let (method, uri) = family.headers();
    if !trusted {
        return Err(refused(format!(
            "The request did not come from a trusted proxy, so its {method} and {uri} count for nothing. Name the proxy's address in LATCHKEY_TRUSTED_PROXIES."
        )));
    }
    let (asked, target) = (one(headers, family, method)?, one(headers, family, uri)?);
    if asked.contains(',') {
        return Err(refused(format!(
            "The header {method} names more than one method. {}",
            must_send(family)
        )));
    }
    Ok((asked, target))
}

/// The value of a header that is there once.
fn one<'a>(headers: &'a HeaderMap, family: Family, name: &str) -> Result<&'a str, Refusal> {
    let mut values = headers.get_all(name).iter();
    let why = match (values.next().map(|value| value.to_str()), values.next()) {
        (Some(Ok(value)), None) if !value.trim().is_empty() => return Ok(value),
        (Some(Ok(_)) | None, None) => "is missing",
        (Some(Err(_)), None) => "holds characters that are not ASCII",
        (_, Some(_)) => "was sent twice",
    };
    Err(refused(format!("The header {name} {why}. {}", must_send(family))))
}

fn must_send(family: Family) -> String {
    let (method, uri) = family.headers();
    format!(
        "The proxy in front of this API ({}) must send {method} and {uri}, each once, and take away what a client sends under these names.",
        family.label()
    )
}

fn refused(detail: String) -> Refusal {
    Refusal::new(Code::InsufficientPermissions, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(sent: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(name.parse::<HeaderName>().unwrap(), value);
        }
        headers
    }

    const TRAEFIK: [(&str, &str); 2] =
        [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/a?b=c,d")];
    const NGINX: [(&str, &str); 2] = [("x-original-method", "PUT"), ("x-original-uri", "/n")];

    #[test]
    fn the_chosen_family_alone_is_read() {
        let both = headers(&[TRAEFIK, NGINX].concat());
        assert_eq!(request(&both, Family::Forwarded, true).unwrap(), ("GET", "/a?b=c,d"));
        assert_eq!(request(&both, Family::Original, true).unwrap(), ("PUT", "/n"));
        for (sent, family, names) in [
            (TRAEFIK, Family::Original, ["X-Original-Method", "X-Original-URI", "nginx"]),
            (NGINX, Family::Forwarded, ["X-Forwarded-Method", "X-Forwarded-Uri", "Traefik"]),
        ] {
            let refusal = request(&headers(&sent), family, true).unwrap_err();
            assert_eq!(refusal.code, Code::InsufficientPermissions);
            assert!(names.iter().all(|name| refusal.detail.contains(name)), "{refusal}");
        }
    }

    #[test]
    fn a_stranger_says_nothing() {
        for family in Family::ALL {
            let both = headers(&[TRAEFIK, NGINX].concat());
            let refusal = request(&both, family, false).unwrap_err();
            assert_eq!(refusal.code, Code::InsufficientPermissions);
            assert!(refusal.detail.contains("LATCHKEY_TRUSTED_PROXIES"), "{refusal}");
        }
    }

    #[test]
    fn what_is_missing_doubled_or_garbled_opens_nothing() {
        let (method, uri) = ("x-original-method", "x-original-uri");
        let cases: [(&[(&str, &str)], &str); 10] = [
            (&[], "X-Original-Method is missing"),
            (&[(method, "GET")], "X-Original-URI is missing"),
            (&[(uri, "/a")], "X-Original-Method is missing"),
            (&[(method, ""), (uri, "/a")], "X-Original-Method is missing"),
            (&[(method, "GET"), (uri, " ")], "X-Original-URI is missing"),
            (&[(method, "GET"), (method, "GET"), (uri, "/a")], "X-Original-Method was sent twice"),
            (&[(method, "GET"), (uri, "/a"), (uri, "/b")], "X-Original-URI was sent twice"),
            (&[(method, "GET, POST"), (uri, "/a")], "more than one method"),
            (&[(method, "GET,GET"), (uri, "/a")], "more than one method"),
            (&[(method, "GET"), (uri, "/ä")], "not ASCII"),
        ];
        for (sent, why) in cases {
            let refusal = request(&headers(sent), Family::Original, true).unwrap_err();
            assert_eq!(refusal.code, Code::InsufficientPermissions);
            assert!(refusal.detail.contains(why), "{sent:?}: {refusal}");
        }
    }
}
