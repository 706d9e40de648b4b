//! Uses of strings, counted in memory and written together.

#[derive(Debug, Default)]
pub struct UsageBook;
