//! What calls take. They read a body member by member and refuse what they do not know, so nothing else may stand in one.

use super::{codes, text};
use crate::domain::lifetime::Lifetime;
use crate::domain::token::Older;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ComponentsBuilder, ObjectBuilder, OneOfBuilder, Schema,
    SchemaType, Type,
};

pub fn named(components: ComponentsBuilder) -> ComponentsBuilder {
    components
        .schema("Question", question())
        .schema("NewRoutes", new_routes())
        .schema("Trial", trial())
        .schema("NewToken", new_token())
        .schema("TokenChanges", token_changes())
        .schema("Reissue", reissue())
        .schema("NewDevice", new_device())
        .schema("DeviceChanges", device_changes())
        .schema("NewDeviceGroup", new_group())
        .schema("DeviceGroupChanges", group_changes())
}

fn closed(description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description((!description.is_empty()).then_some(description))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

/// A text of at most so many characters; empty or null is none.
fn optional(most: usize) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .max_length(Some(most))
}

/// RFC 7662, section 2.1, and what is asked of the token.
fn question() -> ObjectBuilder {
    closed("A form. `permission` may be repeated.")
        .property("token", text(16_000).description(Some("The string that is examined.")))
        .property("permission", text(200).description(Some("Whether it holds this.")))
        .property(
            "device",
            text(200)
                .description(Some("Whether it reaches this device: its external id, or `any`.")),
        )
        .property("token_type_hint", text(200).description(Some("Passed over.")))
        .required("token")
}

fn new_routes() -> ObjectBuilder {
    closed("")
        .property("version", ObjectBuilder::new().schema_type(Type::Integer))
        .property("routes", optional(65_536).description(Some("Line by line; null: none.")))
        .property("family", codes(["forwarded", "original"]))
        .required("version")
        .required("routes")
}

fn trial() -> ObjectBuilder {
    closed("A request, and the token that makes it.")
        .property("method", text(40))
        .property("path", text(8_000).description(Some("With its query, if it has one.")))
        .property("kind", codes(["access", "device", "legacy"]))
        .property("permissions", ArrayBuilder::new().items(text(200)))
        .property("device", optional(200).description(Some("The one device that the token opens.")))
        .property(
            "routes",
            optional(65_536).description(Some("Tried instead of those that stand.")),
        )
        .required("method")
        .required("path")
}

fn email() -> ObjectBuilder {
    text(254).description(Some("One plain address."))
}

fn lifetime() -> ObjectBuilder {
    codes(Lifetime::ALL.map(Lifetime::code))
}

fn flag() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

fn names() -> ArrayBuilder {
    ArrayBuilder::new().items(text(200))
}

fn version() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).description(Some(
        "The one that you saw: a change by somebody else in between is a conflict.",
    ))
}

/// A whole number, a text such as `600/m`, or null for the installation's default.
fn rate_limit() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Integer, Type::String, Type::Null]))
        .minimum(Some(1))
        .description(Some("Requests per minute, `600` or `\"600/m\"`; null is the default."))
}

fn new_token() -> ObjectBuilder {
    let token = closed("What is asked for. Permissions and device group never change afterwards.")
        .property("owner", text(200).description(Some("Whose it is: free text.")))
        .property("email", email())
        .property("name", optional(80).description(Some("What tells one owner's tokens apart.")))
        .property(
            "expires",
            lifetime().description(Some("1m unless it is said; a device's token does not expire.")),
        )
        .property("can_renew", flag())
        .property("permissions", names())
        .property(
            "device_group",
            optional(80).description(Some("Its name; none: the whole workgroup.")),
        )
        .property(
            "device",
            optional(200).description(Some("Its external id; makes a device token.")),
        )
        .property("note", optional(2000))
        .property("rate_limit", rate_limit());
    token.required("owner").required("email")
}

fn token_changes() -> ObjectBuilder {
    closed("Only what is named is changed.")
        .property("version", version())
        .property("owner", text(200))
        .property("email", email())
        .property("name", optional(80))
        .property("expires", lifetime())
        .property("can_renew", flag())
        .property("note", optional(2000))
        .property("rate_limit", rate_limit())
        .required("version")
}

fn reissue() -> ObjectBuilder {
    let older = codes(Older::ALL.map(Older::code));
    let older = older.default(Some(Older::default().code().into()));
    closed("What becomes of the strings before.")
        .property("older", older.description(Some("Keep until their own expiry, or end them.")))
}

fn metadata() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(Schema::from(
        ObjectBuilder::new().schema_type(Type::String).build(),
    )))
}

/// The id has two names, of which one is sent.
fn new_device() -> OneOfBuilder {
    let named_by = |id: &str| {
        closed("")
            .property(id, text(200).description(Some("The id under which your API knows it.")))
            .property("name", text(80))
            .property("metadata", metadata())
            .property("permissions", names())
            .required(id)
            .required("name")
    };
    OneOfBuilder::new()
        .description(Some(
            "A new device. Without `permissions` its token gets all that are for devices.",
        ))
        .item(named_by("external_id"))
        .item(named_by("id"))
}

fn device_changes() -> ObjectBuilder {
    closed("Only what is named is changed; `metadata` is replaced whole.")
        .property("version", version())
        .property("name", text(80))
        .property("metadata", metadata())
        .required("version")
}

/// The three rules of a group, each under its own name.
fn rules() -> [(&'static str, RefOr<Schema>); 3] {
    let entry = closed("Every device whose metadata has this entry.")
        .property("key", text(200))
        .property("value", ObjectBuilder::new().schema_type(Type::String))
        .required("key")
        .required("value");
    [("in", names().into()), ("not_in", names().into()), ("metadata", entry.into())]
}

fn new_group() -> OneOfBuilder {
    let group = OneOfBuilder::new().description(Some("A name and one rule."));
    rules().into_iter().fold(group, |group, (name, rule)| {
        let own = closed("").property("name", text(80)).property(name, rule);
        group.item(own.required("name").required(name))
    })
}

fn group_changes() -> ObjectBuilder {
    let changes = closed("Only what is named is changed; at most one rule.")
        .property("version", version())
        .property("name", text(80))
        .property("dry_run", flag().description(Some("Say what it would do, and do nothing.")))
        .required("version");
    rules().into_iter().fold(changes, |changes, (name, rule)| changes.property(name, rule))
}
