//! People: setting up, signing in and out, sessions, passwords, memberships. Knows no face.

pub mod change_password;
pub mod digest;
pub mod frame;
pub mod invitations;
pub mod members;
pub mod password;
pub mod profile;
pub mod reset;
pub mod sessions;
pub mod set_up;
pub mod sign_in;
pub mod sign_out;
pub mod throttle;
pub mod time_zone;
pub mod users;
pub mod workgroups;

#[cfg(test)]
pub(super) mod trial;
