//! One file a page.

pub mod account;
pub mod already_made;
pub mod edit_token;
pub mod invite;
pub mod members;
pub mod new_token;
pub mod not_found;
pub mod refused;
pub mod set_up;
pub mod sign_in;
pub mod token;
pub mod token_string;
pub mod tokens;
