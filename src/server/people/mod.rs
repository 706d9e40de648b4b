//! People: setting up, signing in and out, sessions, passwords, memberships.

pub mod frame;
pub mod members;
pub mod password;
pub mod set_up;
pub mod throttle;
