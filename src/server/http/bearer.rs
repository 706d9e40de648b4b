//! The Authorization header: from a header line to the text of a string (RFC 6750, section 2.1; RFC 9110, section 11.4).

use crate::domain::refusal::{Code, Refusal};
use axum::http::{HeaderMap, header};
use std::borrow::Cow;

/// The text after the scheme. The scheme's case does not matter, and the colon of `bearer: <string>` is forgiven.
pub fn text(headers: &HeaderMap) -> Result<Cow<'_, str>, Refusal> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Err(Refusal::new(
            Code::MissingToken,
            "This call needs a token in the header \u{201c}Authorization: Bearer <token string>\u{201d}.",
        ));
    };
    if values.next().is_some() {
        return Err(Refusal::new(
            Code::DuplicateCredentials,
            "The request carries two Authorization headers. Send exactly one.",
        ));
    }
    let text = match std::str::from_utf8(value.as_bytes()) {
        Ok(value) => after_scheme(value).map(Cow::Borrowed),
        Err(_) => after_scheme(&String::from_utf8_lossy(value.as_bytes()))
            .map(|text| Cow::Owned(text.to_owned())),
    };
    text.ok_or_else(|| {
        Refusal::new(
            Code::MissingBearerPrefix,
            "The Authorization header must be \u{201c}Bearer <token string>\u{201d}; the word Bearer is missing.",
        )
    })
}

fn after_scheme(value: &str) -> Option<&str> {
    let value = value.trim_matches([' ', '\t']);
    let scheme = value.get(..6)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let rest = &value[6..];
    let separated = rest.is_empty() || rest.starts_with([' ', '\t', ':']);
    let rest = rest.trim_start_matches([' ', '\t']);
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    separated.then(|| rest.trim_matches([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    fn read(lines: &[&[u8]]) -> Result<String, Code> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::AUTHORIZATION, HeaderValue::from_bytes(line).unwrap());
        }
        text(&headers).map(Cow::into_owned).map_err(|refusal| refusal.code)
    }

    /// The shapes of a header line, up to where the string itself is judged.
    #[test]
    fn every_shape_of_the_header_has_its_answer() {
        let given = [
            "Bearer lka_x",
            "bearer lka_x",
            "BEARER lka_x",
            "bEaReR lka_x",
            "Bearer  lka_x",
            "Bearer\tlka_x",
            " Bearer lka_x ",
            "Bearer: lka_x",
            "bearer:lka_x",
            "Bearer : lka_x",
            "Bearer lka_x\t",
        ];
        for line in given {
            assert_eq!(read(&[line.as_bytes()]), Ok("lka_x".to_owned()), "{line:?}");
        }
        let odd: [(&str, &str); 8] = [
            ("Bearer", ""),
            ("Bearer ", ""),
            ("Bearer:", ""),
            ("Bearer lka_x lka_y", "lka_x lka_y"),
            ("Bearer lka_x, Bearer lka_y", "lka_x, Bearer lka_y"),
            ("Bearer \"lka_x\"", "\"lka_x\""),
            ("Bearer Bearer lka_x", "Bearer lka_x"),
            ("Bearer token=lka_x", "token=lka_x"),
        ];
        for (line, rest) in odd {
            assert_eq!(read(&[line.as_bytes()]), Ok(rest.to_owned()), "{line:?}");
        }
        for line in [
            "",
            "lka_x",
            "Basic bGth",
            "Token lka_x",
            "Bearerlka_x",
            "Bearer_ lka_x",
            "Beare lka_x",
            "\"Bearer lka_x\"",
            "Bearer=lka_x",
            "Digest username=x",
            "é",
        ] {
            assert_eq!(read(&[line.as_bytes()]), Err(Code::MissingBearerPrefix), "{line:?}");
        }
        assert_eq!(read(&[]), Err(Code::MissingToken));
        assert_eq!(read(&[b"Bearer a", b"Bearer a"]), Err(Code::DuplicateCredentials));
        assert_eq!(read(&[b"Bearer a", b""]), Err(Code::DuplicateCredentials));
        assert_eq!(read(&[b"Bearer \xff\xfe"]), Ok("\u{fffd}\u{fffd}".to_owned()));
    }

    /// A million values, most of them nearly right: what is given comes from behind the scheme, whole and trimmed.
    #[test]
    fn a_million_values_are_read_or_refused_and_nothing_else() {
        const PIECES: [&[u8]; 12] = [
            b"Bearer",
            b"bearer ",
            b"BEARER\t",
            b":",
            b" ",
            b"\t",
            b"lka_",
            b"lkd_",
            b"0",
            b"zZ9",
            b",",
            b"\xff",
        ];
        let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
        let mut roll = |sides: usize| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            (dice % sides as u64) as usize
        };
        let mut given = 0;
        for _ in 0..1_000_000 {
            let mut line = Vec::with_capacity(32);
            for _ in 0..=roll(6) {
                line.extend_from_slice(PIECES[roll(PIECES.len())]);
            }
            match read(&[&line]) {
                Ok(text) => {
                    given += 1;
                    assert_eq!(text, text.trim_matches([' ', '\t']));
                    assert!(line.len() > text.len() || text.contains('\u{fffd}'), "{line:?}");
                }
                Err(code) => assert_eq!(code, Code::MissingBearerPrefix, "{line:?}"),
            }
        }
        assert!(given > 100_000, "only {given} were read");
    }

    proptest! {
        #[test]
        fn no_header_value_makes_it_panic(bytes in prop::collection::vec(32_u8..=255, 0..60)) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
                let _ = text(&headers);
            }
        }
    }
}
