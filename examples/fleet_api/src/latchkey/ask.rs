//! The question itself: one POST to `/api/v1/introspect`, and what its answer means for the call.

use super::cache::{Answer, FRESH, Verdict};
use super::{Caller, Demand};
use crate::problem::Problem;
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// Where this API's own token is, an access token with the permission `tokens.introspect`.
pub enum OwnToken {
    Given(String),
    /// Read anew for each question: a renewed token takes over without a restart.
    In(PathBuf),
}

/// Puts questions to one Latchkey.
pub struct Asker {
    address: String,
    own: OwnToken,
    http: reqwest::Client,
}

impl Asker {
    pub fn new(url: &str, own: OwnToken) -> Result<Asker, reqwest::Error> {
        // No question takes longer than its answer would count; no redirection and no proxy gets to see a string.
        let http = reqwest::Client::builder()
            .timeout(FRESH)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        let address = format!("{}/api/v1/introspect", url.trim_end_matches('/'));
        Ok(Asker { address, own, http })
    }

    pub async fn ask(&self, string: &str, demand: &Demand, device: Option<&str>) -> Answer {
        let asked_at = Instant::now();
        match self.send(string, demand, device).await {
            Ok(facts) => {
                let left = facts.left().map_or(FRESH, |left| left.min(FRESH));
                Answer { verdict: facts.verdict(demand), stale_at: asked_at + left }
            }
            Err(why) => {
                tracing::error!(%why, "Latchkey could not be asked: the call is refused");
                let problem = Problem::unavailable("Tokens cannot be checked at the moment.");
                Answer { verdict: Err(problem), stale_at: asked_at }
            }
        }
    }

    /// Anything but an answer to the question is a reason to be logged; it never holds the string.
    async fn send(
        &self,
        string: &str,
        demand: &Demand,
        device: Option<&str>,
    ) -> Result<Facts, String> {
        let own = match &self.own {
            OwnToken::Given(own) => own.clone(),
            OwnToken::In(file) => {
                let read = tokio::fs::read_to_string(file).await;
                read.map_err(|error| format!("{}: {error}", file.display()))?
            }
        };
        let mut form = vec![("token", string), ("permission", demand.permission)];
        form.extend(device.map(|id| ("device", id)));
        let question = self.http.post(&self.address).bearer_auth(own.trim()).form(&form);
        let answer = question.send().await.map_err(|error| format!("{error:?}"))?;
        match answer.status().as_u16() {
            200 => answer.json().await.map_err(|error| error.to_string()),
            // Also a 401 or 403: then it is our own token that is at fault, not the caller's.
            status => Err(format!("{status}: {}", answer.text().await.unwrap_or_default())),
        }
    }
}

/// What introspection tells.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Facts {
    active: bool,
    kind: String,
    owner: String,
    /// Unix seconds.
    exp: Option<u64>,
    allowed: bool,
    code: Option<String>,
    detail: Option<String>,
    retry_after: Option<u64>,
}

impl Facts {
    /// How long the token still lives; `None`: it has no end.
    fn left(&self) -> Option<Duration> {
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(self.exp?);
        Some(end.duration_since(SystemTime::now()).unwrap_or_default())
    }

    fn verdict(self, demand: &Demand) -> Verdict {
        if !self.active {
            return Err(Problem::new(
                401,
                "invalid_token",
                "This token does not work, or not any more.",
            ));
        }
        let code = self.code.as_deref().unwrap_or_default();
        if self.kind != demand.kind && code != "rate_limited" {
            let detail = format!("This call needs a token of the kind {}.", demand.kind);
            return Err(Problem::new(403, "wrong_token_type", detail));
        }
        if self.allowed {
            return Ok(Arc::new(Caller { owner: self.owner }));
        }
        let status = match code {
            "not_found" => 404,
            "rate_limited" => 429,
            _ => 403,
        };
        let missing = (code == "insufficient_permissions").then(|| demand.permission.to_owned());
        let detail =
            self.detail.clone().unwrap_or_else(|| "This token may not do this.".to_owned());
        let code = if code.is_empty() { "insufficient_permissions" } else { code };
        let problem = Problem::new(status, code, detail);
        Err(Problem { required_permission: missing, retry_after: self.retry_after, ..problem })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMAND: Demand = Demand { kind: "access", permission: "read", device: None };

    fn verdict(json: &str) -> String {
        let facts: Facts = serde_json::from_str(json).unwrap();
        match facts.verdict(&DEMAND) {
            Ok(caller) => format!("yes {}", caller.owner),
            Err(problem) => format!("{} {}", problem.status, problem.code),
        }
    }

    #[test]
    fn whatever_is_not_a_clear_yes_is_a_no() {
        for (json, wanted) in [
            (r#"{"active":true,"kind":"access","owner":"Ops","allowed":true}"#, "yes Ops"),
            (r#"{"active":false}"#, "401 invalid_token"),
            ("{}", "401 invalid_token"),
            (r#"{"active":true,"kind":"access"}"#, "403 insufficient_permissions"),
            (r#"{"active":true,"kind":"device","allowed":true}"#, "403 wrong_token_type"),
            (r#"{"active":true,"allowed":true}"#, "403 wrong_token_type"),
            (
                r#"{"active":true,"kind":"access","allowed":false,"code":"insufficient_permissions"}"#,
                "403 insufficient_permissions",
            ),
            (
                r#"{"active":true,"kind":"access","allowed":false,"code":"not_found"}"#,
                "404 not_found",
            ),
            (
                r#"{"active":true,"kind":"device","allowed":false,"code":"rate_limited"}"#,
                "429 rate_limited",
            ),
            (
                r#"{"active":true,"kind":"access","allowed":false,"code":"new_word"}"#,
                "403 new_word",
            ),
        ] {
            assert_eq!(verdict(json), wanted, "{json}");
        }
    }

    #[test]
    fn a_token_that_has_ended_leaves_no_time() {
        let left = |exp| Facts { exp, ..Facts::default() }.left();
        assert_eq!(left(None), None);
        assert_eq!(left(Some(1)), Some(Duration::ZERO));
        assert!(left(Some(u32::MAX.into())) > Some(FRESH));
    }
}
