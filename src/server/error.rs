//! The two kinds of failure: refused (the caller may read it) and at fault (ours; logged whole, once, at the edge).

use crate::domain::refusal::Refusal;
use std::fmt;

#[derive(Debug)]
pub enum Error {
    Refused(Box<Refusal>),
    Fault(anyhow::Error),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// What the caller may read. A fault is logged here, whole, and becomes a refusal that says nothing of its cause.
    #[must_use]
    pub fn into_refusal(self) -> Refusal {
        match self {
            Error::Refused(refusal) => *refusal,
            Error::Fault(fault) => {
                tracing::error!(fault = format!("{fault:#}"), "a request failed on our side");
                Refusal::internal()
            }
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(Box::new(refusal))
    }
}

impl From<anyhow::Error> for Error {
    fn from(fault: anyhow::Error) -> Error {
        Error::Fault(fault)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(refusal) => refusal.fmt(f),
            Error::Fault(fault) => write!(f, "{fault:#}"),
        }
    }
}

impl std::error::Error for Error {}
