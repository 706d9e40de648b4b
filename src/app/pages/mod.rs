//! One file a page.

pub mod not_found;
pub mod refused;
pub mod sign_in;
