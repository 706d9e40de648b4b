//! A legacy token as another system hands it over: an owner, the hash of its string, an end, and scopes that mean nothing here.

use super::lifetime::Lifetime;
use super::text::{Line, Name, Owner};
use super::time::{DAY, Time};
use super::user::Email;
use serde::{Deserialize, Serialize};

/// A token that expired longer ago than this has left the system; it is not brought in either.
const LISTED_AFTER_EXPIRY: i64 = 28 * DAY;
const MOST_SCOPES: usize = 50;

/// The row as it was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawLegacyRow<'a> {
    pub owner: &'a str,
    pub email: &'a str,
    /// Empty: none.
    pub name: &'a str,
    pub sha256: &'a str,
    /// RFC 3339, a date, or empty: never.
    pub expires_at: &'a str,
    /// Separated by spaces.
    pub scopes: &'a str,
}

/// The row with every value checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegacyRow {
    pub owner: Owner,
    pub email: Email,
    pub name: Option<Name>,
    pub sha256: HexHash,
    pub expires_at: Option<Time>,
    /// Opaque: reported, never taken for a permission.
    pub scopes: Vec<String>,
}

/// A SHA-256 in 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HexHash(String);

impl HexHash {
    pub fn parse(text: &str) -> Result<HexHash, String> {
        let text = text.trim();
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(
                "Write the SHA-256 of the token's string as 64 hexadecimal digits, never the string itself."
                    .into(),
            );
        }
        Ok(HexHash(text.to_ascii_lowercase()))
    }

    #[must_use]
    pub fn of(hash: &[u8; 32]) -> HexHash {
        HexHash(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        let digit = |at: usize| {
            let digit = self
                .0
                .as_bytes()
                .get(at)
                .map_or(0, |byte| char::from(*byte).to_digit(16).unwrap_or(0));
            u8::try_from(digit).unwrap_or(0)
        };
        std::array::from_fn(|at| digit(2 * at) << 4 | digit(2 * at + 1))
    }

    /// What is shown in place of the string's last characters, which nobody here knows.
    #[must_use]
    pub fn hint(&self) -> String {
        format!("…{}", self.0.get(..4).unwrap_or_default())
    }
}

impl LegacyRow {
    /// Everything that is wrong with it is said at once, each with its column.
    pub fn parse(raw: &RawLegacyRow<'_>, now: Time) -> Result<LegacyRow, Vec<String>> {
        let mut wrong = Vec::new();
        let owner = take(&mut wrong, "owner", Owner::parse(raw.owner));
        let email = take(&mut wrong, "email", Email::parse(raw.email));
        let name = take(&mut wrong, "name", optional_name(raw.name));
        let sha256 = take(&mut wrong, "sha256", HexHash::parse(raw.sha256));
        let expires_at = take(&mut wrong, "expires_at", end(raw.expires_at, now));
        let scopes = take(&mut wrong, "scopes", scopes(raw.scopes));
        match (owner, email, name, sha256, expires_at, scopes) {
            (
                Some(owner),
                Some(email),
                Some(name),
                Some(sha256),
                Some(expires_at),
                Some(scopes),
            ) => Ok(LegacyRow { owner, email, name, sha256, expires_at, scopes }),
            _ => Err(wrong),
        }
    }

    /// The lifetime that its end stands for: the shortest one that reaches it, a year at most. Its own string keeps its end;
    /// *Replace* begins with this.
    #[must_use]
    pub fn lifetime(&self, now: Time) -> Lifetime {
        let Some(end) = self.expires_at else { return Lifetime::Never };
        let reaches = |lifetime: &Lifetime| lifetime.end(now).is_some_and(|it| it >= end);
        Lifetime::ALL.into_iter().find(reaches).unwrap_or(Lifetime::Years1)
    }
}

fn take<T>(wrong: &mut Vec<String>, column: &str, parsed: Result<T, String>) -> Option<T> {
    parsed.map_err(|why| wrong.push(format!("{column}: {why}"))).ok()
}

fn optional_name(typed: &str) -> Result<Option<Name>, String> {
    if typed.trim().is_empty() { Ok(None) } else { Name::parse(typed).map(Some) }
}

/// A date means the first second of that day in UTC: no string lives longer than its file says.
fn end(typed: &str, now: Time) -> Result<Option<Time>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let end = Time::parse(typed).or_else(|| Time::parse(&format!("{typed}T00:00:00Z"))).ok_or(
        "Write a date such as 2027-03-31, a time such as 2027-03-31T10:00:00Z, or nothing if it never expires.",
    )?;
    if end + LISTED_AFTER_EXPIRY <= now {
        return Err(format!(
            "It expired on {}, more than four weeks ago; such a token is no longer listed. Leave this row out.",
            end.exact()
        ));
    }
    Ok(Some(end))
}

fn scopes(typed: &str) -> Result<Vec<String>, String> {
    if typed.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return Err("Control characters are not allowed.".into());
    }
    let scopes: Vec<_> = typed.split_whitespace().collect();
    if scopes.len() > MOST_SCOPES {
        return Err(format!("At most {MOST_SCOPES} scopes; these are {}.", scopes.len()));
    }
    let scope = |text: &&str| Line::<100>::parse(text).map(Line::into_string);
    scopes.iter().map(scope).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";

    fn now() -> Time {
        Time::parse("2026-11-21T10:00:00Z").unwrap()
    }

    fn raw() -> RawLegacyRow<'static> {
        RawLegacyRow {
            owner: " Old portal ",
            email: "Ops@Old.Example",
            sha256: HASH,
            expires_at: "2027-03-31",
            scopes: "plant.read  plant.write",
            ..RawLegacyRow::default()
        }
    }

    #[test]
    fn a_row_reads_as_it_was_meant() {
        let row = LegacyRow::parse(&raw(), now()).unwrap();
        assert_eq!((row.owner.as_str(), row.email.as_str()), ("Old portal", "Ops@old.example"));
        assert_eq!(row.expires_at.unwrap().rfc3339(), "2027-03-31T00:00:00Z");
        assert_eq!(row.scopes, ["plant.read", "plant.write"]);
        assert_eq!(row.sha256.hint(), "…ba78");
        assert_eq!(row.sha256.bytes()[..3], [0xba, 0x78, 0x16]);
        assert_eq!(HexHash::of(&row.sha256.bytes()), row.sha256);
        let never = RawLegacyRow { expires_at: " ", name: "CI", scopes: "", ..raw() };
        let never = LegacyRow::parse(&never, now()).unwrap();
        assert_eq!((never.expires_at, never.name.unwrap().as_str()), (None, "CI"));
    }

    #[test]
    fn everything_wrong_with_a_row_is_said_at_once() {
        let nothing =
            RawLegacyRow { expires_at: "soon", scopes: "a\u{7}", ..RawLegacyRow::default() };
        let wrong = LegacyRow::parse(&nothing, now()).unwrap_err();
        let columns: Vec<_> = wrong.iter().filter_map(|why| why.split(':').next()).collect();
        assert_eq!(columns, ["owner", "email", "sha256", "expires_at", "scopes"]);
    }

    #[test]
    fn only_a_whole_hash_is_a_hash() {
        for refused in
            ["", "abc", &HASH[1..], &format!("{HASH}0"), &HASH.replace('B', "g"), "lka_x"]
        {
            assert!(HexHash::parse(refused).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn an_end_is_ahead_or_less_than_four_weeks_ago() {
        let cases = [
            ("2026-11-21T10:00:00Z", true),
            ("2026-10-24T10:00:01Z", true),
            ("2026-10-24T10:00:00Z", false),
            ("2026-10-25", true),
            ("2026-10-24", false),
            ("2026-12-01T00:00:00+02:00", true),
            ("01.12.2026", false),
            ("2026-13-01", false),
            ("1795255200", false),
            ("never", false),
        ];
        for (typed, taken) in cases {
            assert_eq!(end(typed, now()).is_ok(), taken, "{typed}");
        }
        assert!(end("2026-10-24", now()).unwrap_err().contains("24 Oct 2026"));
    }

    #[test]
    fn its_lifetime_is_the_shortest_that_reaches_its_end() {
        let cases = [
            ("", Lifetime::Never),
            ("2026-11-22", Lifetime::Days7),
            ("2026-11-01", Lifetime::Days7),
            ("2026-12-21T10:00:00Z", Lifetime::Months1),
            ("2027-02-21T10:00:01Z", Lifetime::Months6),
            ("2040-01-01", Lifetime::Years1),
        ];
        for (expires_at, lifetime) in cases {
            let row = LegacyRow::parse(&RawLegacyRow { expires_at, ..raw() }, now()).unwrap();
            assert_eq!(row.lifetime(now()), lifetime, "{expires_at}");
        }
    }

    #[test]
    fn scopes_are_bounded() {
        assert!(scopes(&"a ".repeat(50)).is_ok());
        assert!(scopes(&"a ".repeat(51)).is_err());
        assert!(scopes(&"x".repeat(101)).is_err());
        assert_eq!(scopes("<script> =cmd()").unwrap(), ["<script>", "=cmd()"]);
    }
}
