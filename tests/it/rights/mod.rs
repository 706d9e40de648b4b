//! Who may do what: every role, permission and operation through every face, against a model written down once more.

mod callers;
mod create;
mod extra_fields;
mod isolation;
mod management;
mod model;
mod now;
mod operations;
mod own;
pub mod place;
