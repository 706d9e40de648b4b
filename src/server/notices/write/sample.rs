//! Letters that nobody is sent: what each would say, of a token of the workgroup or of an example.

use super::expiry;
use super::facts::Facts;
use crate::domain::letter_page::Sample;
use crate::domain::lifetime::Lifetime;
use crate::domain::time::{DAY, HOUR, Time};
use crate::domain::token::{Kind, NumberedString, Origin, Reach, Token};
use crate::domain::user::Email;
use crate::server::error::Result;
use crate::server::mail::{Letter, letters};
use crate::server::state::AppState;
use crate::server::store::Lanes;
use anyhow::Context;

/// Where the example's strings are used from: an address that is nobody's (RFC 5737).
const FROM: &str = "203.0.113.24";

/// Whom a letter is shown to.
pub(in crate::server::notices) struct Reader<'a> {
    pub name: &'a str,
    pub email: &'a str,
}

/// The letter about `token`; `None`: about an example.
pub(in crate::server::notices) async fn letter(
    state: &AppState,
    on: &mut impl Lanes,
    workgroup_id: &str,
    sample: Sample,
    token: Option<Token>,
    reader: &Reader<'_>,
) -> Result<Letter> {
    let found = Facts::read(state, on, workgroup_id).await?;
    let mut facts = found.context("the workgroup is gone")?;
    let token = token.unwrap_or_else(|| example(sample, facts.now));
    let to = if sample == Sample::Test { reader.email } else { &token.email };
    let to = Email::parse(to).map_err(anyhow::Error::msg)?;
    let contacts = facts.contacts(on).await?;
    let may = facts.opens(on, &token).await?;
    let about = facts.of_token(on, &token).await?;
    let endings: Vec<_> = expiry::shown(&facts, &token, may).into_iter().collect();
    let sheet = facts.sheet(state);
    let seen = Seen { to: &to, sheet, token: &token, about: &about, contacts: &contacts };
    let contacts = &contacts;
    Ok(match sample {
        Sample::Expiry => letters::Expiry { to: &to, sheet, endings: &endings, contacts }.letter(),
        Sample::Issued => {
            let by = &token.created_by;
            letters::Issued { to: &to, sheet, token: &about, by, contacts }.letter()
        }
        Sample::Revoked => seen.revoked(reader.name),
        Sample::Renewed => seen.renewed(),
        Sample::Test => letters::Test { to: &to, sheet, by: reader.name }.letter(),
    }?)
}

/// What the letters about something that happened have in common.
struct Seen<'a> {
    to: &'a Email,
    sheet: letters::Sheet<'a>,
    token: &'a Token,
    about: &'a letters::TokenFacts,
    contacts: &'a [letters::Contact],
}

impl Seen<'_> {
    /// `by`: whoever looks, if nobody has revoked it.
    fn revoked(&self, by: &str) -> anyhow::Result<Letter> {
        let used = self.token.strings.iter().max_by_key(|string| string.last_used_at);
        let letter = letters::Revoked {
            to: self.to,
            sheet: self.sheet,
            token: self.about,
            at: self.token.revoked_at.unwrap_or(self.sheet.now),
            by: self.token.revoked_by.as_deref().unwrap_or(by),
            last_used: used.and_then(|it| it.last_used_at.zip(it.last_used_from.clone())),
            contacts: self.contacts,
        };
        letter.letter()
    }

    fn renewed(&self) -> anyhow::Result<Letter> {
        let letter = letters::Renewed {
            to: self.to,
            sheet: self.sheet,
            token: self.about,
            number: self.token.newest().map_or(1, |string| string.number),
            from: FROM,
            at: self.sheet.now - HOUR,
            contacts: self.contacts,
        };
        letter.letter()
    }
}

/// A token that might stand here: it ends in two weeks, may renew, and is in use.
fn example(sample: Sample, now: Time) -> Token {
    let (issued_at, expires_at) = (now - 76 * DAY, Some(now + 14 * DAY));
    let string = NumberedString {
        number: 1,
        hint: "lka_\u{2026}9fK2".to_owned(),
        origin: Origin::Create,
        issued_at,
        expires_at,
        retired_at: None,
        last_used_at: Some(now - 4 * 60),
        last_used_from: Some(FROM.to_owned()),
    };
    Token {
        id: "example".to_owned(),
        kind: Kind::Access,
        owner: "Plant integrator".to_owned(),
        name: None,
        email: "integration@example.com".to_owned(),
        lifetime: Lifetime::default(),
        can_renew: true,
        permissions: ["read".to_owned()].into(),
        scopes: Vec::new(),
        reach: Reach::Workgroup,
        note: None,
        rate_limit: None,
        created_at: issued_at,
        created_by: "an owner".to_owned(),
        revoked_at: (sample == Sample::Revoked).then_some(now),
        revoked_by: None,
        version: 1,
        expires_at,
        expiring_at: Some(now),
        strings: vec![string],
        uses: Vec::new(),
        knocks: None,
    }
}
