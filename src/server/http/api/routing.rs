//! From rows of the table to a router.

use super::super::router::Web;
use super::entry::Entry;
use super::not_allowed;
use axum::Router;
use axum::http::HeaderValue;
use axum::routing::MethodRouter;
use std::collections::BTreeMap;
use utoipa::openapi::path::HttpMethod;

/// The addresses of these rows, each with its methods; `finish` is told which those are.
pub fn routed(
    entries: Vec<Entry>,
    finish: impl Fn(MethodRouter<Web>, &[&'static str]) -> MethodRouter<Web>,
) -> Router<Web> {
    routed_under("", entries, finish)
}

/// The same below `root`. A router that is nested does the same, and takes every address apart and together again.
pub fn routed_under(
    root: &str,
    entries: Vec<Entry>,
    finish: impl Fn(MethodRouter<Web>, &[&'static str]) -> MethodRouter<Web>,
) -> Router<Web> {
    let mut addresses: BTreeMap<&'static str, (MethodRouter<Web>, Vec<&'static str>)> =
        BTreeMap::new();
    for entry in entries {
        let name = name_of(&entry.method);
        let (methods, names) = addresses.remove(entry.path).unwrap_or_default();
        let names = names.into_iter().chain([name]).collect();
        addresses.insert(entry.path, (methods.merge(entry.handler), names));
    }
    addresses.into_iter().fold(Router::new(), |router, (path, (methods, names))| {
        router.route(&format!("{root}{path}"), finish(methods, &names))
    })
}

fn name_of(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Head => "HEAD",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Trace => "TRACE",
    }
}

/// Whatever the rows have, and nothing beside it.
pub fn as_they_are(methods: MethodRouter<Web>, _: &[&'static str]) -> MethodRouter<Web> {
    methods
}

/// These calls change something or answer with a secret, so HEAD is not taken for GET.
pub fn only(methods: MethodRouter<Web>, names: &[&'static str]) -> MethodRouter<Web> {
    let allow = HeaderValue::from_str(&names.join(", ")).ok();
    let refuse = move || async move { not_allowed(allow) };
    methods.head(refuse.clone()).fallback(refuse)
}
