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
    /// What falls due by itself.
    Clock,
}

impl Actor {
    /// In words.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Actor::Person { name, .. } => name.clone(),
            Actor::Token { title, .. } => format!("Token {title}"),
            Actor::CommandLine => "The command line".to_owned(),
            Actor::Clock => "The clock".to_owned(),
        }
    }

    /// The kind and id that the store keeps.
    #[must_use]
    pub fn key(&self) -> (&'static str, &str) {
        match self {
            Actor::Person { id, .. } => ("person", id),
            Actor::Token { id, .. } => ("token", id),
            Actor::CommandLine => ("command_line", ""),
            Actor::Clock => ("clock", ""),
        }
    }
}

/// Each verb once: its name here, its code in the store and in exports, and its words on the page of what it was done to
/// and in a list of everything.
macro_rules! verbs {
    ($($verb:ident $code:literal $past:literal $title:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Verb {
            $($verb,)*
        }

        impl Verb {
            pub const ALL: &[Verb] = &[$(Verb::$verb),*];

            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Verb::$verb => $code,)*
                }
            }

            /// In words, as the history of a thing shows it.
            #[must_use]
            pub fn past(self) -> &'static str {
                match self {
                    $(Verb::$verb => $past,)*
                }
            }

            /// In words that say what it was done to, as the record of a workgroup shows it.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self {
                    $(Verb::$verb => $title,)*
                }
            }
        }
    };
}

verbs! {
    TokenCreated "token.created" "Created" "Token created",
    TokenImported "token.imported" "Imported" "Legacy token imported",
    TokenEdited "token.edited" "Edited" "Token edited",
    TokenReissued "token.reissued" "Reissued" "Token reissued",
    TokenRenewed "token.renewed" "Renewed" "Token renewed",
    StringRetired "token.string_retired" "String retired" "Token string retired",
    OlderStringsRetired "token.older_strings_retired" "Older strings retired" "Older token strings retired",
    TokenRevoked "token.revoked" "Revoked" "Token revoked",
    TokenRemoved "token.removed" "Removed" "Token removed",
    MemberInvited "member.invited" "Invited" "Member invited",
    InvitationSentAgain "invitation.sent_again" "Invitation sent again" "Invitation sent again",
    InvitationWithdrawn "invitation.withdrawn" "Invitation withdrawn" "Invitation withdrawn",
    MemberJoined "member.joined" "Joined" "Invitation accepted",
    MemberSet "member.set" "Rights set" "Member's rights set",
    MemberRemoved "member.removed" "Removed" "Member removed",
    DeviceCreated "device.created" "Registered" "Device registered",
    DeviceEdited "device.edited" "Edited" "Device edited",
    DeviceRemoved "device.removed" "Removed" "Device removed",
    ImportStarted "import.started" "Import started" "Import started",
    ImportEnded "import.ended" "Import ended" "Import ended",
    DeviceGroupCreated "device_group.created" "Created" "Device group created",
    DeviceGroupEdited "device_group.edited" "Edited" "Device group edited",
    DeviceGroupRemoved "device_group.removed" "Removed" "Device group removed",
    WorkgroupCreated "workgroup.created" "Created" "Workgroup created",
    WorkgroupRenamed "workgroup.renamed" "Renamed" "Workgroup renamed",
    PolicyChanged "workgroup.policy_changed" "Policy changed" "Policy changed",
    RoutesChanged "workgroup.routes_changed" "Route policies changed" "Route policies changed",
    CalendarChanged "workgroup.calendar_changed" "Calendar address changed" "Calendar address changed",
    NoticeSentAgain "notice.sent_again" "Notice sent again" "Notice sent again",
    TestMailSent "notice.test_sent" "Test mail sent" "Test mail sent",
    ActivityExported "activity.exported" "Exported" "Activity exported",
    ClockConfirmed "installation.clock_confirmed" "Clock confirmed" "Clock confirmed",
    UserCreated "user.created" "Created" "User created",
    UserEdited "user.edited" "Edited" "User edited",
    UserDisabled "user.disabled" "Disabled" "User disabled",
    UserEnabled "user.enabled" "Enabled" "User enabled",
    AdministratorSet "user.administrator_set" "Administrator set" "Administrator set",
    PasswordChanged "user.password_changed" "Password changed" "Password changed",
    PasswordReset "user.password_reset" "Password reset" "Password reset",
    PermissionAdded "permission.added" "Added" "Permission added",
    PermissionEdited "permission.edited" "Edited" "Permission edited",
    PermissionRetired "permission.retired" "Retired" "Permission retired",
    PermissionRestored "permission.restored" "Restored" "Permission restored",
    PermissionDeleted "permission.deleted" "Deleted" "Permission deleted",
}

impl Verb {
    #[must_use]
    pub fn parse(code: &str) -> Option<Verb> {
        Verb::ALL.iter().copied().find(|verb| verb.code() == code)
    }

    /// Whether it is done to the installation as a whole: such rows stand in no workgroup's record.
    #[must_use]
    pub fn of_installation(self) -> bool {
        ["user.", "permission.", "installation."].iter().any(|kind| self.code().starts_with(kind))
    }
}

/// Field to value, in words; a field that did not change stands in neither map.
pub type Values = BTreeMap<String, String>;

/// One row of the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    pub id: String,
    pub at: Time,
    pub actor: String,
    pub verb: Verb,
    /// `token`, `device`, `device_group`, `member`, `workgroup`, `user`, `permission`, `import`
    pub subject_kind: String,
    pub subject_id: String,
    /// What it was done to, as it was called then.
    pub subject: String,
    pub before: Values,
    pub after: Values,
    /// The client's address; `None` on the command line.
    pub address: Option<String>,
    /// Why it was denied; `None`: it was done.
    pub denied: Option<String>,
}
