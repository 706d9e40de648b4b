//! The calendar feed: the ends of a workgroup's tokens as iCalendar (RFC 5545). Whoever knows the address may read it.

use super::router::Web;
use crate::domain::calendar::{Calendar, TokenEnd};
use crate::domain::refusal::Refusal;
use crate::domain::time::Time;
use crate::server::config::PublicUrl;
use crate::server::error::{Error, Result};
use crate::server::notices::calendar;
use crate::server::secret::sha256;
use crate::server::state::AppState;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use icalendar::{Component, Event, Property};

/// How long a reader may keep it.
const KEPT: &str = "private, max-age=900";
/// How often a calendar program is asked to look (RFC 7986, section 5.7).
const LOOK_EVERY: &str = "PT1H";

pub fn router() -> Router<Web> {
    Router::new().route("/calendar/{file}", get(feed))
}

/// `GET /calendar/{code}.ics`
async fn feed(
    State(app): State<AppState>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    match text(&app, &file).await {
        Ok(text) => answer(text, &headers),
        Err(Error::Refused(_)) => {
            (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response()
        }
        Err(fault) => super::problem::Problem::from(fault).into_response(),
    }
}

async fn text(app: &AppState, file: &str) -> Result<String> {
    let code = file.strip_suffix(".ics").ok_or_else(|| Refusal::not_found("calendar"))?;
    Ok(written(&calendar::read(app, code).await?, &app.config.public_url))
}

/// 304 for whoever has it already.
fn answer(text: String, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&sha256(text.as_bytes())[..18]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let same = known.is_some_and(|known| {
        known.split(',').any(|it| it.trim().trim_start_matches("W/") == tag || it.trim() == "*")
    });
    let kept = [(header::CACHE_CONTROL, KEPT.to_owned()), (header::ETAG, tag)];
    if same {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let media = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"token-expiries.ics\""),
    ];
    (kept, media, text).into_response()
}

fn written(calendar: &Calendar, public_url: &PublicUrl) -> String {
    let mut file = icalendar::Calendar::empty();
    let name = format!("{}: tokens that expire", plain(&calendar.workgroup.name));
    for property in [
        Property::new("VERSION", "2.0"),
        Property::new("PRODID", "-//Latchkey//Token expiries//EN"),
        Property::new("CALSCALE", "GREGORIAN"),
        // Its type is said, or it would be written without escapes: the name is not one of RFC 5545.
        text_property("NAME", &name),
        text_property("X-WR-CALNAME", &name),
        Property::new("REFRESH-INTERVAL", LOOK_EVERY).add_parameter("VALUE", "DURATION").done(),
        Property::new("X-PUBLISHED-TTL", LOOK_EVERY),
    ] {
        file.append_property(property);
    }
    for end in &calendar.ends {
        file.push(event(end, calendar, public_url));
    }
    file.to_string()
}

fn text_property(name: &str, value: &str) -> Property {
    Property::new(name, value).add_parameter("VALUE", "TEXT").done()
}

/// A moment without length that blocks nobody's time. Its stamp is when the end came to be: the file stays the same
/// until a token changes.
fn event(end: &TokenEnd, calendar: &Calendar, public_url: &PublicUrl) -> Event {
    let page = format!(
        "{}/{}/settings/tokens/{}",
        public_url.as_str(),
        calendar.workgroup.slug,
        end.token_id
    );
    Event::with_uid(&format!("{}@{}", end.token_id, public_url.domain()))
        .add_property("DTSTAMP", stamp(end.since))
        .add_property("DTSTART", stamp(end.at))
        .add_property("SEQUENCE", end.version.max(0).to_string())
        .add_property("SUMMARY", plain(&end.summary()))
        .add_property("DESCRIPTION", plain(&end.description(calendar.now)))
        .add_property("TRANSP", "TRANSPARENT")
        .add_property("URL", page)
        .done()
}

/// Without control characters: a carriage return would end the line, as nothing escapes it.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `20270221T100000Z` (RFC 5545, section 3.3.5, form 2).
fn stamp(at: Time) -> String {
    at.rfc3339().replace(['-', ':'], "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::token::Kind;
    use crate::domain::workgroup::{Policy, Workgroup};

    fn of(title: &str, workgroup: &str) -> String {
        let now = Time::parse("2026-11-21T10:00:00Z").unwrap();
        let workgroup = Workgroup {
            id: "w".into(),
            slug: "harrow".into(),
            name: workgroup.into(),
            time_zone: "UTC".into(),
            policy: Policy::default(),
        };
        let end = TokenEnd {
            token_id: "0199".into(),
            title: title.into(),
            at: now + 86_400,
            hint: "lka_…9fK2".into(),
            since: now,
            version: 3,
            kind: Kind::Access,
            can_renew: true,
        };
        let public_url = PublicUrl::parse("https://tokens.example:8443").unwrap();
        written(&Calendar { workgroup, ends: vec![end], now }, &public_url)
    }

    /// The lines as they were before they were folded (RFC 5545, section 3.1).
    fn unfolded(text: &str) -> Vec<String> {
        assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        text.replace("\r\n ", "").trim_end().split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn an_entry_has_what_the_standard_asks_for() {
        let lines = unfolded(&of("Plant integrator · staging", "Harrow"));
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "X-WR-CALNAME;VALUE=TEXT:Harrow: tokens that expire",
            "UID:0199@tokens.example",
            "DTSTAMP:20261121T100000Z",
            "DTSTART:20261122T100000Z",
            "SEQUENCE:3",
            "SUMMARY:Plant integrator · staging expires",
            "URL:https://tokens.example:8443/harrow/settings/tokens/0199",
            "END:VCALENDAR",
        ] {
            assert_eq!(lines.iter().filter(|it| *it == line).count(), 1, "{line}: {lines:#?}");
        }
    }

    #[test]
    fn hostile_text_stays_inside_its_own_line() {
        let hostile = [
            "a\r\nBEGIN:VEVENT\r\nSUMMARY:b",
            "a\rBEGIN:VEVENT",
            "a\nEND:VCALENDAR",
            "comma, semicolon; colon: \\n back\\slash \"quote\"",
            "\u{1f511}\u{301}\u{202e}",
            "\u{85}\u{2028}x",
        ];
        let long: Vec<String> =
            ["\u{1f511}", "é", "a ", "中", ", "].map(|text| text.repeat(200)).into();
        for text in hostile.into_iter().map(str::to_owned).chain(long) {
            let file = of(&text, &text);
            let lines = unfolded(&file);
            for line in ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR"] {
                assert_eq!(lines.iter().filter(|it| *it == line).count(), 1, "{text:?} {line}");
            }
            let begins = |line: &&String| line.starts_with("SUMMARY:");
            let summary = lines.iter().find(begins).unwrap();
            let back = read(summary.strip_prefix("SUMMARY:").unwrap());
            assert_eq!(back, format!("{} expires", plain(&text)), "{text:?}");
            assert_eq!(lines.iter().filter(begins).count(), 1);
            assert_eq!(lines.len(), unfolded(&of("a", "a")).len(), "{text:?}");
        }
    }

    /// TEXT without its escapes (RFC 5545, section 3.3.11); one that is missing or unknown is a failure.
    fn read(text: &str) -> String {
        let (mut plain, mut rest) = (String::new(), text.chars());
        while let Some(c) = rest.next() {
            match c {
                '\\' => match rest.next() {
                    Some(c @ ('\\' | ';' | ',')) => plain.push(c),
                    Some('n') => plain.push('\n'),
                    other => panic!("{other:?} in {text:?}"),
                },
                ',' | ';' => panic!("{c:?} stands without an escape in {text:?}"),
                c => plain.push(c),
            }
        }
        plain
    }
}
