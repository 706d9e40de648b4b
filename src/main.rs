//! Hands the command line to `server::cli`. Nothing else lives here.
#![cfg(feature = "ssr")]

fn main() {}
