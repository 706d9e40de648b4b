//! Idempotency: a form or call that was sent twice does its work once, and is answered as before, without the string.

use crate::domain::answers::IssuedToken;
use crate::domain::refusal::Refusal;
use crate::domain::time::{DAY, Time};
use crate::server::error::Result;
use crate::server::secret::Hash;
use crate::server::store::{self, Tx};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// A key is honoured for this long (seconds).
pub const KEPT: i64 = DAY;

/// What tells a repetition: who calls, at which address, with which key and body.
#[derive(Clone, Debug)]
pub struct Once {
    pub caller: String,
    pub address: String,
    pub key: String,
    pub body_hash: Hash,
    /// What a caller is told who sends the key again with another body.
    pub reused: fn() -> Refusal,
}

/// The work was done now, or had been done by the same call before.
#[derive(Debug)]
pub enum Done<T> {
    New(T),
    /// The first answer, without its token string.
    Already(Value),
}

impl<T> Done<T> {
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Done<U> {
        match self {
            Done::New(value) => Done::New(with(value)),
            Done::Already(answer) => Done::Already(answer),
        }
    }

    /// What was done now; a call without a key always does its work.
    pub fn done_now(self) -> Option<T> {
        match self {
            Done::New(value) => Some(value),
            Done::Already(_) => None,
        }
    }
}

/// A string was made.
pub type Made = Done<Box<IssuedToken>>;

/// The first answer to the same call, if there was one. Another body under the same key is refused.
pub async fn find(tx: &mut Tx, once: Option<&Once>, now: Time) -> Result<Option<Value>> {
    let Some(once) = once else { return Ok(None) };
    let since = now - KEPT;
    let found = store::idempotency::find(tx, &once.caller, &once.address, &once.key, since).await?;
    let Some((body_hash, answer)) = found else { return Ok(None) };
    if body_hash != once.body_hash {
        return Err((once.reused)().into());
    }
    Ok(Some(serde_json::from_str(&answer).map_err(anyhow::Error::from)?))
}

/// Remembers what the call is answered with (never a string), in the transaction of its work.
pub async fn keep(tx: &mut Tx, once: Option<&Once>, answer: &Value, now: Time) -> Result<()> {
    let Some(once) = once else { return Ok(()) };
    let row = store::idempotency::NewKey {
        caller: &once.caller,
        address: &once.address,
        key: &once.key,
        body_hash: &once.body_hash,
        answer: &answer.to_string(),
        created_at: now,
    };
    store::idempotency::insert(tx, &row).await
}

/// The calls with a key that run at this moment, in this process.
#[derive(Clone, Debug, Default)]
pub struct RunningCalls(Arc<Mutex<HashSet<Call>>>);

/// Caller, address, key.
type Call = (String, String, String);

/// One running call; it has ended when this is dropped.
#[derive(Debug)]
pub struct Running(Arc<Mutex<HashSet<Call>>>, Call);

impl RunningCalls {
    /// Nothing if the same call runs already.
    #[must_use]
    pub fn start(&self, once: &Once) -> Option<Running> {
        let call = (once.caller.clone(), once.address.clone(), once.key.clone());
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(call.clone()).then(|| Running(self.0.clone(), call))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}
