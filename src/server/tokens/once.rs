//! Idempotency: a form or call that was sent twice does its work once.

use crate::domain::answers::IssuedToken;
use crate::server::secret::Hash;

/// What tells a repetition: who calls, at which address, with which key and body.
#[derive(Clone, Debug)]
pub struct Once {
    pub caller: String,
    pub address: String,
    pub key: String,
    pub body_hash: Hash,
}

/// A string was made, or had been made by the same call before.
#[derive(Debug)]
pub enum Made {
    New(Box<IssuedToken>),
    /// The first answer, without its token string.
    Already(serde_json::Value),
}
