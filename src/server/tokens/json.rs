//! A token as JSON: the one shape that the HTTP API and the command line answer with.

use crate::domain::answers::IssuedToken;
use crate::domain::time::Time;
use crate::domain::token::Token;
use serde_json::Value;

/// The token without any secret.
#[must_use]
pub fn token(_token: &Token, _now: Time) -> Value {
    unimplemented!()
}

/// The token with its new string, under `token`.
#[must_use]
pub fn issued(_issued: &IssuedToken, _now: Time) -> Value {
    unimplemented!()
}
