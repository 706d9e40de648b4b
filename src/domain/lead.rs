//! The sentences at the head of the token pages: what needs attention, and what is with one token. Words only, no markup.

use super::status::TokenStatus;
use super::time::{DAY, MINUTE, Time, span};
use super::token::{Kind, NumberedString, Token};
use super::token_list::{TokenList, TokenQuery};
use super::usage::counted;

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Plain(String),
    Strong(String),
    /// Said exactly.
    At(Time),
    /// Leads to the tokens in this state.
    Link(TokenStatus, String),
}

fn plain(text: impl Into<String>) -> Piece {
    Piece::Plain(text.into())
}

/// What the list asks of a person. Details that a narrowed or later page cannot know are left out.
#[must_use]
pub fn of_list(list: &TokenList, query: &TokenQuery) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let status = |wanted| list.items.iter().filter(move |token| token.status(list.now) == wanted);
    let whole =
        |wanted| !query.is_narrowed() && status(wanted).count() as i64 == list.counts.of(wanted);
    let expiring = list.counts.expiring;
    if expiring > 0 {
        let verb = if expiring == 1 { "expires" } else { "expire" };
        let subject = format!("{} {verb}", counted(expiring, "token"));
        pieces.push(Piece::Link(TokenStatus::Expiring, subject));
        let known = whole(TokenStatus::Expiring);
        let last = status(TokenStatus::Expiring).filter_map(|token| token.expires_at).max();
        match last {
            Some(last) if known => {
                let days = (last.0 - list.now.0 + DAY - 1) / DAY;
                let stuck = status(TokenStatus::Expiring).filter(|token| !token.can_renew).count();
                let within = format!(" within {}", counted(days, "day"));
                pieces.push(plain(format!("{within}{}. ", cannot_renew(stuck as i64, expiring))));
            }
            _ => pieces.push(plain(" soon. ")),
        }
    }
    let expired = status(TokenStatus::Expired);
    let knocking = expired.filter(|token| token.still_knocking(list.now)).count() as i64;
    if knocking > 0 {
        let (noun, verb) = if knocking == 1 { ("token", "is") } else { ("tokens", "are") };
        let text = format!("{knocking} expired {noun} {verb} still being used");
        pieces.push(Piece::Link(TokenStatus::Expired, text));
        pieces.push(plain(". "));
    }
    if query.is_narrowed() || query.after.is_some() || query.before.is_some() {
        return pieces;
    }
    pieces.push(plain(if pieces.is_empty() {
        "Nothing needs you."
    } else {
        "Nothing else needs you."
    }));
    pieces
}

fn cannot_renew(stuck: i64, of: i64) -> String {
    match (stuck, of) {
        (0, 1) => ", and can renew itself".to_owned(),
        (0, _) => ", and all of them can renew".to_owned(),
        (1, 1) => ", and cannot renew".to_owned(),
        (stuck, of) if stuck == of => ", and none of them can renew".to_owned(),
        (stuck, _) => format!(", and {stuck} of them cannot renew"),
    }
}

/// What is with this token: its end, whether it renews, who uses it, and with which string.
#[must_use]
pub fn of_token(token: &Token, now: Time) -> Vec<Piece> {
    match token.status(now) {
        TokenStatus::Revoked => revoked(token, now),
        TokenStatus::Expired => expired(token, now),
        _ => alive(token, now),
    }
}

fn revoked(token: &Token, now: Time) -> Vec<Piece> {
    let at = token.revoked_at.unwrap_or(now);
    let by = token.revoked_by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
    let mut pieces = vec![
        plain("Revoked "),
        Piece::Strong(at.relative(now)),
        plain(" ("),
        Piece::At(at),
        plain(format!("){by}. Every string of it has stopped, and nothing brings it back.")),
    ];
    pieces.extend(knocking(token, now));
    pieces
}

fn expired(token: &Token, now: Time) -> Vec<Piece> {
    let at = token.expires_at.unwrap_or(now);
    let legacy = token.kind == Kind::Legacy;
    let unless = if legacy { "" } else { ", unless it is reissued before" };
    let mut pieces = vec![
        plain("Expired "),
        Piece::Strong(at.relative(now)),
        plain(" ("),
        Piece::At(at),
        plain(format!("). It leaves Latchkey on {}{unless}.", (at + 28 * DAY).date())),
    ];
    pieces.extend(knocking(token, now));
    pieces
}

/// Who still tries after the end.
fn knocking(token: &Token, now: Time) -> Vec<Piece> {
    if !token.still_knocking(now) {
        return Vec::new();
    }
    let latest = token.strings.iter().max_by_key(|string| string.last_used_at);
    let from = latest.and_then(|string| string.last_used_from.as_ref());
    let from = from.map_or(String::new(), |from| format!(", from {from}"));
    let when = token.last_used_at().map_or(String::new(), |at| at.relative(now));
    vec![
        plain(" "),
        Piece::Strong("It is still being used".to_owned()),
        plain(format!(": last {when}{from}, and refused.")),
    ]
}

fn alive(token: &Token, now: Time) -> Vec<Piece> {
    let mut pieces = match token.expires_at {
        None => vec![Piece::Strong("Does not expire".to_owned()), plain(".")],
        Some(at) => {
            let renewal = if token.can_renew { "can renew itself" } else { "cannot renew" };
            vec![
                plain("Expires "),
                Piece::Strong(at.relative(now)),
                plain(" ("),
                Piece::At(at),
                plain(format!(") and {renewal}.")),
            ]
        }
    };
    let Some(last) = token.last_used_at() else {
        pieces.push(plain(format!(
            " It has never been used; it was made {}.",
            token.created_at.relative(now)
        )));
        return pieces;
    };
    pieces.push(plain(if token.in_daily_use(now) {
        " It is in daily use".to_owned()
    } else {
        format!(" It was last used {}", last.relative(now))
    }));
    let older = token.live_strings(now).skip_while(|string| Some(*string) == token.newest());
    match older.filter(|string| string.used_since(now - 7 * DAY)).max_by_key(|s| s.last_used_at) {
        Some(string) => pieces.extend(still_with(token, string, now)),
        None => pieces.push(plain(".")),
    }
    pieces
}

/// Somebody has not moved to the newest string yet.
fn still_with(token: &Token, string: &NumberedString, now: Time) -> Vec<Piece> {
    let who = string.last_used_from.as_deref().unwrap_or("somebody");
    let newest = token.newest().map_or(0, |newest| newest.number);
    let stops = match string.ends_at() {
        Some(end) => format!(", which stops {} whatever happens to #{newest}.", end.relative(now)),
        None => ", which does not expire.".to_owned(),
    };
    vec![
        plain(", "),
        Piece::Strong(format!("and {who} still calls with #{}", string.number)),
        plain(stops),
    ]
}

/// `4 min ago`: as short as a cell of a table asks for.
#[must_use]
pub fn shortly(at: Time, now: Time) -> String {
    let apart = now.0 - at.0;
    if apart >= 60 * MINUTE {
        return format!("{} ago", span(apart));
    }
    if apart < MINUTE { "just now".to_owned() } else { format!("{} min ago", apart / MINUTE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::life::tests::{day, string, token};
    use crate::domain::token_list::Counts;

    fn said(pieces: &[Piece]) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Plain(text) => text.clone(),
            Piece::Strong(text) => format!("*{text}*"),
            Piece::At(at) => at.date(),
            Piece::Link(status, text) => format!("[{text}]({})", status.code()),
        };
        pieces.iter().map(text).collect()
    }

    fn list(items: Vec<Token>) -> TokenList {
        let mut counts = Counts { active: 40, ..Counts::default() };
        for token in &items {
            match token.status(day(0)) {
                TokenStatus::Expiring => counts.expiring += 1,
                TokenStatus::Expired => counts.expired += 1,
                _ => {}
            }
        }
        TokenList {
            items,
            counts,
            strip: vec![],
            previous: None,
            next: None,
            catalogue: vec![],
            removed: Default::default(),
            may_import: false,
            now: day(0),
        }
    }

    #[test]
    fn the_list_says_what_needs_attention() {
        let mut stuck = token(vec![string(1, -60, Some(12))]);
        stuck.can_renew = false;
        let renewing = token(vec![string(1, -60, Some(9))]);
        let mut knocking = token(vec![string(1, -60, Some(-3))]);
        knocking.strings[0].last_used_at = Some(day(0) - 240);
        let quiet = token(vec![string(1, -60, Some(-3))]);
        let everything = TokenQuery::default();
        let searched = TokenQuery { search: "pump".into(), ..TokenQuery::default() };
        let cases = [
            (vec![], &everything, "Nothing needs you."),
            (vec![quiet], &everything, "Nothing needs you."),
            (
                vec![stuck.clone()],
                &everything,
                "[1 token expires](expiring) within 12 days, and cannot renew. Nothing else needs you.",
            ),
            (
                vec![knocking, renewing, stuck.clone()],
                &everything,
                "[2 tokens expire](expiring) within 12 days, and 1 of them cannot renew. \
                 [1 expired token is still being used](expired). Nothing else needs you.",
            ),
            (vec![stuck], &searched, "[1 token expires](expiring) soon. "),
        ];
        for (items, query, sentence) in cases {
            assert_eq!(said(&of_list(&list(items), query)), sentence);
        }
    }

    #[test]
    fn a_token_says_who_has_not_moved_to_the_newest_string() {
        let mut token = token(vec![string(2, -60, Some(12)), string(1, -80, Some(5))]);
        token.strings[0].last_used_at = Some(day(0));
        token.strings[1].last_used_at = Some(day(-1));
        token.strings[1].last_used_from = Some("198.51.100.7".into());
        assert_eq!(
            said(&of_token(&token, day(0))),
            "Expires *in 12 days* (16 Oct 2024) and can renew itself. It was last used just now, \
             *and 198.51.100.7 still calls with #1*, which stops in 5 days whatever happens to #2.",
        );
    }

    #[test]
    fn a_token_that_ended_says_who_still_tries() {
        let mut token = token(vec![string(1, -60, Some(-3))]);
        assert_eq!(
            said(&of_token(&token, day(0))),
            "Expired *3 days ago* (1 Oct 2024). It leaves Latchkey on 29 Oct 2024, unless it is reissued before.",
        );
        token.strings[0].last_used_at = Some(day(0) - 240);
        token.strings[0].last_used_from = Some("192.0.2.9".into());
        token.revoked_at = Some(day(-2));
        token.revoked_by = Some("Ines Okafor".into());
        assert_eq!(
            said(&of_token(&token, day(0))),
            "Revoked *2 days ago* (2 Oct 2024) by Ines Okafor. Every string of it has stopped, and nothing \
             brings it back. *It is still being used*: last 4 minutes ago, from 192.0.2.9, and refused.",
        );
    }

    #[test]
    fn a_cell_says_it_shortly() {
        let cases = [(30, "just now"), (240, "4 min ago"), (7_200, "2 hours ago")];
        for (seconds, words) in cases {
            assert_eq!(shortly(day(0) - seconds, day(0)), words);
        }
    }
}
