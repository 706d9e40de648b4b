//! The posts of the account page.

use super::people::agent;
use super::{FormAnswer, FormBody, local_path};
use crate::domain::refusal::Refusal;
use crate::server::config::Config;
use crate::server::error::Result;
use crate::server::people::{change_password, digest, profile, sign_out};
use crate::server::viewer::{self, Visit};
use axum::Extension;
use axum::http::HeaderMap;

const YEAR: i64 = 365 * 24 * 60 * 60;

/// `POST /account`: action, and what that action asks for.
pub async fn account(
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    mut form: FormBody,
) -> FormAnswer {
    let outcome = act(&visit, &mut form, agent(&headers)).await;
    FormAnswer::of(form, outcome)
}

async fn act(visit: &Visit, form: &mut FormBody, agent: &str) -> Result<FormAnswer> {
    let config = &visit.state.config;
    match form.text("action") {
        "password" => {
            let (current, new) = (form.take("current_password"), form.take("new_password"));
            let cookie = change_password::change_password(visit, current, new, agent).await?;
            Ok(FormAnswer::redirect_with("/account?done=password", viewer::cookie(config, &cookie)))
        }
        "profile" => {
            profile::edit(visit, form.text("name"), form.text("time_zone")).await?;
            Ok(FormAnswer::redirect("/account?done=saved"))
        }
        "digest" => {
            digest::choose(visit, form.get("digest").is_some()).await?;
            Ok(FormAnswer::redirect("/account?done=saved"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Code;
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

    async fn post_account(visit: Visit, pairs: &[(&str, &str)]) -> FormAnswer {
        account(Extension(visit), HeaderMap::new(), FormBody::of(pairs)).await
    }

    async fn ada() -> (Trial, Visit) {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let visit = trial.visit_of("ada@example.com").await;
        (trial, visit)
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
