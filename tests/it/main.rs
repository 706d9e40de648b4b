//! The tests of the whole program but its browser: one binary, one link. Folders mirror addresses.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod api;
mod calendar;
mod caller;
mod cli;
mod cross_site;
mod crowd;
mod database;
mod docs;
mod door;
mod fleet;
mod grants;
mod health;
mod house;
mod letter;
mod machine;
mod notices;
mod pages;
mod promised;
mod proxies;
mod removal;
mod rights;
mod scheduler;
mod secrets;
mod smtp;
mod store;
mod test_app;
