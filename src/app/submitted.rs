//! A form post that was refused, or has to be confirmed: what was typed, and why the page is shown again. The page reads it and
//! keeps the input.

use crate::domain::group_effect::GroupEffect;
use crate::domain::refusal::Refusal;
use leptos::prelude::use_context;
use std::sync::Arc;

/// What a page asks before it does what was posted.
#[derive(Clone, Debug)]
pub enum Question {
    /// An edit of a device group opens and closes this.
    GroupEdit(GroupEffect),
}

/// Given as context when a page answers a post that did nothing yet; absent on an ordinary visit.
#[derive(Clone)]
pub struct Submitted(Arc<Post>);

struct Post {
    fields: Vec<(String, String)>,
    why: Why,
}

enum Why {
    Refused(Refusal),
    Asked(Question),
}

impl Submitted {
    #[must_use]
    pub fn new(fields: Vec<(String, String)>, refusal: Refusal) -> Submitted {
        Submitted(Arc::new(Post { fields, why: Why::Refused(refusal) }))
    }

    #[must_use]
    pub fn asking(fields: Vec<(String, String)>, question: Question) -> Submitted {
        Submitted(Arc::new(Post { fields, why: Why::Asked(question) }))
    }

    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.0.why {
            Why::Refused(refusal) => Some(refusal),
            Why::Asked(_) => None,
        }
    }

    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        match &self.0.why {
            Why::Refused(_) => None,
            Why::Asked(question) => Some(question),
        }
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

/// What a form shows: what was typed if its post did nothing yet, else what it begins with.
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
        self.0.as_ref()?.refusal().cloned()
    }

    /// What is to be confirmed before the post is done.
    #[must_use]
    pub fn question(&self) -> Option<Question> {
        self.0.as_ref()?.question().cloned()
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
        self.0.as_ref()?.refusal()?.message_for(field).map(ToOwned::to_owned)
    }
}
