//! Running the installation: its workgroups, users and permission catalogue, and the policy that a workgroup's owners share
//! with administrators. Nothing in here reaches into a workgroup's tokens, devices or members but to count them.

pub mod catalogue;
pub mod json;
pub mod policy;
pub mod record;
pub mod users;
pub mod workgroups;

/// One more row than a page shows tells whether there is another page.
const ONE_MORE: i64 = crate::domain::administration::PAGE + 1;
