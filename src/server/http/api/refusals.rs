//! What the document says of refusals: which codes a call may answer with, each as the problem that a caller reads.

use super::entry::{Tag, reference};
use super::shapes;
use crate::domain::refusal::Code;
use crate::server::http::problem;
use std::collections::BTreeMap;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{AllOfBuilder, Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Header, RefOr};

/// Of every call with a token: the Authorization header, the string in it, and a fault of ours.
const WITH_TOKEN: [Code; 9] = [
    Code::DuplicateCredentials,
    Code::MissingToken,
    Code::MissingBearerPrefix,
    Code::MalformedToken,
    Code::InvalidToken,
    Code::TokenExpired,
    Code::TokenRevoked,
    Code::TokenSuperseded,
    Code::Internal,
];

/// The codes of one call, each once, by the order of the statuses.
#[derive(Default)]
pub struct Refusals {
    codes: Vec<Code>,
    /// Each is answered as 401 or 403, too, for proxies that pass nothing else on.
    pub is_proxied: bool,
}

impl Refusals {
    pub fn add(&mut self, codes: &[Code]) {
        for code in codes {
            if !self.codes.contains(code) {
                self.codes.push(*code);
            }
        }
    }

    /// One answer a status, with an example for each of its codes.
    pub fn responses(&self, is_public: bool, tag: Tag) -> Vec<(u16, Response)> {
        let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
        let before = if is_public { &[][..] } else { &WITH_TOKEN[..] };
        for code in before.iter().chain(&self.codes) {
            by_status.entry(code.status()).or_default().push(*code);
            let proxied = problem::proxied(code.status());
            if self.is_proxied && proxied != code.status() {
                by_status.entry(proxied).or_default().push(*code);
            }
        }
        by_status
            .into_iter()
            .map(|(status, codes)| (status, self.response(status, &codes, is_public, tag)))
            .collect()
    }

    fn response(&self, status: u16, codes: &[Code], is_public: bool, tag: Tag) -> Response {
        let titles: Vec<_> =
            codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
        let examples = codes.iter().map(|code| {
            let example = ExampleBuilder::new()
                .summary(code.title())
                .value(Some(shapes::refused(*code, status, tag)))
                .build();
            (code.as_str(), example)
        });
        let content = ContentBuilder::new()
            .schema(Some(narrowed(status, codes)))
            .examples_from_iter(examples)
            .build();
        let mut response = ResponseBuilder::new()
            .description(titles.join(" "))
            .content("application/problem+json", content)
            .header("X-Request-Id", shapes::request_id_header());
        for (name, header) in headers(status, codes) {
            response = response.header(name, header);
        }
        if self.is_proxied {
            let code = header("The code of the body, for proxies.", Type::String);
            response = response.header("X-Latchkey-Code", code);
        }
        if !is_public {
            // Not where the string itself is refused, but where it ended while the call ran.
            response = response.header("X-Latchkey-Token-Expires", shapes::expires_header());
        }
        response.build()
    }
}

/// The problem with one of these codes.
fn narrowed(status: u16, codes: &[Code]) -> RefOr<Schema> {
    let codes: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    let number = ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([status]));
    let own =
        ObjectBuilder::new().property("status", number).property("code", shapes::codes(codes));
    AllOfBuilder::new().item(reference("Problem")).item(own).into()
}

fn headers(status: u16, codes: &[Code]) -> Vec<(&'static str, Header)> {
    let text = |why: &str| header(why, Type::String);
    let mut headers = Vec::new();
    if matches!(status, 401 | 403) {
        headers.push((
            "WWW-Authenticate",
            text("The challenge of RFC 6750, section 3: `Bearer realm=\"latchkey\"` and why."),
        ));
    }
    let limited = codes.contains(&Code::RenewedTooOften) || codes.contains(&Code::RateLimited);
    if limited || codes.contains(&Code::Unavailable) {
        let seconds = "Seconds after which the same call may succeed.";
        headers.push(("Retry-After", header(seconds, Type::Integer)));
    }
    if limited {
        headers.push(("RateLimit", text("What is left of the quota, and when it is whole.")));
        headers.push(("RateLimit-Policy", text("The quota.")));
    }
    headers
}

pub fn header(description: &str, kind: Type) -> Header {
    utoipa::openapi::HeaderBuilder::new()
        .schema(Some(Object::with_type(SchemaType::Type(kind))))
        .description(Some(description))
        .build()
}

/// Every code with its status and its title, for the front page of the document.
pub fn table() -> String {
    let row =
        |code: &Code| format!("| {} | `{}` | {} |\n", code.status(), code.as_str(), code.title());
    let rows: String = Code::ALL.iter().map(row).collect();
    format!("| status | code | title |\n|---|---|---|\n{rows}")
}

/// The body of every refusal (RFC 9457), with a member for each of what may help.
pub fn problem_schema() -> Schema {
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let number = || ObjectBuilder::new().schema_type(Type::Integer);
    let error = ObjectBuilder::new()
        .property("field", text())
        .property("message", text())
        .required("field")
        .required("message");
    let problem = ObjectBuilder::new()
        .description(Some("A refusal, as problem details (RFC 9457)."))
        .property("type", text().pattern(Some("^urn:latchkey:problem:[a-z_]+$")))
        .property("title", text())
        .property("status", number())
        .property("detail", text().description(Some("What was wrong and what to do.")))
        .property("code", text().enum_values(Some(codes)))
        .property("errors", error.to_array_builder())
        .property("required_permission", text())
        .property("expired_at", shapes::time())
        .property("retry_after", number().minimum(Some(1)))
        .examples([shapes::refused(Code::InvalidInput, 422, Tag::Tokens)]);
    let always = ["type", "title", "status", "detail", "code"];
    Schema::Object(always.into_iter().fold(problem, ObjectBuilder::required).build())
}
