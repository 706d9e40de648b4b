//! Route policies: read, tried and set. What a line means is decided in `domain/routes`.

pub mod edit;
pub mod json;
pub mod show;
pub mod trial;
