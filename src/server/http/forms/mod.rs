//! Forms that work without script: what a browser posts, and what a post is answered with. Rendering is not done here.

pub mod account;
pub mod administration;
mod answer;
pub mod calendar;
pub mod devices;
pub mod groups;
pub mod imports;
pub mod members;
pub mod notices;
pub mod people;
pub mod policy;
pub mod routes;
pub mod tokens;

pub use answer::finish;

use crate::app::submitted::Question;
use crate::domain::answers::IssuedToken;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::token::Token;
use crate::domain::workgroup::Workgroup;
use crate::server::error::{Error, Result as Outcome};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use secrecy::SecretString;
use std::fmt;

/// The hidden field that makes a repeated post harmless.
pub const KEY: &str = "idempotency_key";

/// The fields of a posted form, in the order in which they came. Its Debug names them and hides what was typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FormBody(Vec<(String, String)>);

impl FormBody {
    /// Reads `application/x-www-form-urlencoded`; the length was bounded before.
    ///
    /// # Errors
    /// [`Code::UnsupportedMediaType`] for anything else.
    pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<FormBody, Refusal> {
        let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media = sent.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Refusal::new(
                Code::UnsupportedMediaType,
                "A form is posted as application/x-www-form-urlencoded.",
            ));
        }
        Ok(FormBody(form_urlencoded::parse(body).into_owned().collect()))
    }

    /// What was typed into the field, the first if it came more than once.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// What was typed into the field, or nothing.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.get(field).unwrap_or_default()
    }

    /// Every value of a repeated field, such as checked boxes.
    pub fn all<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// What was sent, always in the same bytes: what an idempotency key is held against.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.0).finish().into_bytes()
    }

    /// Takes a secret out: it does not come back.
    pub fn take(&mut self, field: &str) -> SecretString {
        let first = self.get(field).map(str::to_owned);
        self.0.retain(|(name, _)| name != field);
        first.unwrap_or_default().into()
    }

    /// What a refused form shows again: everything but passwords, whether they were taken or not.
    #[must_use]
    pub fn shown_again(mut self) -> Vec<(String, String)> {
        self.0.retain(|(name, _)| !name.to_ascii_lowercase().contains("password"));
        self.0
    }
}

/// A handler that takes a form is given one that was read: what is none, or too long, is refused before.
impl<S: Send + Sync> FromRequest<S> for FormBody {
    type Rejection = FormAnswer;

    async fn from_request(request: Request, state: &S) -> Result<FormBody, FormAnswer> {
        let headers = request.headers().clone();
        let refused = |refusal: Refusal| FormAnswer::refused(FormBody::default(), refusal);
        let body = Bytes::from_request(request, state).await.map_err(|_| {
            refused(Refusal::new(Code::TooLarge, "The form is too long, or broke off."))
        })?;
        FormBody::parse(&headers, &body).map_err(refused)
    }
}

impl fmt::Debug for FormBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// What a post is answered with.
#[derive(Debug)]
pub enum FormAnswer {
    /// 303, to a path on our own origin, with these Set-Cookie values.
    Redirect { to: String, cookies: Vec<String> },
    /// The page again, with what was typed and why it was refused.
    Refused { fields: Vec<(String, String)>, refusal: Refusal },
    /// The page again, with what was typed and something to confirm before it is done.
    Confirm { fields: Vec<(String, String)>, question: Box<Question> },
    /// The one page that shows a token string.
    Issued {
        issued: Box<IssuedToken>,
        workgroup: Workgroup,
        /// Where *Done* leads.
        done: String,
    },
    /// The same form was sent before: the token it made, without its string.
    AlreadyMade {
        token: Box<Token>,
        workgroup: Workgroup,
        /// The page of the device that the form registered along with it.
        device: Option<String>,
    },
}

impl FormAnswer {
    #[must_use]
    pub fn redirect(to: impl Into<String>) -> FormAnswer {
        FormAnswer::Redirect { to: to.into(), cookies: Vec::new() }
    }

    #[must_use]
    pub fn redirect_with(to: impl Into<String>, cookie: String) -> FormAnswer {
        FormAnswer::Redirect { to: to.into(), cookies: vec![cookie] }
    }

    /// What the action came to; a refusal shows the page again with what was typed.
    #[must_use]
    pub fn of(form: FormBody, outcome: Outcome<FormAnswer>) -> FormAnswer {
        outcome.unwrap_or_else(|error| FormAnswer::refused(form, error))
    }

    /// Nothing was done yet: the page is shown again and asks.
    #[must_use]
    pub fn confirm(form: FormBody, question: Question) -> FormAnswer {
        FormAnswer::Confirm { fields: form.shown_again(), question: Box::new(question) }
    }

    /// A fault is logged here and shown as a refusal that says nothing of its cause.
    #[must_use]
    pub fn refused(form: FormBody, error: impl Into<Error>) -> FormAnswer {
        let refusal = error.into().into_refusal();
        let mut fields = form.shown_again();
        if refusal.message_for(KEY).is_some() {
            // The key is what was wrong: the page that is shown again brings a new one.
            fields.retain(|(name, _)| name != KEY);
        }
        FormAnswer::Refused { fields, refusal }
    }
}

/// A path on our own origin, with its query, or nothing. Browsers read `\` as `/` and skip tabs and line breaks, so that
/// `/\host` and `/<tab>/host` leave the origin as `//host` does; a header carries visible ASCII alone.
#[must_use]
pub fn local_path(next: &str) -> Option<&str> {
    let visible = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let rooted = next.starts_with('/') && !next.starts_with("//");
    (visible && rooted && next.len() <= 2000).then_some(next)
}

#[cfg(test)]
impl FormBody {
    /// As if it had been posted.
    fn of(pairs: &[(&str, &str)]) -> FormBody {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        FormBody(pairs.iter().map(owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use secrecy::ExposeSecret;

    #[test]
    fn a_redirect_stays_on_our_origin() {
        let hostile = [
            "",
            " ",
            "https://evil.example",
            "http:evil.example",
            "https:/evil.example",
            "HTTPS://evil.example/",
            "//evil.example",
            "///evil.example",
            "////evil.example/a",
            "/\\evil.example",
            "\\\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\nSet-Cookie: latchkey=1",
            "\t//evil.example",
            " //evil.example",
            " /harrow",
            "/harrow\u{0}",
            "/harrow/..\\..\\\\evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "evil.example",
            "@evil.example",
            "?next=/",
            "#/harrow",
            "./harrow",
            "/ü",
            "/\u{2028}/evil.example",
            "/\u{ff0f}evil.example",
        ];
        for next in hostile {
            assert_eq!(local_path(next), None, "{next:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(2000))), None);
        for next in [
            "/",
            "/harrow/settings/tokens?status=expired&search=a+b",
            "/harrow/settings/tokens/new?like=1#top",
            "/%0d%0aSet-Cookie:x",
            "/%2f%2fevil.example",
            "/sign-in?next=https://evil.example",
        ] {
            assert_eq!(local_path(next), Some(next));
        }
    }

    #[test]
    fn a_form_is_of_one_media_type() {
        let cases = [
            (Some("application/x-www-form-urlencoded"), true),
            (Some("Application/X-WWW-Form-Urlencoded; charset=UTF-8"), true),
            (Some("text/plain"), false),
            (Some("application/json"), false),
            (Some("multipart/form-data; boundary=x"), false),
            (Some(""), false),
            (None, false),
        ];
        for (media, read) in cases {
            let mut headers = HeaderMap::new();
            if let Some(media) = media {
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
            }
            assert_eq!(FormBody::parse(&headers, b"a=1").is_ok(), read, "{media:?}");
        }
    }

    #[test]
    fn a_password_never_comes_back() {
        let mut form = FormBody::of(&[
            ("email", "ada@example.com"),
            ("Password", "one"),
            ("new_password", "two"),
            ("password", "3"),
        ]);
        assert!(!format!("{form:?}").contains("ada@"));
        assert_eq!(form.take("password").expose_secret(), "3");
        assert_eq!(form.get("password"), None);
        assert_eq!(form.shown_again(), [("email".to_owned(), "ada@example.com".to_owned())]);
    }
}
