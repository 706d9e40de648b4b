//! A JSON body, read member by member, so that everything that is wrong with it is said at once.

use super::call::NUL;
use crate::domain::refusal::{Code, FieldErrors, Refusal};
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

/// The members of a body that are not read yet, and what was wrong with those that are.
#[derive(Debug)]
pub struct Members {
    rest: Map<String, Value>,
    pub wrong: FieldErrors,
}

impl Members {
    /// The body's object. Another media type is 415; what is no JSON object is 422.
    pub fn parse(headers: &HeaderMap, body: &Bytes) -> Result<Members, Refusal> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
        if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
            return Err(Refusal::new(
                Code::UnsupportedMediaType,
                "Send the body as JSON, with the header \u{201c}Content-Type: application/json\u{201d}.",
            ));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(rest)) => {
                let mut wrong = FieldErrors::default();
                let rest = rest.into_iter().filter(|(name, value)| {
                    let holds = holds_nul(value);
                    if holds {
                        wrong.add(name, NUL);
                    }
                    !holds
                });
                Ok(Members { rest: rest.collect(), wrong })
            }
            Ok(_) => Err(Refusal::new(Code::InvalidInput, "The body must be a JSON object.")),
            Err(error) => Err(Refusal::new(
                Code::InvalidInput,
                format!("The body is not JSON: line {}, column {}.", error.line(), error.column()),
            )),
        }
    }

    /// The same, where a body may be left out.
    pub fn parse_optional(headers: &HeaderMap, body: &Bytes) -> Result<Members, Refusal> {
        if body.is_empty() {
            return Ok(Members { rest: Map::new(), wrong: FieldErrors::default() });
        }
        Members::parse(headers, body)
    }

    /// A text, if the member is there; null is the empty text.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.rest.remove(name)? {
            Value::String(text) => Some(text),
            Value::Null => Some(String::new()),
            _ => self.wrong(name, "Write a text."),
        }
    }

    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.rest.remove(name)? {
            Value::Bool(flag) => Some(flag),
            _ => self.wrong(name, "Write true or false."),
        }
    }

    pub fn number(&mut self, name: &str) -> Option<i64> {
        match self.rest.remove(name)?.as_i64() {
            Some(number) => Some(number),
            None => self.wrong(name, "Write a whole number."),
        }
    }

    pub fn list(&mut self, name: &str) -> Option<Vec<String>> {
        let Value::Array(items) = self.rest.remove(name)? else {
            return self.wrong(name, "Write a list of texts.");
        };
        let texts: Option<Vec<_>> =
            items.into_iter().map(|item| item.as_str().map(str::to_owned)).collect();
        match texts {
            Some(texts) => Some(texts),
            None => self.wrong(name, "Write a list of texts."),
        }
    }

    /// An object of texts, as key and value.
    pub fn entries(&mut self, name: &str) -> Option<Vec<(String, String)>> {
        let Value::Object(entries) = self.rest.remove(name)? else {
            return self.wrong(name, "Write an object of texts.");
        };
        let texts: Option<Vec<_>> = entries
            .into_iter()
            .map(|(key, value)| Some((key, value.as_str()?.to_owned())))
            .collect();
        match texts {
            Some(texts) => Some(texts),
            None => self.wrong(name, "Write an object of texts."),
        }
    }

    /// One metadata entry: `{"key": "site", "value": "north"}`.
    pub fn entry(&mut self, name: &str) -> Option<(String, String)> {
        let Value::Object(mut entry) = self.rest.remove(name)? else {
            return self.wrong(name, "Write an object with key and value.");
        };
        let key = entry.remove("key").and_then(|key| key.as_str().map(str::to_owned));
        let value = entry.remove("value").and_then(|value| value.as_str().map(str::to_owned));
        match (key, value, entry.is_empty()) {
            (Some(key), Some(value), true) => Some((key, value)),
            _ => self
                .wrong(name, "Write an object with key and value, both texts, and nothing else."),
        }
    }

    /// Requests per minute: a whole number, a text such as `600/m`, or null for the default.
    pub fn rate_limit(&mut self, name: &str) -> Option<String> {
        match self.rest.remove(name)? {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(text),
            Value::Null => Some(String::new()),
            _ => self.wrong(name, "Write requests per minute, or null for the default."),
        }
    }

    /// Refuses every member that nobody read. `why` says what becomes of such a member.
    pub fn end(&mut self, why: &str) {
        for name in std::mem::take(&mut self.rest).into_iter().map(|(name, _)| name) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
            self.wrong.add(&name, why);
        }
    }

    fn wrong<T>(&mut self, name: &str, message: &str) -> Option<T> {
        self.wrong.add(name, message);
        None
    }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => {
            members.iter().any(|(name, value)| name.contains('\0') || holds_nul(value))
        }
        _ => false,
    }
}
