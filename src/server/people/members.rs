//! Users, workgroups and who is a member of what.

use crate::domain::user::User;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::state::AppState;
use secrecy::SecretString;

/// A person as typed.
#[derive(Clone, Debug)]
pub struct RawUser {
    pub name: String,
    pub email: String,
    pub password: SecretString,
}

pub async fn create_user(_state: &AppState, _raw: &RawUser, _administrator: bool) -> Result<User> {
    unimplemented!()
}

pub async fn create_workgroup(_state: &AppState, _name: &str, _owner_email: &str, _time_zone: &str) -> Result<Workgroup> {
    unimplemented!()
}

pub async fn set_member(_state: &AppState, _slug: &str, _email: &str, _owner: bool, _permissions: &[String], _device_group: Option<&str>) -> Result<()> {
    unimplemented!()
}
