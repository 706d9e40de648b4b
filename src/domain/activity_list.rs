//! The record of a workgroup, page by page: what it answers. What can be asked of it is in [`super::activity_query`].

use super::activity::Activity;
use super::activity_query::is_id;
use super::time::Time;
use super::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// One row of the record, with what of it still stands and can be linked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRow {
    pub done: Activity,
    /// `person`, `token` or `command_line`.
    pub actor_kind: String,
    pub actor_id: String,
    /// The actor is a token that still stands.
    pub actor_stands: bool,
    /// What it was done to still stands.
    pub subject_stands: bool,
}

/// One page of the record with everything that stands above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityPage {
    pub workgroup: Workgroup,
    /// Newest first.
    pub items: Vec<ActivityRow>,
    /// Place of the page of newer rows, if there is one.
    pub newer: Option<String>,
    pub older: Option<String>,
    /// The filters find too little to fill the page, and there is more to look through: so far it was looked back to here.
    pub looked_back_to: Option<Time>,
    /// Who can be chosen: id and name.
    pub actors: Vec<(String, String)>,
    /// What the subject is called that the question names by its id.
    pub subject: Option<String>,
    /// Only owners export.
    pub may_export: bool,
    /// The server's time when it answered: what "now" is for everything above.
    pub now: Time,
}

/// A place between two rows: the time of one, and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub at: Time,
    pub id: String,
}

impl Place {
    #[must_use]
    pub fn encode(&self) -> String {
        format!("{}.{}", self.at.0, self.id)
    }

    #[must_use]
    pub fn decode(text: &str) -> Option<Place> {
        let (second, id) = text.split_once('.')?;
        let at = Time(second.parse().ok()?);
        is_id(id).then(|| Place { at, id: id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0192f0a1-0000-7000-8000-00000000000a";

    #[test]
    fn a_place_goes_both_ways_and_refuses_what_it_did_not_make() {
        let place = Place { at: Time(1_763_719_200), id: ID.into() };
        assert_eq!(Place::decode(&place.encode()), Some(place));
        for text in ["", "1", "x.y", "1.", "1.a", &format!("1.{ID}'")] {
            assert_eq!(Place::decode(text), None, "{text:?}");
        }
    }
}
