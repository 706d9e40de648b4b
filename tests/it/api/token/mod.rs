//! `/api/v1/token`: what the holder of a string can do.

mod header;
mod policy;
mod races;
mod renew;
mod retire_older;
mod revoke;
mod show;
mod successor;
mod usage;
