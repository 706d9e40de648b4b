//! One file a page.

pub mod account;
pub mod already_made;
pub mod device_group;
pub mod device_groups;
pub mod edit_device_group;
pub mod edit_token;
pub mod new_device_group;
pub mod new_token;
pub mod not_found;
pub mod refused;
pub mod set_up;
pub mod sign_in;
pub mod token;
pub mod token_string;
pub mod tokens;
