//! The headers in which a workgroup's proxy says what it was asked.

use serde::{Deserialize, Serialize};

/// One of two families; the other one is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Traefik and Caddy.
    Forwarded,
    /// nginx.
    Original,
}

impl Family {
    pub const ALL: [Family; 2] = [Family::Forwarded, Family::Original];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Family::Forwarded => "forwarded",
            Family::Original => "original",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Family::Forwarded => "Traefik or Caddy",
            Family::Original => "nginx",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Family> {
        Family::ALL.into_iter().find(|family| family.code() == code)
    }

    /// The header of the method and the header of path and query.
    #[must_use]
    pub fn headers(self) -> (&'static str, &'static str) {
        match self {
            Family::Forwarded => ("X-Forwarded-Method", "X-Forwarded-Uri"),
            Family::Original => ("X-Original-Method", "X-Original-URI"),
        }
    }
}
