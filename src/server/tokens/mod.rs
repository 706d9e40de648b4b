//! The life of a token: issue, edit, reissue, retire, renew, revoke; and what is asked about it. Knows no face.

pub mod authorize;
pub mod denial;
pub mod edit;
pub mod form;
pub mod import;
pub mod introspect;
pub mod issue;
pub mod json;
pub mod list;
pub mod once;
pub mod purge;
pub mod reissue;
pub mod renew;
pub mod retire;
pub mod revoke;
pub mod settle;
pub mod show;
pub mod sight;
pub mod usage;
pub mod verify;
