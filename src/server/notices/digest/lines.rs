//! How a row of a digest is said: a title with its link, and a line of what matters about it.

use crate::domain::time::Time;
use crate::domain::token::NumberedString;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::mail::letters::DigestLine;
use crate::server::store::digest_facts::{Ending, Knocking, Undelivered};
use crate::server::store::{self, Lanes};
use std::collections::HashMap;

/// The strings of the tokens that are shown, each token's newest first.
pub type Strings = HashMap<String, Vec<NumberedString>>;

pub async fn strings(on: &mut impl Lanes, ids: impl Iterator<Item = &String>) -> Result<Strings> {
    let ids: Vec<_> = ids.cloned().collect();
    let mut strings = Strings::new();
    for part in ids.chunks(store::strings::AT_ONCE) {
        for (id, string) in store::strings::list_of_tokens(on, part).await? {
            strings.entry(id).or_default().push(string);
        }
    }
    Ok(strings)
}

pub fn expiring(
    workgroup: &Workgroup,
    row: &Ending,
    strings: &Strings,
    new: bool,
    now: Time,
) -> DigestLine {
    let can = if row.can_renew && row.kind != "legacy" { "can renew" } else { "cannot renew" };
    let detail = joined(&[hint(strings, &row.id), can.into(), used(strings, &row.id, now)]);
    ending(workgroup, row, detail, new)
}

pub fn expired(
    workgroup: &Workgroup,
    row: &Ending,
    strings: &Strings,
    new: bool,
    now: Time,
) -> DigestLine {
    let detail = joined(&[hint(strings, &row.id), used(strings, &row.id, now)]);
    ending(workgroup, row, detail, new)
}

pub fn missed(
    workgroup: &Workgroup,
    row: &Ending,
    strings: &Strings,
    new: bool,
    now: Time,
) -> DigestLine {
    let detail = joined(&[
        hint(strings, &row.id),
        "can renew and has not".into(),
        used(strings, &row.id, now),
    ]);
    ending(workgroup, row, detail, new)
}

fn ending(workgroup: &Workgroup, row: &Ending, detail: String, new: bool) -> DigestLine {
    DigestLine {
        title: title(&row.owner, row.name.as_deref()),
        path: token_path(workgroup, &row.id),
        detail,
        at: Time(row.at),
        word: None,
        new,
    }
}

pub fn knocking(
    workgroup: &Workgroup,
    row: &Knocking,
    strings: &Strings,
    new: bool,
    now: Time,
) -> DigestLine {
    // A token that was removed has a tombstone and no page.
    let gone = !row.hint.is_empty();
    let path = if gone {
        format!("/{}/settings/tokens", workgroup.slug)
    } else {
        token_path(workgroup, &row.id)
    };
    let hint = if gone { row.hint.clone() } else { hint(strings, &row.id) };
    let end = if row.revoked { "was revoked" } else { "expired" };
    let calls = match row.knocks {
        1 => format!("1 call refused since it {end}"),
        calls => format!("{calls} calls refused since it {end}"),
    };
    let from = row.knocked_from.as_ref().map(|from| format!(" from {from}")).unwrap_or_default();
    let last = format!("the last {}{from}", Time(row.knocked_at).relative(now));
    DigestLine {
        title: title(&row.owner, row.name.as_deref()),
        path,
        detail: joined(&[hint, calls, last]),
        at: Time(row.at),
        word: None,
        new,
    }
}

pub fn undelivered(workgroup: &Workgroup, row: &Undelivered, now: Time) -> DigestLine {
    let answer = row.last_answer.as_deref().unwrap_or("No answer").trim_end_matches('.');
    let others = match row.tokens {
        ..=1 => String::new(),
        2 => " and one more token".to_owned(),
        tokens => format!(" and {} more tokens", tokens - 1),
    };
    let fate = match row.expires_at.map(Time) {
        Some(end) if end <= now => "has expired",
        Some(_) => "will expire",
        None => "has changed",
    };
    let about = title(&row.owner, row.name.as_deref());
    let tries = if row.attempts == 1 { "1 try".into() } else { format!("{} tries", row.attempts) };
    DigestLine {
        title: row.recipient.clone(),
        path: format!("/{}/settings/notices/{}", workgroup.slug, row.id),
        detail: format!(
            "{answer}, after {tries}. Whoever reads mail there does not know that {about}{others} {fate}."
        ),
        at: Time(row.at),
        word: Some("Given up"),
        new: !row.told,
    }
}

fn title(owner: &str, name: Option<&str>) -> String {
    name.map_or_else(|| owner.to_owned(), |name| format!("{owner} · {name}"))
}

fn token_path(workgroup: &Workgroup, id: &str) -> String {
    format!("/{}/settings/tokens/{id}", workgroup.slug)
}

/// Of the newest string.
fn hint(strings: &Strings, id: &str) -> String {
    let newest = strings.get(id).and_then(|strings| strings.first());
    newest.map(|string| string.hint.clone()).unwrap_or_default()
}

fn used(strings: &Strings, id: &str, now: Time) -> String {
    let strings = strings.get(id).map(Vec::as_slice).unwrap_or_default();
    let last = strings.iter().filter_map(|string| string.last_used_at).max();
    last.map_or_else(|| "never used".to_owned(), |at| format!("used {}", at.relative(now)))
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    parts.join(" · ")
}
