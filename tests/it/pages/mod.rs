//! The pages as a browser without script meets them: rendered, posted to, and answered.

mod account;
mod activity;
mod activity_export;
mod administration;
mod alarms;
mod compressed;
mod denials;
mod device_groups;
pub mod devices;
mod edit;
mod every_page;
pub mod forms;
mod hostile;
mod import;
mod import_devices;
pub mod import_tokens;
mod letter;
mod list;
pub mod members;
mod new_token;
mod policy;
mod refused_fields;
mod reissue;
mod reset;
mod revoke;
mod set_up;
mod sign_in;
