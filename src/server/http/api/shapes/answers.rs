//! What calls answer with. `required` and nullable: the member is always there; not required: only where it says so.

use super::{codes, text, time, time_or_null};
use crate::domain::lifetime::Lifetime;
use crate::domain::status::TokenStatus;
use crate::domain::token::{Kind, Origin};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ComponentsBuilder, Object, ObjectBuilder, OneOfBuilder,
    Ref, Schema, SchemaType, Type,
};

/// A member of an object: its name, its schema, and whether it is always there.
type Member = (&'static str, RefOr<Schema>, bool);

pub fn named(components: ComponentsBuilder) -> ComponentsBuilder {
    let own = without(token(), &["note", "email", "created_by"]);
    let issued = || [token(), issue()].concat();
    components
        .schema("TokenString", object("One secret of a token, without the secret.", string()))
        .schema("Token", object("A grant, with the strings that stand for it.", token()))
        .schema("IssuedToken", object("A token with its new string.", issued()))
        .schema(
            "OwnToken",
            object("What its holder may know of a token.", [own, presented()].concat()),
        )
        .schema(
            "Retired",
            object("The strings that ended.", vec![always("retired", list(whole()))]),
        )
        .schema("Device", object("A thing that your API knows by an id.", device()))
        .schema(
            "RegisteredDevice",
            object("A new device, as its first token.", [issued(), registered()].concat()),
        )
        .schema("DeviceGroup", group())
        .schema("GroupEffect", object("What an edit would do; nothing was changed.", effect()))
        .schema("EditedGroup", edited_group())
        .schema("Policy", object("What the tokens of a workgroup obey.", policy()))
        .schema("Introspection", object("What is told of a token.", introspection()))
        .schema("Routes", object("Route policies.", routes()))
        .schema("RouteVerdict", object("What a request would be answered.", route_verdict()))
        .schema("Alive", object("The process answers.", vec![always("status", codes(["alive"]))]))
        .schema("Readiness", object("How the installation is.", readiness()))
        .schema("Tokens", items("Token"))
        .schema("Devices", items("Device"))
        .schema("DeviceGroups", items("DeviceGroup"))
}

fn always(name: &'static str, schema: impl Into<RefOr<Schema>>) -> Member {
    (name, schema.into(), true)
}

fn sometimes(name: &'static str, schema: impl Into<RefOr<Schema>>) -> Member {
    (name, schema.into(), false)
}

/// An object with these members and no other: an answer with a member more is a mistake of the document.
fn object(description: &str, members: Vec<Member>) -> ObjectBuilder {
    let empty = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description((!description.is_empty()).then_some(description))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    members.into_iter().fold(empty, |object, (name, schema, required)| {
        let object = object.property(name, schema);
        if required { object.required(name) } else { object }
    })
}

fn without(members: Vec<Member>, names: &[&str]) -> Vec<Member> {
    members.into_iter().filter(|(name, ..)| !names.contains(name)).collect()
}

fn any() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn whole() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer)
}

fn flag() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

fn or_null(kind: Type) -> Object {
    Object::with_type(SchemaType::from_iter([kind, Type::Null]))
}

fn list(item: impl Into<RefOr<Schema>>) -> Schema {
    ArrayBuilder::new().items(item.into()).build().into()
}

fn named_schema(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

fn route() -> ObjectBuilder {
    object(
        "What one line asks.",
        vec![
            always("line", whole().minimum(Some(1))),
            always("methods", list(any())),
            always("path", any()),
            always("kind", any()),
            always("permissions", list(any())),
            always("device", or_null(Type::String)),
        ],
    )
}

fn routes() -> Vec<Member> {
    vec![
        always("workgroup", any()),
        always("routes", or_null(Type::String)),
        always("family", or_null(Type::String)),
        always("lines", list(route())),
        always("version", whole()),
    ]
}

fn route_verdict() -> Vec<Member> {
    let route = OneOfBuilder::new().item(Object::with_type(Type::Null)).item(route());
    vec![
        always("allowed", flag()),
        always("code", or_null(Type::String)),
        always("why", any()),
        always("route", Schema::from(route.build())),
    ]
}

/// RFC 7662, section 2.2, and ours; of what is not active there is nothing but that.
fn introspection() -> Vec<Member> {
    vec![
        always("active", flag()),
        sometimes("token_type", codes(["Bearer"])),
        sometimes("sub", any().description(Some("The token's id."))),
        sometimes("scope", any().description(Some("Its permissions, with a blank between them."))),
        sometimes("id", any()),
        sometimes("kind", codes([Kind::Access, Kind::Device, Kind::Legacy].map(Kind::code))),
        sometimes("owner", any()),
        sometimes("workgroup", any()),
        sometimes("permissions", list(any())),
        sometimes("device", or_null(Type::String)),
        sometimes("device_group", or_null(Type::String)),
        sometimes("expires_at", time_or_null()),
        sometimes("exp", whole()),
        sometimes("legacy_scopes", list(any())),
        sometimes(
            "allowed",
            flag().description(Some("Where something was asked, or it made too many requests.")),
        ),
        sometimes("code", any().description(Some("Why it may not."))),
        sometimes("detail", any()),
        sometimes("retry_after", whole()),
    ]
}

fn items(name: &str) -> ObjectBuilder {
    object("A page of a list.", vec![always("items", list(named_schema(name)))])
}

fn string() -> Vec<Member> {
    let origins = [Origin::Create, Origin::Reissue, Origin::Renew, Origin::Import];
    vec![
        always("number", whole().minimum(Some(1)).description(Some("Never given twice."))),
        always("hint", any().description(Some("How it is shown: `lka_…9fK2`."))),
        always("origin", codes(origins.map(Origin::code))),
        always("issued_at", time()),
        always("expires_at", time_or_null()),
        always("retired_at", time_or_null()),
        always("last_used_at", time_or_null()),
    ]
}

fn token() -> Vec<Member> {
    let kinds = [Kind::Access, Kind::Device, Kind::Legacy];
    vec![
        always("id", any()),
        always("kind", codes(kinds.map(Kind::code))),
        always("owner", any().description(Some("Whose it is: free text."))),
        always("email", any()),
        always("name", or_null(Type::String)),
        always(
            "expires",
            codes(Lifetime::ALL.map(Lifetime::code))
                .description(Some("The lifetime of future strings.")),
        ),
        always("can_renew", flag()),
        always("permissions", list(any())),
        always("scopes", list(any())),
        always("device_group", or_null(Type::String)),
        always("device", or_null(Type::String)),
        always("note", or_null(Type::String)),
        always("rate_limit", or_null(Type::Integer)),
        always("status", codes(TokenStatus::ALL.map(TokenStatus::code))),
        always("hint", any()),
        always("expires_at", time_or_null()),
        always("renew_from", time_or_null()),
        always("created_at", time()),
        always("created_by", any()),
        always("revoked_at", time_or_null()),
        always("last_used_at", time_or_null()),
        always(
            "version",
            whole().description(Some("Counts the edits; an edit names the one it saw.")),
        ),
        always("strings", list(named_schema("TokenString"))),
    ]
}

fn issue() -> Vec<Member> {
    let secret = any()
        .pattern(Some("^lk[ad]_[0-9A-Za-z]{38}$"))
        .description(Some("The string itself, this once; left out when the call is repeated."));
    let notes = list(any().description(Some("What is not as it was asked for.")));
    vec![sometimes("token", secret), sometimes("notes", notes)]
}

fn presented() -> Vec<Member> {
    vec![
        always("workgroup", any()),
        always("string", named_schema("TokenString")),
        sometimes("device_name", any()),
    ]
}

fn metadata() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(Schema::from(any().build())))
        .description(Some("Keys and values, both texts."))
}

fn device() -> Vec<Member> {
    vec![
        always("external_id", any()),
        always("name", any()),
        always("metadata", metadata()),
        always("version", whole()),
        always("created_at", time()),
    ]
}

fn registered() -> Vec<Member> {
    vec![always("device_name", any()), always("metadata", metadata())]
}

/// The rule stands under its own name, so there is exactly one of three.
fn group() -> OneOfBuilder {
    let entry = object(
        "Every device whose metadata has this entry.",
        vec![always("key", any()), always("value", any())],
    );
    // Null for a caller that is bound to the group: whom it lists besides is not for it.
    let listed = || -> Schema {
        OneOfBuilder::new().item(Object::with_type(Type::Null)).item(list(any())).build().into()
    };
    let rules: [Member; 3] =
        [always("in", listed()), always("not_in", listed()), always("metadata", entry)];
    let facts = || {
        vec![
            always("id", any()),
            always("name", text(80)),
            always("device_count", whole()),
            always("version", whole()),
            always("created_at", time()),
        ]
    };
    rules.into_iter().fold(
        OneOfBuilder::new().description(Some("A named subset of the workgroup's devices.")),
        |group, rule| group.item(object("", [facts(), vec![rule]].concat())),
    )
}

fn few(item: impl Into<RefOr<Schema>>) -> ObjectBuilder {
    object(
        "The count of all, and the first twenty.",
        vec![always("count", whole()), always("first", list(item))],
    )
}

fn effect() -> Vec<Member> {
    let device = || object("", vec![always("external_id", any()), always("name", any())]);
    vec![
        always("dry_run", flag()),
        always("gains", few(device())),
        always("loses", few(device())),
        always("device_count", whole()),
        always("tokens", few(any())),
        always("members", few(any())),
    ]
}

fn edited_group() -> OneOfBuilder {
    OneOfBuilder::new().item(named_schema("DeviceGroup")).item(named_schema("GroupEffect"))
}

fn policy() -> Vec<Member> {
    vec![
        always("workgroup", any()),
        always("name", any()),
        always("longest_lifetime", codes(Lifetime::ALL.map(Lifetime::code))),
        always("non_expiring", flag()),
        always("notice_stages", list(whole())),
        always("notice_hour", whole().minimum(Some(0)).maximum(Some(23))),
        always("time_zone", any()),
        always("version", whole()),
    ]
}

/// A database that does not answer leaves only the first three.
fn readiness() -> Vec<Member> {
    vec![
        always("status", codes(["ready", "not ready"])),
        always("database", codes(["ok", "not reachable"])),
        always("faults", list(any())),
        sometimes("last_tidied_at", time_or_null()),
        sometimes("last_sweep_at", time_or_null()),
        sometimes("oldest_unsent_at", time_or_null()),
        sometimes("oldest_unsent_age", or_null(Type::Integer)),
        sometimes("waiting", whole()),
        sometimes("undelivered", whole()),
        sometimes("mail_alarm", flag()),
        sometimes("clock_doubted", flag()),
    ]
}
