//! The pages as a browser without script meets them: rendered, posted to, and answered.

mod edit;
mod every_page;
pub mod forms;
mod hostile;
mod list;
pub mod members;
mod new_token;
mod refused_fields;
mod reissue;
mod revoke;
mod set_up;
mod sign_in;
