//! What the calls of one token tell besides their number: why some were refused, what was asked for, and from where.

use super::permission::{Permission, READ};
use super::refusal::Code;
use super::time::Time;
use super::token::{Kind, Token};
use serde::{Deserialize, Serialize};

/// What a call can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Permission,
    Device,
}

impl Subject {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Subject::Permission => "permission",
            Subject::Device => "device",
        }
    }
}

/// Calls that were refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The code of the refusal.
    pub code: String,
    /// The permission that was missing; empty: none, or one that is not in the catalogue.
    pub about: String,
    pub calls: i64,
}

/// Calls in which one thing was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// A permission's name or a device's external id, as the caller gave it.
    pub name: String,
    pub calls: i64,
    /// Days since 1970.
    pub last_day: i64,
}

/// Addresses that are kept of one token: those that were seen last.
pub const ADDRESSES_KEPT: i64 = 50;

/// An address from which the token was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenAddress {
    pub address: String,
    pub first_seen_at: Time,
    pub last_seen_at: Time,
}

/// Everything of the kind that a token's page shows. Lists hold the first; how many there are stands beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Of the last thirty days, the most frequent first.
    pub refusals: Vec<Refused>,
    pub permissions: Vec<Asked>,
    pub devices: Vec<Asked>,
    pub device_count: i64,
    pub addresses: Vec<SeenAddress>,
    pub address_count: i64,
}

/// The codes with which a call that shows a known string can be refused.
const CODES: [Code; 10] = [
    Code::TokenExpired,
    Code::TokenRevoked,
    Code::TokenSuperseded,
    Code::WrongTokenType,
    Code::InsufficientPermissions,
    Code::RenewalNotEnabled,
    Code::LegacyToken,
    Code::NotFound,
    Code::RateLimited,
    Code::RenewedTooOften,
];

/// The string had ended: whoever calls with it is broken.
#[must_use]
pub fn is_knock(code: Code) -> bool {
    matches!(code, Code::TokenExpired | Code::TokenRevoked | Code::TokenSuperseded)
}

impl Refused {
    /// Why, as it stands behind "12 times:".
    #[must_use]
    pub fn why(&self) -> String {
        let Some(code) = CODES.into_iter().find(|code| code.as_str() == self.code) else {
            return format!("refused with {}", self.code);
        };
        let words = match code {
            Code::TokenExpired => "the string had expired",
            Code::TokenRevoked => "the token was revoked",
            Code::TokenSuperseded => "the string was retired",
            Code::WrongTokenType => "another kind of token was wanted",
            Code::InsufficientPermissions if self.about.is_empty() => {
                "a permission was missing, or no device was named"
            }
            Code::InsufficientPermissions => {
                return format!("the permission {} was missing", self.about);
            }
            Code::RenewalNotEnabled => "it cannot be renewed",
            Code::LegacyToken => "a legacy token cannot do this",
            Code::NotFound => "the device or thing is not there, or is none that it opens",
            Code::RateLimited => "too many requests in a minute",
            Code::RenewedTooOften => "it had too many live strings to be renewed",
            _ => code.title(),
        };
        words.to_owned()
    }
}

/// `once`, `12 times`.
#[must_use]
pub fn times(calls: i64) -> String {
    match calls {
        1 => "once".to_owned(),
        _ => format!("{} times", super::usage::grouped(calls)),
    }
}

impl TokenUsage {
    /// The permissions that the token holds and that nobody asked for, in the catalogue's order: it may do more than it has
    /// to. Nothing is said of Read, which every token has, nor while nothing was asked for at all.
    #[must_use]
    pub fn never_asked<'a>(
        &self,
        token: &Token,
        catalogue: &'a [Permission],
    ) -> Vec<&'a Permission> {
        if self.permissions.is_empty() || token.kind == Kind::Legacy {
            return Vec::new();
        }
        let asked = |name: &str| self.permissions.iter().any(|known| known.name == name);
        let idle = catalogue.iter().filter(|known| {
            known.name != READ && token.permissions.contains(&known.name) && !asked(&known.name)
        });
        idle.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::catalogue_at_first_start;

    #[test]
    fn each_refusal_says_why_in_words() {
        let why = |code: &str, about: &str| {
            Refused { code: code.into(), about: about.into(), calls: 1 }.why()
        };
        let cases = [
            ("token_expired", "", "the string had expired"),
            (
                "insufficient_permissions",
                "devices.control",
                "the permission devices.control was missing",
            ),
            ("insufficient_permissions", "", "a permission was missing, or no device was named"),
            ("rate_limited", "", "too many requests in a minute"),
            ("asleep", "", "refused with asleep"),
        ];
        for (code, about, words) in cases {
            assert_eq!(why(code, about), words);
        }
        for code in CODES {
            assert!(!why(code.as_str(), "").contains("refused with"), "{code:?}");
            assert_ne!(why(code.as_str(), ""), code.title(), "{code:?} has words of its own");
        }
        assert_eq!((times(1), times(1_204)), ("once".into(), "1\u{202f}204 times".into()));
    }

    #[test]
    fn what_was_never_asked_for_is_named_once_something_was() {
        let asked = |name: &str| Asked { name: name.into(), calls: 1, last_day: 1 };
        let usage = |names: &[&str]| TokenUsage {
            permissions: names.iter().map(|name| asked(name)).collect(),
            ..TokenUsage::default()
        };
        use super::super::life::tests::{string, token};
        let mut token = token(vec![string(1, 0, None)]);
        token.permissions = ["read", "devices.control", "tunnel"].map(Into::into).into();
        let catalogue = catalogue_at_first_start();
        let cases: [(&[&str], &[&str]); 4] = [
            (&[], &[]),
            (&["read"], &["devices.control", "tunnel"]),
            (&["tunnel", "unknown"], &["devices.control"]),
            (&["tunnel", "devices.control"], &[]),
        ];
        for (names, idle) in cases {
            let never = usage(names);
            let never = never.never_asked(&token, &catalogue);
            assert!(
                never.iter().map(|known| known.name.as_str()).eq(idle.iter().copied()),
                "{names:?}"
            );
        }
        token.kind = Kind::Legacy;
        assert!(usage(&["tunnel"]).never_asked(&token, &catalogue).is_empty());
    }
}
