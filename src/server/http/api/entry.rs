//! One call of the API as a row of its table: the address, the handler, and what the document says of both. The router and
//! the OpenAPI document are made of the same rows, so neither can have a call that the other lacks.

use super::super::router::Web;
use super::refusals::Refusals;
use super::shapes;
use crate::domain::refusal::Code;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use serde_json::{Value, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{Object, Ref, Schema};
use utoipa::openapi::{Header, RefOr, Required, SecurityRequirement};

pub const BEARER: &str = "bearer";
const JSON: &str = "application/json";

/// What the calls are grouped by in the document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Own,
    Verify,
    Tokens,
    Devices,
    Groups,
    Policy,
    Installation,
}

impl Tag {
    pub const ALL: [(Tag, &str, &str); 7] = [
        (Tag::Own, "Own token", "What the holder of a live string can do with that string alone."),
        (
            Tag::Verify,
            "Verification",
            "May this token do this? For proxies, and for APIs that ask themselves.",
        ),
        (Tag::Tokens, "Tokens", "For access tokens that hold `access.manage`."),
        (Tag::Devices, "Devices", "For access tokens that hold `devices.manage`."),
        (Tag::Groups, "Device groups", "For access tokens that hold `devices.manage`."),
        (Tag::Policy, "Policy", "What the tokens of a workgroup obey; only people change it."),
        (Tag::Installation, "Installation", "How it is, and what it answers. Anybody may ask."),
    ];

    fn name(self) -> &'static str {
        Tag::ALL.iter().find(|(tag, ..)| *tag == self).map_or("", |(_, name, _)| name)
    }
}

/// A row of the table.
pub struct Entry {
    pub method: HttpMethod,
    pub path: &'static str,
    pub handler: MethodRouter<Web>,
    tag: Tag,
    summary: &'static str,
    id: &'static str,
    description: &'static str,
    parameters: Vec<Parameter>,
    body: Option<(RefOr<Schema>, Value, bool)>,
    media: &'static str,
    answers: Vec<(u16, Response)>,
    refusals: Refusals,
    is_public: bool,
}

impl Entry {
    fn new<H, T>(method: HttpMethod, filter: MethodFilter, path: &'static str, handler: H) -> Entry
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        Entry {
            method,
            path,
            handler: on(filter, handler),
            tag: Tag::Installation,
            summary: "",
            id: "",
            description: "",
            parameters: shapes::named_in(path),
            body: None,
            media: JSON,
            answers: Vec::new(),
            refusals: Refusals::default(),
            is_public: false,
        }
    }

    pub fn get<H: Handler<T, Web>, T: 'static>(path: &'static str, handler: H) -> Entry {
        Entry::new(HttpMethod::Get, MethodFilter::GET, path, handler)
    }

    pub fn post<H: Handler<T, Web>, T: 'static>(path: &'static str, handler: H) -> Entry {
        Entry::new(HttpMethod::Post, MethodFilter::POST, path, handler)
    }

    pub fn patch<H: Handler<T, Web>, T: 'static>(path: &'static str, handler: H) -> Entry {
        Entry::new(HttpMethod::Patch, MethodFilter::PATCH, path, handler).refuses(&[Code::Conflict])
    }

    pub fn put<H: Handler<T, Web>, T: 'static>(path: &'static str, handler: H) -> Entry {
        Entry::new(HttpMethod::Put, MethodFilter::PUT, path, handler).refuses(&[Code::Conflict])
    }

    pub fn delete<H: Handler<T, Web>, T: 'static>(path: &'static str, handler: H) -> Entry {
        Entry::new(HttpMethod::Delete, MethodFilter::DELETE, path, handler)
    }

    /// Any other method, for the calls that judge all alike.
    pub fn other<H: Handler<T, Web>, T: 'static>(
        (method, filter): (HttpMethod, MethodFilter),
        path: &'static str,
        handler: H,
    ) -> Entry {
        Entry::new(method, filter, path, handler)
    }

    /// `id` is the `operationId`, by which generated clients call it.
    pub fn called(mut self, tag: Tag, id: &'static str, summary: &'static str) -> Entry {
        (self.tag, self.id, self.summary) = (tag, id, summary);
        self
    }

    pub fn says(mut self, description: &'static str) -> Entry {
        self.description = description;
        self
    }

    /// A call that needs no token.
    pub fn public(mut self) -> Entry {
        self.is_public = true;
        self
    }

    /// A JSON body with an example that would be taken.
    pub fn takes(mut self, schema: &str, example: Value) -> Entry {
        self.body = Some((reference(schema), example, true));
        self.refuses(&[Code::TooLarge, Code::UnsupportedMediaType, Code::InvalidInput])
    }

    /// The same as a form.
    pub fn takes_form(mut self, schema: &str, example: Value) -> Entry {
        self.media = "application/x-www-form-urlencoded";
        self.takes(schema, example)
    }

    /// The same, where the body may be left out.
    pub fn may_take(self, schema: &str, example: Value) -> Entry {
        let mut entry = self.takes(schema, example);
        entry.body = entry.body.map(|(schema, example, _)| (schema, example, false));
        entry
    }

    pub fn answers(self, status: u16, what: &str, schema: &str, example: Value) -> Entry {
        self.answers_as(status, what, JSON, Some(reference(schema)), Some(example))
    }

    /// Another media type than JSON, or a schema that has no name; a second one under the same status stands beside the first.
    pub fn answers_as(
        mut self,
        status: u16,
        what: &str,
        media: &str,
        schema: Option<RefOr<Schema>>,
        example: Option<Value>,
    ) -> Entry {
        let content = ContentBuilder::new().schema(schema).example(example).build();
        if let Some((_, answer)) = self.answers.iter_mut().find(|(known, _)| *known == status) {
            answer.content.insert(media.to_owned(), content.into());
        } else {
            let answer = ResponseBuilder::new().description(what).content(media, content);
            self.answers.push((status, answer.build()));
        }
        self
    }

    /// A status without a body.
    pub fn answers_nothing(mut self, status: u16, what: &str) -> Entry {
        self.answers.push((status, Response::new(what)));
        self
    }

    pub fn refuses(mut self, codes: &[Code]) -> Entry {
        self.refusals.add(codes);
        self
    }

    /// A client's faults are answered with 401 or 403 unless the caller asks for the statuses of their codes.
    pub fn proxied(mut self) -> Entry {
        self.refusals.is_proxied = true;
        self
    }

    pub fn with(mut self, parameter: Parameter) -> Entry {
        self.parameters.push(parameter);
        self
    }

    /// A header of the answers that are no refusal, beside those that every answer has.
    pub fn sends(mut self, name: &str, header: Header) -> Entry {
        for (_, answer) in &mut self.answers {
            answer.headers.insert(name.to_owned(), header.clone().into());
        }
        self
    }

    /// An answer that shows a token string.
    pub fn reveals(self) -> Entry {
        self.sends("Cache-Control", shapes::no_store_header())
    }

    /// A keyset page, with the way to the next one.
    ///
    /// `search`: what its search looks for.
    pub fn listed(self, search: &str) -> Entry {
        let [limit, cursor, search] = shapes::paging(search);
        let entry = self.with(limit).with(cursor).with(search);
        entry.sends("Link", shapes::link_header()).refuses(&[Code::InvalidInput])
    }

    /// A call that takes an `Idempotency-Key`.
    pub fn once(self) -> Entry {
        let entry = self.with(shapes::idempotency_key());
        let entry = entry.sends("Idempotency-Replayed", shapes::replayed_header());
        entry.refuses(&[Code::Conflict, Code::InvalidInput])
    }

    pub fn operation(&self) -> Operation {
        let mut operation = OperationBuilder::new()
            .tag(self.tag.name())
            .operation_id(Some(self.id))
            .summary(Some(self.summary))
            .description((!self.description.is_empty()).then_some(self.description))
            .parameters((!self.parameters.is_empty()).then(|| self.parameters.clone()));
        if let Some((schema, example, required)) = &self.body {
            let content = ContentBuilder::new()
                .schema(Some(schema.clone()))
                .example(Some(example.clone()))
                .build();
            let required = if *required { Required::True } else { Required::False };
            let body =
                RequestBodyBuilder::new().content(self.media, content).required(Some(required));
            operation = operation.request_body(Some(body.build()));
        }
        let security: SecurityRequirement = match self.is_public {
            true => SecurityRequirement::default(),
            false => SecurityRequirement::new(BEARER, Vec::<String>::new()),
        };
        operation = operation.security(security);
        for (status, answer) in &self.answers {
            let mut answer = answer.clone();
            let headers = &mut answer.headers;
            headers.insert("X-Request-Id".into(), shapes::request_id_header().into());
            if !self.is_public {
                headers.insert("X-Latchkey-Token-Expires".into(), shapes::expires_header().into());
            }
            operation = operation.response(status.to_string(), answer);
        }
        for (status, refusal) in self.refusals.responses(self.is_public, self.tag) {
            operation = operation.response(status.to_string(), refusal);
        }
        operation.build()
    }
}

/// A schema by its name in the document.
pub fn reference(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// A value of the query.
pub fn query(name: &str, description: &str, schema: Object) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

/// An example of a list with one item.
pub fn items(item: Value) -> Value {
    json!({ "items": [item] })
}
