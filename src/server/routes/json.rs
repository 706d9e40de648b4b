//! Route policies as programs read them: the HTTP API and the command line write them alike.

use crate::domain::refusal::Code;
use crate::domain::routes::{DeviceRule, Family, Route, Verdict, WrittenRoutes};
use serde_json::{Value, json};

/// The text with what its lines mean.
#[must_use]
pub fn written(slug: &str, written: &WrittenRoutes, routes: &[Route]) -> Value {
    json!({
        "workgroup": slug,
        "routes": written.text,
        "family": written.family.map(Family::code),
        "lines": routes.iter().map(route).collect::<Vec<_>>(),
        "version": written.version,
    })
}

fn route(route: &Route) -> Value {
    let device = match &route.device {
        DeviceRule::Unnamed => Value::Null,
        DeviceRule::Any => json!("any"),
        DeviceRule::Parameter(name) => json!(format!("{{{name}}}")),
    };
    json!({
        "line": route.line,
        "methods": route.methods,
        "path": route.path,
        "kind": route.kind_words(),
        "permissions": route.permissions,
        "device": device,
    })
}

/// What a request would be answered.
#[must_use]
pub fn verdict(verdict: &Verdict) -> Value {
    json!({
        "allowed": verdict.code.is_none(),
        "code": verdict.code.map(Code::as_str),
        "why": verdict.why,
        "route": verdict.route.as_ref().map(route),
    })
}
