//! The posts of people: signing in, setting up, and everything on the account page.

use super::{FormAnswer, FormBody, local_path};
use crate::domain::refusal::Refusal;
use crate::server::config::Config;
use crate::server::error::Result;
use crate::server::people::set_up::{self, RawSetUp};
use crate::server::people::{change_password, sign_in, sign_out};
use crate::server::viewer::{self, Visit};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, header};

const YEAR: i64 = 365 * 24 * 60 * 60;

/// `POST /sign-in`: email, password, next.
pub async fn sign_in(
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    body: Bytes,
) -> FormAnswer {
    let mut form = match FormBody::parse(&headers, &body) {
        Ok(form) => form,
        Err(refusal) => return FormAnswer::refused(FormBody::default(), refusal),
    };
    let password = form.take("password");
    let (state, email) = (&visit.state, form.text("email"));
    let begun = sign_in::sign_in(state, email, password, &visit.address, agent(&headers)).await;
    match begun {
        Ok(session) => {
            // One browser, one session: the one it came with is no longer anybody's.
            if let Err(fault) = sign_out::sign_out(&visit).await {
                tracing::warn!(%fault, "the session before a sign-in could not be ended");
            }
            let to = local_path(form.text("next")).unwrap_or("/");
            FormAnswer::redirect_with(to, viewer::cookie(&state.config, &session.cookie))
        }
        Err(error) => FormAnswer::refused(form, error),
    }
}

/// `POST /setup/{code}`: name, email, password, workgroup, time_zone.
pub async fn set_up(
    Extension(visit): Extension<Visit>,
    Path(code): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> FormAnswer {
    let mut form = match FormBody::parse(&headers, &body) {
        Ok(form) => form,
        Err(refusal) => return FormAnswer::refused(FormBody::default(), refusal),
    };
    let raw = RawSetUp {
        password: form.take("password"),
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        workgroup: form.text("workgroup").to_owned(),
        time_zone: form.text("time_zone").to_owned(),
    };
    let state = &visit.state;
    match set_up::complete(state, &code, raw, &visit.address, agent(&headers)).await {
        Ok((session, workgroup)) => FormAnswer::redirect_with(
            format!("/{}/settings/tokens", workgroup.slug),
            viewer::cookie(&state.config, &session.cookie),
        ),
        Err(error) => FormAnswer::refused(form, error),
    }
}

/// `POST /account`: action, and what that action asks for.
pub async fn account(
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    body: Bytes,
) -> FormAnswer {
    let mut form = match FormBody::parse(&headers, &body) {
        Ok(form) => form,
        Err(refusal) => return FormAnswer::refused(FormBody::default(), refusal),
    };
    match act(&visit, &mut form, agent(&headers)).await {
        Ok(answer) => answer,
        Err(error) => FormAnswer::refused(form, error),
    }
}

async fn act(visit: &Visit, form: &mut FormBody, agent: &str) -> Result<FormAnswer> {
    let config = &visit.state.config;
    match form.text("action") {
        "password" => {
            let (current, new) = (form.take("current_password"), form.take("new_password"));
            let cookie = change_password::change_password(visit, current, new, agent).await?;
            Ok(FormAnswer::redirect_with("/account?done=password", viewer::cookie(config, &cookie)))
        }
        "sign-out" => {
            sign_out::sign_out(visit).await?;
            Ok(signed_out(config))
        }
        "theme" => theme(config, form),
        "end-session" => {
            let handle = form.text("handle");
            sign_out::end_session(visit, handle).await?;
            let own = visit.session.as_ref().is_some_and(|session| session.handle == handle);
            Ok(if own { signed_out(config) } else { FormAnswer::redirect("/account?done=session") })
        }
        "end-other-sessions" => {
            sign_out::end_other_sessions(visit).await?;
            Ok(FormAnswer::redirect("/account?done=session"))
        }
        _ => Err(Refusal::field("action", "This page does not know what to do.").into()),
    }
}

fn signed_out(config: &Config) -> FormAnswer {
    FormAnswer::redirect_with("/sign-in", viewer::cookie_gone(config))
}

/// Whoever looks at the sign-in page may choose too: no session is asked for.
fn theme(config: &Config, form: &FormBody) -> Result<FormAnswer> {
    let theme = form.text("theme");
    if !matches!(theme, "light" | "dark" | "system") {
        return Err(Refusal::field("theme", "Choose light, dark or system.").into());
    }
    let secure = if config.public_url.https { "; Secure" } else { "" };
    let cookie = format!("latchkey-theme={theme}; Path=/; Max-Age={YEAR}; SameSite=Lax{secure}");
    Ok(FormAnswer::redirect_with(local_path(form.text("next")).unwrap_or("/account"), cookie))
}

/// What the browser says of itself.
pub(super) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Code;
    use crate::server::people::trial::{PASSWORD, Trial};
    use crate::server::secret::Code as Secret;
    use axum::http::HeaderValue;

    /// What the answer redirects to, and the secret that it sets as the cookie; empty when the cookie goes.
    fn redirected(answer: FormAnswer) -> (String, Option<Secret>) {
        let FormAnswer::Redirect { to, cookies } = answer else { panic!("{answer:?}") };
        let value = cookies.first().and_then(|cookie| cookie.strip_prefix("latchkey="));
        (to, value.and_then(|value| value.split(';').next()).map(Secret::received))
    }

    fn refused(answer: FormAnswer) -> (Vec<(String, String)>, Refusal) {
        let FormAnswer::Refused { fields, refusal } = answer else { panic!("{answer:?}") };
        (fields, refusal)
    }

    fn posted(pairs: &[(&str, &str)]) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        let media = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, media);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        (headers, body.into())
    }

    /// A router takes no other futures.
    fn sendable<F: Future<Output = FormAnswer> + Send>(answer: F) -> F {
        answer
    }

    async fn post_sign_in(visit: Visit, pairs: &[(&str, &str)]) -> FormAnswer {
        let (headers, body) = posted(pairs);
        sendable(sign_in(Extension(visit), headers, body)).await
    }

    async fn post_account(visit: Visit, pairs: &[(&str, &str)]) -> FormAnswer {
        let (headers, body) = posted(pairs);
        sendable(account(Extension(visit), headers, body)).await
    }

    async fn ada() -> (Trial, Visit) {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let visit = trial.visit_of("ada@example.com").await;
        (trial, visit)
    }

    #[tokio::test]
    async fn signing_in_leads_on_and_ends_the_session_before() {
        let (trial, before) = ada().await;
        let typed = |next| [("email", "ada@example.com"), ("password", PASSWORD), ("next", next)];
        for (next, to) in [("/harrow?a=b", "/harrow?a=b"), ("//evil.example", "/"), ("", "/")] {
            let (led, secret) = redirected(post_sign_in(before.clone(), &typed(next)).await);
            assert_eq!(led, to);
            assert!(trial.knows(&secret.unwrap()).await);
        }
        assert!(
            crate::server::people::frame::account_page(&before)
                .await
                .unwrap()
                .sessions
                .iter()
                .all(|it| !it.current)
        );
    }

    #[tokio::test]
    async fn a_refused_sign_in_gives_back_the_address_and_not_the_password() {
        let (_trial, visit) = ada().await;
        let typed =
            [("email", "ada@example.com"), ("password", "wrong wrong wrong"), ("next", "/a")];
        let (fields, refusal) = refused(post_sign_in(visit.clone(), &typed).await);
        assert_eq!(refusal.code, Code::InvalidInput);
        let expected = [("email", "ada@example.com"), ("next", "/a")];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let json = sign_in(Extension(visit), HeaderMap::new(), Bytes::from("{}")).await;
        assert_eq!(refused(json).1.code, Code::UnsupportedMediaType);
    }

    #[tokio::test]
    async fn setting_up_leads_to_the_tokens_of_the_new_workgroup() {
        let trial = Trial::new().await;
        let code = set_up::open_link(&trial.state).await.unwrap().unwrap();
        let visit = trial.visit(&code).await;
        let (headers, body) = posted(&[
            ("name", "Ada"),
            ("email", "ada@example.com"),
            ("password", PASSWORD),
            ("workgroup", "Harrow Valley"),
            ("time_zone", "UTC"),
        ]);
        let path = || Path(code.reveal().to_owned());
        let answer = set_up(Extension(visit.clone()), path(), headers.clone(), body.clone());
        let (to, secret) = redirected(sendable(answer).await);
        assert_eq!(to, "/harrow-valley/settings/tokens");
        assert!(trial.knows(&secret.unwrap()).await);
        let (fields, refusal) = refused(set_up(Extension(visit), path(), headers, body).await);
        assert_eq!(refusal.code, Code::NotFound);
        assert!(fields.iter().all(|(name, _)| name != "password"));
    }

    #[tokio::test]
    async fn the_account_page_does_what_its_action_says() {
        let (trial, visit) = ada().await;
        let other = trial.visit_of("ada@example.com").await.session.unwrap().handle;
        let own = visit.session.clone().unwrap().handle;
        type Fields<'a> = &'a [(&'a str, &'a str)];
        let cases: [(Fields<'_>, &str, Option<&str>); 6] = [
            (&[("action", "theme"), ("theme", "dark"), ("next", "/a?b=c")], "/a?b=c", None),
            (
                &[("action", "theme"), ("theme", "system"), ("next", "//evil.example")],
                "/account",
                None,
            ),
            (&[("action", "end-session"), ("handle", &other)], "/account?done=session", None),
            (&[("action", "end-other-sessions")], "/account?done=session", None),
            (&[("action", "end-session"), ("handle", &own)], "/sign-in", Some("")),
            (&[("action", "sign-out")], "/sign-in", Some("")),
        ];
        for (pairs, expected, cookie) in cases {
            let (to, secret) = redirected(post_account(visit.clone(), pairs).await);
            assert_eq!(
                (to.as_str(), secret.as_ref().map(Secret::reveal)),
                (expected, cookie),
                "{pairs:?}"
            );
        }
        for pairs in
            [&[("action", "theme"), ("theme", "red; Secure")][..], &[("action", "no")], &[]]
        {
            assert_eq!(
                refused(post_account(visit.clone(), pairs).await).1.code,
                Code::InvalidInput
            );
        }
        let nobody = Visit { person: None, session: None, ..visit };
        let pairs = [("action", "end-other-sessions")];
        assert_eq!(refused(post_account(nobody, &pairs).await).1.code, Code::SignInRequired);
    }

    #[tokio::test]
    async fn a_changed_password_gives_this_browser_a_new_cookie_and_shows_nothing_again() {
        let (trial, visit) = ada().await;
        let change = |current, new| {
            [("action", "password"), ("current_password", current), ("new_password", new)]
        };
        let answer = post_account(visit.clone(), &change("wrong", "seven mild yellow oxen")).await;
        let (fields, refusal) = refused(answer);
        assert_eq!(fields, [("action".to_owned(), "password".to_owned())]);
        assert!(refusal.message_for("current_password").is_some());
        let answer = post_account(visit, &change(PASSWORD, "seven mild yellow oxen")).await;
        let (to, secret) = redirected(answer);
        assert_eq!(to, "/account?done=password");
        assert!(trial.knows(&secret.unwrap()).await);
    }
}
