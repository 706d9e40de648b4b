//! Latchkey: a self-hosted home for API tokens.
//!
//! The map of the house, from the ground up:
//! - [`domain`]: words and rules, without I/O, clock or framework;
//! - [`rpc`]: the seam, the only door from the pages to the server;
//! - [`app`]: what a person sees, rendered on the server and brought to life in the browser;
//! - `server`: everything that only the server runs, behind the one gate below.
#![recursion_limit = "256"]

pub mod app;
pub mod domain;
mod hydrate;
pub mod rpc;
#[cfg(feature = "ssr")]
pub mod server;
