//! What was done in a workgroup: who, what, when, from where, and the values before and after. Never a secret.

use super::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    Person {
        id: String,
        name: String,
    },
    /// A token that holds Manage access, or whoever holds a string of this token.
    Token {
        id: String,
        title: String,
    },
    CommandLine,
}

impl Actor {
    /// In words.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Actor::Person { name, .. } => name.clone(),
            Actor::Token { title, .. } => format!("Token {title}"),
            Actor::CommandLine => "The command line".to_owned(),
        }
    }

    /// The kind and id that the store keeps.
    #[must_use]
    pub fn key(&self) -> (&'static str, &str) {
        match self {
            Actor::Person { id, .. } => ("person", id),
            Actor::Token { id, .. } => ("token", id),
            Actor::CommandLine => ("command_line", ""),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verb {
    TokenCreated,
    TokenEdited,
    TokenReissued,
    TokenRenewed,
    StringRetired,
    OlderStringsRetired,
    TokenRevoked,
    WorkgroupCreated,
    MemberSet,
    DeviceCreated,
    DeviceGroupCreated,
}

impl Verb {
    pub const ALL: [Verb; 11] = [
        Verb::TokenCreated,
        Verb::TokenEdited,
        Verb::TokenReissued,
        Verb::TokenRenewed,
        Verb::StringRetired,
        Verb::OlderStringsRetired,
        Verb::TokenRevoked,
        Verb::WorkgroupCreated,
        Verb::MemberSet,
        Verb::DeviceCreated,
        Verb::DeviceGroupCreated,
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Verb::TokenCreated => "token.created",
            Verb::TokenEdited => "token.edited",
            Verb::TokenReissued => "token.reissued",
            Verb::TokenRenewed => "token.renewed",
            Verb::StringRetired => "token.string_retired",
            Verb::OlderStringsRetired => "token.older_strings_retired",
            Verb::TokenRevoked => "token.revoked",
            Verb::WorkgroupCreated => "workgroup.created",
            Verb::MemberSet => "member.set",
            Verb::DeviceCreated => "device.created",
            Verb::DeviceGroupCreated => "device_group.created",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Verb> {
        Verb::ALL.into_iter().find(|verb| verb.code() == code)
    }

    /// In words, as the history of a thing shows it.
    #[must_use]
    pub fn past(self) -> &'static str {
        match self {
            Verb::TokenCreated => "Created",
            Verb::TokenEdited => "Edited",
            Verb::TokenReissued => "Reissued",
            Verb::TokenRenewed => "Renewed",
            Verb::StringRetired => "String retired",
            Verb::OlderStringsRetired => "Older strings retired",
            Verb::TokenRevoked => "Revoked",
            Verb::WorkgroupCreated => "Workgroup created",
            Verb::MemberSet => "Member set",
            Verb::DeviceCreated => "Device registered",
            Verb::DeviceGroupCreated => "Device group created",
        }
    }
}

/// Field to value, in words; a field that did not change stands in neither map.
pub type Values = BTreeMap<String, String>;

/// One row of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    pub at: Time,
    pub actor: String,
    pub verb: Verb,
    pub before: Values,
    pub after: Values,
    /// The client's address; `None` on the command line.
    pub address: Option<String>,
}
