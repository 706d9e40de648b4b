//! Cross-site requests change nothing: an unsafe request that carries our cookie must come from our own pages.

use super::problem::Problem;
use crate::domain::refusal::{Code, Refusal};
use crate::server::config::Config;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Refuses what no page of ours can have sent. Stricter than `CsrfLayer`, which stands beside it: a request without
/// `Sec-Fetch-Site` and `Origin`, or with `Sec-Fetch-Site: none`, is refused too.
pub async fn require_own(
    State(config): State<Arc<Config>>,
    request: Request,
    next: Next,
) -> Response {
    // A safe method changes nothing, whoever sends it.
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if safe || is_own(&config, request.headers()) {
        return next.run(request).await;
    }
    let refusal = Refusal::new(
        Code::CrossSiteRequest,
        "This request did not come from one of Latchkey's own pages, so nothing was changed. Open the page and send the form again.",
    );
    Problem(refusal).into_response()
}

/// `Sec-Fetch-Site: same-origin`, or an `Origin` equal to the public URL; on loopback, to the request's own host.
fn is_own(config: &Config, headers: &HeaderMap) -> bool {
    let one = |name: header::HeaderName| {
        let mut values = headers.get_all(name).iter();
        let first = values.next().and_then(|value| value.to_str().ok());
        if values.next().is_some() { None } else { first }
    };
    if let Some(site) = one(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let Some(origin) = one(header::ORIGIN) else { return false };
    let own_host = one(header::HOST).map(|host| format!("http://{}", host.to_ascii_lowercase()));
    origin == config.public_url.as_str()
        || (config.public_url.loopback && own_host.as_deref() == Some(origin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Settings;

    #[test]
    fn only_our_own_pages_are_our_own() {
        let config = |url: &str| {
            let settings = Settings { public_url: Some(url.into()), ..Settings::default() };
            settings.resolve("none.toml".as_ref()).unwrap()
        };
        let (public, local) = (config("https://tokens.example"), config("http://127.0.0.1:3000"));
        type Lines = &'static [(&'static str, &'static str)];
        let cases: [(&Config, Lines, bool); 12] = [
            (&public, &[("sec-fetch-site", "same-origin")], true),
            (
                &public,
                &[("sec-fetch-site", "same-site"), ("origin", "https://tokens.example")],
                false,
            ),
            (&public, &[("sec-fetch-site", "cross-site")], false),
            (&public, &[("sec-fetch-site", "none")], false),
            (&public, &[], false),
            (&public, &[("origin", "null")], false),
            (&public, &[("origin", "https://tokens.example")], true),
            (&public, &[("origin", "http://tokens.example")], false),
            (&public, &[("origin", "https://evil.example"), ("host", "evil.example")], false),
            (&local, &[("origin", "http://localhost:3000"), ("host", "localhost:3000")], true),
            (&local, &[("origin", "http://evil.example"), ("host", "localhost:3000")], false),
            (
                &local,
                &[
                    ("origin", "http://localhost:3000"),
                    ("origin", "http://localhost:3000"),
                    ("host", "localhost:3000"),
                ],
                false,
            ),
        ];
        for (config, lines, own) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(header::HeaderName::from_static(name), value.parse().unwrap());
            }
            assert_eq!(is_own(config, &headers), own, "{lines:?}");
        }
    }
}
