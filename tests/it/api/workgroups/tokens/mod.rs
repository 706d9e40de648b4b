//! `/api/v1/workgroups/{workgroup}/tokens`.

mod create;
mod edit;
mod idempotency;
mod list;
mod reissue;
mod retire;
mod revoke;
mod show;
mod unused;
