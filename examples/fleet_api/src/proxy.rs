//! The other way to trust Latchkey: behind a proxy that has asked it (forward-auth) and says in `X-Latchkey-*` headers whose call it is.
//! Only for an API that nobody but the proxy can reach: whoever can connect could write these headers too.

use crate::latchkey::{Caller, Demand, named_device};
use crate::problem::Problem;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use std::sync::Arc;

/// Lets a call through that the proxy vouches for, and that holds what the route needs.
pub async fn vouched(workgroup: &str, demand: Demand, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = match named_device(&mut parts, &demand).await {
        Ok(device) => caller(&parts.headers, workgroup, &demand, device.as_deref()),
        Err(problem) => Err(problem),
    };
    match caller {
        Ok(caller) => {
            parts.extensions.insert(Arc::new(caller));
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// The proxy has asked for this very route, if it is set up as it should be. Looked at again is what the headers tell: a rule of the
/// proxy that is too wide opens nothing. What they do not tell is which devices a group holds: that the proxy has to ask.
fn caller(
    headers: &HeaderMap,
    workgroup: &str,
    demand: &Demand,
    device: Option<&str>,
) -> Result<Caller, Problem> {
    let told = one(headers, "x-latchkey-workgroup")?.ok_or_else(|| {
        Problem::new(401, "missing_token", "Nothing vouches for this call: it came past the proxy.")
    })?;
    if told != workgroup {
        return Err(Problem::new(401, "invalid_token", "This token is one of another workgroup."));
    }
    if one(headers, "x-latchkey-kind")?.as_deref() != Some(demand.kind) {
        let detail = format!("This call needs a token of the kind {}.", demand.kind);
        return Err(Problem::new(403, "wrong_token_type", detail));
    }
    let permissions = one(headers, "x-latchkey-permissions")?.unwrap_or_default();
    if !permissions.split(' ').any(|held| held == demand.permission) {
        let detail = format!("This token lacks the permission {}.", demand.permission);
        let problem = Problem::new(403, "insufficient_permissions", detail);
        return Err(Problem { required_permission: Some(demand.permission.to_owned()), ..problem });
    }
    let own = one(headers, "x-latchkey-device")?;
    match (&own, device) {
        (Some(own), Some(asked)) if own != asked => return Err(Problem::not_found("device")),
        (Some(_), None) => return Err(bound()),
        _ if device.is_none() && one(headers, "x-latchkey-device-group")?.is_some() => {
            return Err(bound());
        }
        _ => {}
    }
    Ok(Caller { owner: one(headers, "x-latchkey-owner")?.unwrap_or_default() })
}

fn bound() -> Problem {
    let detail = "This token opens some devices alone, and the call names none.";
    Problem::new(403, "insufficient_permissions", detail)
}

/// The value of a header, decoded. Twice is once too often: then a client's own stands beside the proxy's.
fn one(headers: &HeaderMap, name: &str) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        let detail = format!("The header {name} is there twice.");
        return Err(Problem::new(400, "duplicate_credentials", detail));
    }
    let decode = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Ok(first.and_then(|value| value.to_str().ok()).map(decode))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENDING: Demand =
        Demand { kind: "device", permission: "telemetry.send", device: Some("id") };
    const REPORT: Demand = Demand { kind: "access", permission: "read", device: None };

    fn verdict(
        lines: &[(&'static str, &'static str)],
        demand: &Demand,
        device: Option<&str>,
    ) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        match caller(&headers, "harrow", demand, device) {
            Ok(caller) => format!("yes {}", caller.owner),
            Err(problem) => format!("{} {}", problem.status, problem.code),
        }
    }

    #[test]
    fn what_the_headers_tell_is_looked_at_again() {
        let workgroup = ("x-latchkey-workgroup", "harrow");
        let (access, thing) = (("x-latchkey-kind", "access"), ("x-latchkey-kind", "device"));
        let owner = ("x-latchkey-owner", "Zo%C3%AB 50%25");
        let read = ("x-latchkey-permissions", "devices.control read");
        let send = ("x-latchkey-permissions", "telemetry.send");
        let pump = ("x-latchkey-device", "pump-1");
        let group = ("x-latchkey-device-group", "North");
        let (one, two) = (Some("pump-1"), Some("pump-2"));
        let report = |lines: &[_]| verdict(lines, &REPORT, None);
        let sending = |lines: &[_], device| verdict(lines, &SENDING, device);
        assert_eq!(report(&[workgroup, access, read, owner]), "yes Zoë 50%");
        assert_eq!(sending(&[workgroup, thing, send, pump, owner], one), "yes Zoë 50%");
        assert_eq!(sending(&[workgroup, thing, send, pump], two), "404 not_found");
        assert_eq!(report(&[]), "401 missing_token");
        assert_eq!(report(&[access, read]), "401 missing_token");
        let other = ("x-latchkey-workgroup", "brook");
        assert_eq!(report(&[other, access, read]), "401 invalid_token");
        assert_eq!(report(&[workgroup, other, access, read]), "400 duplicate_credentials");
        assert_eq!(report(&[workgroup, thing, read]), "403 wrong_token_type");
        assert_eq!(report(&[workgroup, read]), "403 wrong_token_type");
        assert_eq!(report(&[workgroup, access]), "403 insufficient_permissions");
        let close = ("x-latchkey-permissions", "read.most dread");
        assert_eq!(report(&[workgroup, access, close]), "403 insufficient_permissions");
        assert_eq!(report(&[workgroup, access, read, group]), "403 insufficient_permissions");
    }
}
