//! What each letter to token owners and workgroup owners says: one file a letter, its facts given by whoever owes it.

mod digest;
mod expiry;
mod test;
mod token;

pub use digest::{Digest, DigestLine, DigestWorkgroup};
pub use expiry::{Ending, Expiry, Newer};
pub use test::Test;
pub use token::{Issued, Renewed, Revoked, TokenFacts};

/// Somebody to turn to: a workgroup owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub email: String,
}

/// What every letter of a workgroup knows of where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The workgroup's name.
    pub workgroup: &'a str,
    /// IANA name of the zone in which dates are said.
    pub zone: &'a str,
    /// Scheme and host that every link begins with, without a slash at its end.
    pub url: &'a str,
    /// When the letter is written.
    pub now: crate::domain::time::Time,
}
