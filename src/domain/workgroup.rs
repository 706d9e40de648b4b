//! A workgroup, the policy its tokens obey, and the short name that stands in addresses.

use super::lifetime::Lifetime;
use super::notice::Stages;
use super::token::Kind;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workgroup {
    pub id: String,
    /// First segment of its pages' addresses: ASCII, unique, kept when the workgroup is renamed.
    pub slug: String,
    pub name: String,
    /// IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
    pub policy: Policy,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The longest lifetime that an expiring string may have.
    pub longest: Lifetime,
    /// Whether access tokens may be made that do not expire.
    pub non_expiring: bool,
    pub stages: Stages,
    /// Hour of the day, 0 to 23, in the workgroup's zone, at which early notices go out.
    pub notice_hour: i64,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            longest: Lifetime::Years1,
            non_expiring: false,
            stages: Stages::default(),
            notice_hour: 8,
        }
    }
}

impl Policy {
    /// Whether a new string of this kind may have this lifetime; the refusal says what the policy is.
    pub fn allows(&self, kind: Kind, lifetime: Lifetime) -> Result<(), String> {
        if lifetime == Lifetime::Never {
            return if self.non_expiring || kind == Kind::Device {
                Ok(())
            } else {
                Err("The workgroup's policy asks access tokens to expire.".into())
            };
        }
        if lifetime > self.longest {
            return Err(format!("The workgroup's policy allows at most {}.", self.longest.label()));
        }
        Ok(())
    }

    /// The lifetime that a reissue or renewal gives today, and whether the policy shortened it.
    #[must_use]
    pub fn clamp(&self, kind: Kind, lifetime: Lifetime) -> (Lifetime, bool) {
        match self.allows(kind, lifetime) {
            Ok(()) => (lifetime, false),
            Err(_) => (self.longest, true),
        }
    }
}

/// First path segments that are ours, and so never a slug.
const RESERVED: [&str; 22] = [
    "account",
    "administration",
    "api",
    "assets",
    "calendar",
    "docs",
    "favicon.ico",
    "favicon.svg",
    "fonts",
    "healthz",
    "invite",
    "metrics",
    "pkg",
    "readyz",
    "reset",
    "robots.txt",
    "rpc",
    "setup",
    "sign-in",
    "sign-out",
    "static",
    "unsubscribe",
];

/// The slug made of a name: ASCII letters and digits in lower case, other runs become one hyphen, at most 40 characters.
#[must_use]
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(plain) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(40);
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "workgroup".to_owned() } else { slug.to_owned() }
}

/// The slug itself, or with the first number behind it that is neither ours nor taken.
#[must_use]
pub fn free_slug(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let base = slug_of(name);
    let fits = |slug: &str| !RESERVED.contains(&slug) && !taken(slug);
    std::iter::once(base.clone())
        .chain((2..).map(|number| format!("{base}-{number}")))
        .find(|slug| fits(slug))
        .unwrap_or(base)
}

/// The letters that Latin alphabets write with marks, without them; everything else as it is.
fn plain(c: char) -> impl Iterator<Item = char> {
    let text: &str = match c {
        'ä' | 'Ä' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
        'ü' | 'Ü' => "ue",
        'ß' => "ss",
        'å' | 'Å' | 'á' | 'à' | 'â' | 'ã' | 'Á' | 'À' | 'Â' | 'Ã' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Î' => "i",
        'ó' | 'ò' | 'ô' | 'õ' | 'Ó' | 'Ô' | 'Õ' => "o",
        'ú' | 'ù' | 'û' | 'Ú' | 'Û' => "u",
        'ç' | 'Ç' => "c",
        'ñ' | 'Ñ' => "n",
        'æ' | 'Æ' => "ae",
        _ => "",
    };
    let own = if text.is_empty() { Some(c) } else { None };
    text.chars().chain(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_ascii_and_never_one_of_our_own_addresses() {
        let cases = [
            ("Harrow Valley", "harrow-valley"),
            ("  Süd / Nord  ", "sued-nord"),
            ("日本", "workgroup"),
            ("API", "api-2"),
            ("Sign in", "sign-in-2"),
        ];
        for (name, slug) in cases {
            assert_eq!(free_slug(name, |_| false), slug, "{name}");
        }
        assert_eq!(free_slug("Harrow", |slug| slug == "harrow" || slug == "harrow-2"), "harrow-3");
    }

    #[test]
    fn the_policy_bounds_lifetimes_and_says_so() {
        let policy = Policy { longest: Lifetime::Months3, ..Policy::default() };
        assert!(policy.allows(Kind::Access, Lifetime::Months3).is_ok());
        assert!(policy.allows(Kind::Access, Lifetime::Months6).unwrap_err().contains("3 months"));
        assert!(policy.allows(Kind::Access, Lifetime::Never).is_err());
        assert!(policy.allows(Kind::Device, Lifetime::Never).is_ok());
        assert_eq!(policy.clamp(Kind::Access, Lifetime::Never), (Lifetime::Months3, true));
        assert_eq!(policy.clamp(Kind::Access, Lifetime::Days7), (Lifetime::Days7, false));
    }
}
