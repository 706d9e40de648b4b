//! The files of the front end, carried inside the binary. A debug build reads the folder instead.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::fmt::Write;
use std::sync::LazyLock;

/// `cargo leptos build` fills the folder before it compiles the server, so a release carries exactly its own front end.
#[derive(RustEmbed)]
#[folder = "target/site"]
#[exclude = "*.d.ts"]
#[exclude = "*.d.ts.br"]
#[exclude = "*.d.ts.gz"]
#[exclude = "fonts/*.br"]
#[exclude = "fonts/*.gz"]
#[allow_missing = true]
struct Site;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where the bundle lives: a folder named after its own contents, so that it can be kept for ever.
pub fn root() -> &'static str {
    static ROOT: LazyLock<String> = LazyLock::new(|| {
        if cfg!(debug_assertions) {
            return String::new();
        }
        let bundle = Site::iter().filter(|file| file.starts_with("pkg/"));
        let sum = bundle.filter_map(|file| Site::get(&file)).fold([0_u8; 8], |mut sum, file| {
            let hash = file.metadata.sha256_hash();
            sum.iter_mut().zip(hash).for_each(|(sum, byte)| *sum = sum.rotate_left(1) ^ byte);
            sum
        });
        sum.iter().fold("/".to_owned(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    });
    &ROOT
}

/// One route for each file, so that a missing file is an ordinary unknown address.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let plain =
        |file: &std::borrow::Cow<'static, str>| !file.ends_with(".br") && !file.ends_with(".gz");
    Site::iter().filter(plain).fold(Router::new(), |router, file| {
        let bundled = file.starts_with("pkg/");
        let address = if bundled { format!("{}/{file}", root()) } else { format!("/{file}") };
        let handler = move |headers: HeaderMap| async move { respond(&file, &headers) };
        router.route(&address, get(handler))
    })
}

fn respond(path: &str, request: &HeaderMap) -> Response {
    let Some(plain) = Site::get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kept = path.starts_with("pkg/") || path.starts_with("fonts/");
    let cache = match (kept, cfg!(debug_assertions)) {
        (_, true) => "no-store",
        (true, false) => FOR_EVER,
        (false, false) => "public, max-age=3600",
    };
    let kind = plain.metadata.mimetype().to_owned();
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(header::CACHE_CONTROL, cache)
        .header(header::VARY, "accept-encoding");
    let file = match negotiate(path, request) {
        Some((encoding, packed)) => {
            response = response.header(header::CONTENT_ENCODING, encoding);
            packed
        }
        None => plain,
    };
    response.body(Body::from(file.data)).unwrap_or_default()
}

/// The packed form that the browser prefers, if there is one.
fn negotiate(path: &str, request: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let accepted = request.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepted.contains(encoding))
        .find_map(|(encoding, ending)| Some((encoding, Site::get(&format!("{path}.{ending}"))?)))
}
