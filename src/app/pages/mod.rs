//! One file a page.

pub mod account;
pub mod administration;
pub mod already_made;
pub mod device;
pub mod device_group;
pub mod device_groups;
pub mod devices;
pub mod edit_device;
pub mod edit_device_group;
pub mod edit_token;
pub mod forgot;
pub mod import;
pub mod import_devices;
pub mod import_tokens;
pub mod new_device;
pub mod new_device_group;
pub mod new_token;
pub mod not_found;
pub mod policy;
pub mod refused;
pub mod reset;
pub mod set_up;
pub mod sign_in;
pub mod token;
pub mod token_string;
pub mod tokens;
