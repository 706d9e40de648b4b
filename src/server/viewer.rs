//! Who asks: a request becomes a visit of a signed-in person, and a person in a workgroup becomes a seat with rights.

use super::config::Config;
use super::error::{Error, Result};
use super::people::members;
use super::people::sessions::{self, ABSOLUTE, OpenSession};
use super::secret::Code as Secret;
use super::state::AppState;
use crate::domain::activity::Actor;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::{Administrator, Seat};
use crate::domain::user::User;
use axum::http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// One request of a browser.
#[derive(Clone, Debug)]
pub struct Visit {
    pub state: AppState,
    /// The client's true address.
    pub address: String,
    pub person: Option<User>,
    /// There whenever `person` is.
    pub session: Option<OpenSession>,
}

impl Visit {
    /// Recognises the person by the Cookie header; a cookie that is unknown or dead makes a visit of nobody.
    pub async fn read(state: AppState, address: String, cookies: Option<&str>) -> Result<Visit> {
        let known = match cookies.and_then(|header| session_cookie(&state.config, header)) {
            Some(cookie) => sessions::recognise(&state, &cookie).await?,
            None => None,
        };
        let (person, session) = known.unzip();
        Ok(Visit { state, address, person, session })
    }

    /// The visit that the page or server function runs in.
    pub fn current() -> std::result::Result<Visit, Refusal> {
        use_context::<Visit>().ok_or_else(|| {
            tracing::error!("a page or server function runs without a visit in its context");
            Refusal::internal()
        })
    }

    /// The signed-in person.
    pub fn person(&self) -> Result<&User> {
        self.person.as_ref().ok_or_else(Visit::nobody)
    }

    /// The signed-in person and the session that they are known by.
    pub fn signed_in(&self) -> Result<(&User, &OpenSession)> {
        self.person.as_ref().zip(self.session.as_ref()).ok_or_else(Visit::nobody)
    }

    /// The refusal of whoever has no session that is alive.
    #[must_use]
    pub fn nobody() -> Error {
        Refusal::new(
            Code::SignInRequired,
            "You are not signed in, or your session has ended. Sign in first.",
        )
        .into()
    }

    /// The person's seat in a workgroup, with rights read anew; a workgroup that they are no member of does not exist,
    /// not for administrators either.
    pub async fn seat(&self, slug: &str) -> Result<Seat> {
        let person = self.person()?;
        let (workgroup, rights) = members::place(&self.state, slug, &person.id).await?;
        let actor = Actor::Person { id: person.id.clone(), name: person.name.clone() };
        Ok(Seat { workgroup, actor, rights })
    }

    /// The person as an administrator, as they are at this request; for anybody else there is nothing here.
    pub fn administrator(&self) -> Result<Administrator> {
        let person = self.person()?;
        if !person.administrator {
            return Err(Refusal::not_found("page").into());
        }
        let actor = Actor::Person { id: person.id.clone(), name: person.name.clone() };
        Ok(Administrator { actor, address: Some(self.address.clone()) })
    }

    /// What the page gets; sets the status of the page that is being rendered.
    pub fn answer<T>(&self, answer: Result<T>) -> std::result::Result<T, Refusal> {
        answer.map_err(|error| {
            let refusal = error.into_refusal();
            let status = StatusCode::from_u16(refusal.code.status());
            if let (Some(page), Ok(status)) = (use_context::<ResponseOptions>(), status) {
                page.set_status(status);
            }
            refusal
        })
    }
}

/// The Set-Cookie value that keeps a browser signed in (RFC 6265bis); behind https no other host can plant its like.
#[must_use]
pub fn cookie(config: &Config, secret: &Secret) -> String {
    set_cookie(config, secret.reveal(), ABSOLUTE)
}

/// The Set-Cookie value that makes the browser forget.
#[must_use]
pub fn cookie_gone(config: &Config) -> String {
    set_cookie(config, "", 0)
}

fn set_cookie(config: &Config, value: &str, max_age: i64) -> String {
    let (name, secure) =
        (cookie_name(config), if config.public_url.https { "; Secure" } else { "" });
    format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}")
}

fn cookie_name(config: &Config) -> &'static str {
    if config.public_url.https { "__Host-latchkey" } else { "latchkey" }
}

/// The first cookie of our name; what cannot be one of ours is not looked up.
fn session_cookie(config: &Config, header: &str) -> Option<Secret> {
    let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.into_iter().find(|(name, _)| *name == cookie_name(config))?;
    let ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (value.len() == 43 && value.bytes().all(ours)).then(|| Secret::received(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::people::trial::{PASSWORD, Trial};

    #[tokio::test]
    async fn a_cookie_has_the_attributes_that_its_address_asks_for() {
        let trial = Trial::new().await;
        let mut config = (*trial.state.config).clone();
        let secret = trial.state.chance.code().unwrap();
        let expected = format!(
            "latchkey={}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax",
            secret.reveal()
        );
        assert_eq!(cookie(&config, &secret), expected);
        config.public_url =
            crate::server::config::PublicUrl::parse("https://tokens.example").unwrap();
        assert_eq!(cookie(&config, &secret), format!("__Host-{expected}; Secure"));
        assert_eq!(
            cookie_gone(&config),
            "__Host-latchkey=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
    }

    #[tokio::test]
    async fn a_person_is_known_by_their_cookie_among_others_and_by_nothing_else() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let secret = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        let (secret, other) = (secret.reveal().to_owned(), "A".repeat(43));
        let cases = [
            (format!("latchkey={secret}"), true),
            (format!("latchkey-theme=dark; latchkey={secret}; x=y"), true),
            (format!("latchkey={other}"), false),
            (format!("latchkey={other}; latchkey={secret}"), false),
            (format!("__Host-latchkey={secret}"), false),
            (format!("xlatchkey={secret}"), false),
            (format!("latchkey=\"{secret}\""), false),
            (format!("latchkey={}", &secret[1..]), false),
            ("latchkey".to_owned(), false),
            (String::new(), false),
        ];
        for (header, known) in cases {
            let visit =
                Visit::read(trial.state.clone(), "192.0.2.1".into(), Some(&header)).await.unwrap();
            assert_eq!(visit.person.is_some(), known, "{header}");
            assert_eq!(visit.session.is_some(), known, "{header}");
        }
        let nobody = Visit::read(trial.state.clone(), "192.0.2.1".into(), None).await.unwrap();
        assert_eq!(nobody.person().unwrap_err().into_refusal().code, Code::SignInRequired);
    }

    #[tokio::test]
    async fn a_workgroup_does_not_exist_for_whoever_is_no_member_administrators_too() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        trial.administrator("Eve", "eve@example.com").await;
        let workgroup = trial.workgroup("Harrow Valley", "ada@example.com").await;
        let (ada, eve) =
            (trial.visit_of("ada@example.com").await, trial.visit_of("eve@example.com").await);
        assert!(ada.seat(&workgroup.slug).await.unwrap().rights.owner);
        let closed = eve.seat(&workgroup.slug).await.unwrap_err().into_refusal();
        let unknown = eve.seat("no-such-workgroup").await.unwrap_err().into_refusal();
        assert_eq!(closed, unknown);
        assert_eq!(closed.code, Code::NotFound);
    }
}
