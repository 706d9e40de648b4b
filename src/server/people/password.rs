//! Passwords.

#[derive(Clone, Debug, Default)]
pub struct Hasher;
