//! The OpenAPI document: made of the table of calls, served at `/api/v1/openapi.json` and printed by `latchkey openapi`.

use super::entry::{BEARER, Entry, Tag};
use super::{refusals, shapes, table, verify_table};
use crate::domain::refusal::Refusal;
use crate::server::http::problem::Problem;
use crate::server::http::router::Web;
use crate::server::secret::sha256;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fmt::Write;
use utoipa::openapi::path::{PathItem, PathsBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder};

/// Where the API is mounted.
pub const ROOT: &str = "/api/v1";

/// The document as it is served.
#[derive(Debug)]
pub struct Document {
    text: Bytes,
    /// A strong validator (RFC 9110, section 8.8.3).
    tag: HeaderValue,
}

impl Document {
    pub fn of(public_url: &str) -> serde_json::Result<Document> {
        let text = serde_json::to_vec(&document(public_url))?;
        let mut tag = String::from("\"");
        for byte in &sha256(&text)[..16] {
            let _ = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        let tag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
        Ok(Document { text: text.into(), tag })
    }
}

/// Everything that this installation answers to programs. Its server is the public URL.
#[must_use]
pub fn document(public_url: &str) -> OpenApi {
    let tags = Tag::ALL.map(|(_, name, description)| {
        TagBuilder::new().name(name).description(Some(description)).build()
    });
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "A live token string, `lka_…` or `lkd_…`, in the Authorization header and nowhere else.",
    ));
    let components =
        shapes::components().security_scheme(BEARER, SecurityScheme::Http(bearer.build()));
    let info = InfoBuilder::new()
        .title("Latchkey")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(description()))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ));
    OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url(public_url).build()]))
        .tags(Some(tags))
        .paths(paths())
        .components(Some(components.build()))
        .build()
}

fn paths() -> PathsBuilder {
    let mounted = [
        table::own(),
        verify_table::authorizing(),
        verify_table::introspecting(),
        table::managed(),
        table::of_groups(),
        table::of_routes(),
        table::document(),
    ];
    let mounted = mounted.into_iter().flatten().map(|entry| (ROOT, entry));
    let plain = table::installation().into_iter().map(|entry| ("", entry));
    mounted.chain(plain).fold(PathsBuilder::new(), |paths, (root, entry): (_, Entry)| {
        let operation = entry.operation();
        paths.path(format!("{root}{}", entry.path), PathItem::new(entry.method, operation))
    })
}

fn description() -> String {
    format!(
        "Tokens are issued, renewed, watched and retired here. Times are RFC 3339 in UTC; lists are keyset pages, the next \
         one in the `Link` header. What a caller may not see does not exist for it: 404.\n\n## Refusals\n\nEvery refusal is \
         problem details (RFC 9457) with one of these codes. An address answers a method that it does not have with \
         405 and `Allow`.\n\n{}",
        refusals::table()
    )
}

/// Anybody may read it; whoever has it already is told so.
pub async fn show(State(web): State<Web>, request: HeaderMap) -> Response {
    let document = match web.document() {
        Ok(document) => document,
        Err(error) => {
            tracing::error!(%error, "the OpenAPI document cannot be written");
            return Problem(Refusal::internal()).into_response();
        }
    };
    let known = request.get_all(header::IF_NONE_MATCH).iter().any(|sent| is_known(sent, document));
    let (status, body) = match known {
        true => (StatusCode::NOT_MODIFIED, Bytes::new()),
        false => (StatusCode::OK, document.text.clone()),
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::ETAG, document.tag.clone());
    response
}

/// The weak comparison that `If-None-Match` asks for (RFC 9110, section 13.1.2).
fn is_known(sent: &HeaderValue, document: &Document) -> bool {
    let (Ok(sent), Ok(tag)) = (sent.to_str(), document.tag.to_str()) else { return false };
    sent.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}
