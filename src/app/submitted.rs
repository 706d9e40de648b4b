//! A form post that was refused: what was typed, and why. The page that is shown in answer reads it and keeps the input.

use crate::domain::refusal::Refusal;
use std::sync::Arc;

/// Given as context when a page answers a refused post; absent on an ordinary visit.
#[derive(Clone)]
pub struct Submitted(Arc<Post>);

struct Post {
    fields: Vec<(String, String)>,
    refusal: Refusal,
}

impl Submitted {
    #[must_use]
    pub fn new(fields: Vec<(String, String)>, refusal: Refusal) -> Submitted {
        Submitted(Arc::new(Post { fields, refusal }))
    }

    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.0.refusal
    }

    /// What was typed into the field; the first, if it was sent more than once.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<&str> {
        self.0.fields.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Every value of a repeated field, such as checked boxes.
    pub fn all<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.fields.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }
}
