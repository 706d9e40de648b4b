//! Passwords: what a new one must be like, and Argon2id, few at once. No password is kept, logged or handed on.

use crate::domain::user::{Email, password_length};
use crate::server::error::Result;
use anyhow::{Context, anyhow};
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// At most this many computations at once: each fills 19 MiB and one processor.
const AT_ONCE: usize = 2;

/// What the password of an unknown address is checked against, so that the answer takes as long. No password opens it.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bGF0Y2hrZXkvZHVtbXkvMQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Computes and checks password hashes away from the tasks that answer requests, bounded in number.
#[derive(Clone, Debug)]
pub struct Hasher {
    places: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Hasher {
        Hasher { places: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Hasher {
    /// The password's Argon2id hash with a new salt, in PHC string format.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        self.compute(move || {
            let hash = argon2id()?.hash_password(password.expose_secret().as_bytes());
            Ok(hash
                .map_err(|error| anyhow!("a password could not be hashed: {error}"))?
                .to_string())
        })
        .await
    }

    /// Whether this is the password behind `phc`. Without one (nobody has the address) it takes as long and says no.
    pub async fn verify(&self, password: SecretString, phc: Option<&str>) -> Result<bool> {
        let known = phc.is_some();
        let phc = phc.unwrap_or(DUMMY).to_owned();
        let fits = self.compute(move || {
            let hash =
                PasswordHash::new(&phc).map_err(|_| anyhow!("a stored hash is not readable"))?;
            match argon2id()?.verify_password(password.expose_secret().as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(anyhow!("a password could not be checked: {error}")),
            }
        });
        Ok(fits.await? && known)
    }

    /// The place is given back when the computation ends, not when the caller stops waiting: a browser that hangs up
    /// cannot raise the number that run at once.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.context("no password can be checked any more")?;
        let computed = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        Ok(computed.await.context("a password computation was broken off")??)
    }
}

fn argon2id() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| anyhow!("Argon2 refused its parameters: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What a new password must be like (NIST SP 800-63B-4, section 3.1.1.2): long enough, not about its person, not one
/// that is guessed early. The message says what to do and never repeats the password.
pub fn judge(
    password: &SecretString,
    name: &str,
    email: Option<&Email>,
) -> std::result::Result<(), String> {
    let password = password.expose_secret();
    password_length(password)?;
    let about = about(name, email);
    let folded = password.to_lowercase();
    if about.iter().any(|word| folded.contains(word.as_str())) {
        return Err(
            "It contains your name or e-mail address. Choose words that say nothing about you."
                .into(),
        );
    }
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    if u8::from(zxcvbn::zxcvbn(password, &about).score()) < 2 {
        return Err("This password is guessed early. A few unrelated words do well.".into());
    }
    Ok(())
}

/// What others know of a person, in lower case; shorter words than four letters stand in too many other words.
fn about(name: &str, email: Option<&Email>) -> Vec<String> {
    let folded = email.map(Email::folded).unwrap_or_default();
    let local = folded.split('@').next().unwrap_or_default().to_owned();
    let name = name.trim().to_lowercase();
    let joined = name.split_whitespace().collect();
    let mut words = vec![folded, local, name, joined];
    words.retain(|word: &String| word.chars().count() >= 4);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[tokio::test]
    async fn a_hash_is_argon2id_as_recommended_and_opens_to_its_password_alone() {
        let hasher = Hasher::default();
        let phc = hasher.hash("long grey river bank".into()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert_ne!(phc, hasher.hash("long grey river bank".into()).await.unwrap());
        assert!(hasher.verify("long grey river bank".into(), Some(&phc)).await.unwrap());
        assert!(!hasher.verify("long grey river Bank".into(), Some(&phc)).await.unwrap());
        assert!(!hasher.verify("long grey river bank".into(), None).await.unwrap());
        assert!(hasher.verify("x".into(), Some("not a hash")).await.is_err());
    }

    #[tokio::test]
    async fn an_unknown_address_costs_the_same_work() {
        let dummy = PasswordHash::new(DUMMY).unwrap();
        let params = Params::try_from(&dummy).unwrap();
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (MEMORY_KIB, PASSES, LANES)
        );
        let hasher = Hasher::default();
        let phc = hasher.hash("long grey river bank".into()).await.unwrap();
        let (known, unknown) = (fastest(&hasher, Some(&phc)).await, fastest(&hasher, None).await);
        assert!(unknown > known / 3, "known {known:?}, unknown {unknown:?}");
    }

    #[expect(clippy::disallowed_methods, reason = "measures, and decides nothing by it")]
    async fn fastest(hasher: &Hasher, phc: Option<&str>) -> Duration {
        let mut fastest = Duration::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            hasher.verify("wrong wrong wrong".into(), phc).await.unwrap();
            fastest = fastest.min(start.elapsed());
        }
        fastest
    }

    #[test]
    fn a_new_password_is_long_not_common_and_not_about_its_person() {
        let email = Email::parse("ada.lovelace@example.com").unwrap();
        let cases = [
            ("long grey river bank", None),
            ("ßäöü 日本語 🔑 ключ к двери", None),
            ("short", Some("15 to 200")),
            ("passwordpassword", Some("guessed early")),
            ("aaaaaaaaaaaaaaaaaaaa", Some("guessed early")),
            ("123456789012345", Some("guessed early")),
            ("my ADA.lovelace door", Some("your name")),
            ("adalovelace is my name", Some("your name")),
            ("Ada Lovelace has a key", Some("your name")),
        ];
        for (password, refused) in cases {
            let answer = judge(&password.into(), "Ada Lovelace", Some(&email));
            match (answer, refused) {
                (Ok(()), None) => {}
                (Err(said), Some(expected)) => {
                    assert!(said.contains(expected), "{password}: {said}")
                }
                (answer, _) => panic!("{password}: {answer:?}"),
            }
        }
    }
}
