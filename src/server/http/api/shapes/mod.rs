//! What the document says of values: parameters and headers here, bodies that are taken and given in the files beside. They
//! describe what the use cases read and write by themselves, and the tests hold every answer against them.

mod answers;
mod bodies;
pub mod examples;
mod refused;

pub use refused::refused;

use super::entry::query;
use super::refusals::header;
use crate::domain::routes::Family;
use crate::domain::token_list::Unused;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    ComponentsBuilder, KnownFormat, Object, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{Header, Required};

/// Every schema that has a name.
pub fn components() -> ComponentsBuilder {
    bodies::named(answers::named(ComponentsBuilder::new()))
        .schema("Problem", super::refusals::problem_schema())
}

/// One of these codes.
pub fn codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes))
}

pub fn text(most: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(most))
}

/// RFC 3339, in UTC.
pub fn time() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
}

/// The same, or null.
pub fn time_or_null() -> Object {
    time().schema_type(SchemaType::from_iter([Type::String, Type::Null])).build()
}

/// The parameters that stand in the path between braces.
pub fn named_in(path: &str) -> Vec<Parameter> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    names.map(|(name, _)| in_path(name)).collect()
}

fn in_path(name: &str) -> Parameter {
    let (description, schema, example) = match name {
        "workgroup" => {
            ("The workgroup's short name, as in its pages' addresses.", plain(), "harrow-valley")
        }
        "external_id" => ("The id under which your API knows the device.", plain(), "pump-1"),
        "number" => ("The string's number.", whole(1), "1"),
        _ => ("Its id, as lists and answers give it.", plain(), examples::ID),
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(schema))
        .example(Some(match name {
            "number" => 1.into(),
            _ => example.into(),
        }))
        .build()
}

fn plain() -> Object {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).build()
}

fn whole(least: i64) -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).build()
}

/// How long a token was not used.
pub fn unused() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^(never|unused[1-9][0-9]{0,3})$"))
        .examples(Unused::OFFERED.map(|unused| unused.code()))
        .build()
}

/// What every list takes.
pub fn paging(search: &str) -> [Parameter; 3] {
    let limit = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(100))
        .default(Some(20.into()));
    [
        query("limit", "Items on a page.", limit.build()),
        query(
            "cursor",
            "From the `Link` header of the page before; leave it out for the first.",
            any(),
        ),
        query("search", search, any()),
    ]
}

/// Any text, the empty one included.
pub fn any() -> Object {
    Object::with_type(Type::String)
}

pub fn idempotency_key() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[ -~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Makes a repetition harmless for 24 hours, per caller and address: it gets the first answer, without `token`.",
        ))
        .schema(Some(schema))
        .build()
}

pub fn request_id_header() -> Header {
    header("Names this request in the server's log.", Type::String)
}

pub fn expires_header() -> Header {
    header("When the presented string stops working (RFC 3339), or `never`.", Type::String)
}

pub fn link_header() -> Header {
    header("`<address>; rel=\"next\"` while there is another page (RFC 8288).", Type::String)
}

pub fn replayed_header() -> Header {
    header("`true`: this is the first answer to the same `Idempotency-Key`.", Type::String)
}

pub fn no_store_header() -> Header {
    header(
        "`no-store`: the answer shows a token string, and nobody on the way keeps it.",
        Type::String,
    )
}

/// What a proxy says of the request that it was asked for.
pub fn asked_of_the_proxy(name: &str, what: &str, family: Family) -> Parameter {
    let description = format!(
        "{what}, where `workgroup` is given and has route policies for proxies of this family ({}). Once, and from a trusted proxy alone.",
        family.label()
    );
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(any()))
        .build()
}

pub fn etag_header() -> Header {
    header("Names this very document; send it back as `If-None-Match`.", Type::String)
}

/// An object of whatever kind.
pub fn object() -> Object {
    Object::with_type(Type::Object)
}
