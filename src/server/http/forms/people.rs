//! The posts of people at the door: signing in, setting up, a forgotten password.

use super::{FormAnswer, FormBody, local_path};
use crate::server::error::Result;
use crate::server::people::set_up::{self, RawSetUp};
use crate::server::people::{reset, sign_in, sign_out};
use crate::server::viewer::{self, Visit};
use axum::Extension;
use axum::extract::Path;
use axum::http::{HeaderMap, header};

/// `POST /sign-in`: email, password, next.
pub async fn sign_in(
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    mut form: FormBody,
) -> FormAnswer {
    let outcome = enter(&visit, &mut form, agent(&headers)).await;
    FormAnswer::of(form, outcome)
}

async fn enter(visit: &Visit, form: &mut FormBody, agent: &str) -> Result<FormAnswer> {
    let password = form.take("password");
    let (state, email) = (&visit.state, form.text("email"));
    let session = sign_in::sign_in(state, email, password, &visit.address, agent).await?;
    end_the_one_before(visit).await;
    let to = local_path(form.text("next")).unwrap_or("/");
    Ok(FormAnswer::redirect_with(to, viewer::cookie(&state.config, &session.cookie)))
}

/// One browser, one session: the one it came with is no longer anybody's.
async fn end_the_one_before(visit: &Visit) {
    if let Err(fault) = sign_out::sign_out(visit).await {
        tracing::warn!(%fault, "the session before a sign-in could not be ended");
    }
}

/// `POST /setup/{code}`: name, email, password, workgroup, time_zone.
pub async fn set_up(
    Extension(visit): Extension<Visit>,
    Path(code): Path<String>,
    headers: HeaderMap,
    mut form: FormBody,
) -> FormAnswer {
    let raw = RawSetUp {
        password: form.take("password"),
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        workgroup: form.text("workgroup").to_owned(),
        time_zone: form.text("time_zone").to_owned(),
    };
    let state = &visit.state;
    let begun = set_up::complete(state, &code, raw, &visit.address, agent(&headers)).await;
    let outcome = begun.map(|(session, workgroup)| {
        let to = format!("/{}/settings/tokens", workgroup.slug);
        FormAnswer::redirect_with(to, viewer::cookie(&state.config, &session.cookie))
    });
    FormAnswer::of(form, outcome)
}

/// `POST /reset`: email.
pub async fn forgot(Extension(visit): Extension<Visit>, form: FormBody) -> FormAnswer {
    let asked = reset::ask(&visit.state, form.text("email"), &visit.address).await;
    FormAnswer::of(form, asked.map(|()| FormAnswer::redirect("/reset?done=link")))
}

/// `POST /reset/{code}`: new_password.
pub async fn reset(
    Extension(visit): Extension<Visit>,
    Path(code): Path<String>,
    headers: HeaderMap,
    mut form: FormBody,
) -> FormAnswer {
    let (state, password) = (&visit.state, form.take("new_password"));
    let begun = reset::complete(state, &code, password, &visit.address, agent(&headers)).await;
    if begun.is_ok() {
        end_the_one_before(&visit).await;
    }
    let outcome = begun.map(|session| {
        let cookie = viewer::cookie(&state.config, &session.cookie);
        FormAnswer::redirect_with("/account?done=password", cookie)
    });
    FormAnswer::of(form, outcome)
}

/// What the browser says of itself.
pub(super) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::{Code, Refusal};
    use crate::server::people::trial::{PASSWORD, Trial};
    use crate::server::secret::Code as Secret;

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

    /// A router takes no other futures.
    fn sendable<F: Future<Output = FormAnswer> + Send>(answer: F) -> F {
        answer
    }

    async fn post_sign_in(visit: Visit, pairs: &[(&str, &str)]) -> FormAnswer {
        sendable(sign_in(Extension(visit), HeaderMap::new(), FormBody::of(pairs))).await
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
        let (fields, refusal) = refused(post_sign_in(visit, &typed).await);
        assert_eq!(refusal.code, Code::InvalidInput);
        let expected = [("email", "ada@example.com"), ("next", "/a")];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[tokio::test]
    async fn setting_up_leads_to_the_tokens_of_the_new_workgroup() {
        let trial = Trial::new().await;
        let code = set_up::open_link(&trial.state).await.unwrap().unwrap();
        let visit = trial.visit(&code).await;
        let form = FormBody::of(&[
            ("name", "Ada"),
            ("email", "ada@example.com"),
            ("password", PASSWORD),
            ("workgroup", "Harrow Valley"),
            ("time_zone", "UTC"),
        ]);
        let path = || Path(code.reveal().to_owned());
        let post = |form| set_up(Extension(visit.clone()), path(), HeaderMap::new(), form);
        let (to, secret) = redirected(sendable(post(form.clone())).await);
        assert_eq!(to, "/harrow-valley/settings/tokens");
        assert!(trial.knows(&secret.unwrap()).await);
        let (fields, refusal) = refused(post(form).await);
        assert_eq!(refusal.code, Code::NotFound);
        assert!(fields.iter().all(|(name, _)| name != "password"));
    }
}
