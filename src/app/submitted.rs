//! A form post that was refused: what was typed, and why. The page that is shown in answer reads it and keeps the input.

use crate::domain::refusal::Refusal;
use leptos::prelude::use_context;
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

/// What a form shows: what was typed if its post was refused, else what it begins with.
#[derive(Clone, Default)]
pub struct Filled(Option<Submitted>);

impl Filled {
    /// For a page with one form.
    #[must_use]
    pub fn here() -> Filled {
        Filled(use_context())
    }

    /// For one of several forms on a page: only the one whose `action` was posted shows it.
    #[must_use]
    pub fn of_action(action: &str) -> Filled {
        Filled(Filled::here().0.filter(|post| post.value("action") == Some(action)))
    }

    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.0.as_ref().map(|post| post.refusal().clone())
    }

    #[must_use]
    pub fn value(&self, field: &str, start: &str) -> String {
        let typed = self.0.as_ref().map(|post| post.value(field).unwrap_or_default());
        typed.unwrap_or(start).to_owned()
    }

    /// Whether a box is ticked: an unticked one is not sent at all.
    #[must_use]
    pub fn ticked(&self, field: &str, value: &str, start: bool) -> bool {
        self.0.as_ref().map_or(start, |post| post.all(field).any(|sent| sent == value))
    }

    /// Every value that was sent of a repeated field.
    #[must_use]
    pub fn all(&self, field: &str) -> Vec<String> {
        self.0.iter().flat_map(|post| post.all(field).map(ToOwned::to_owned)).collect()
    }

    #[must_use]
    pub fn error(&self, field: &str) -> Option<String> {
        self.0.as_ref()?.refusal().message_for(field).map(ToOwned::to_owned)
    }
}
