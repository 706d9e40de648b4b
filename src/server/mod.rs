//! Only the server: faces (`cli`, `http`, `scheduler`), who asks (`viewer`), use cases, and the ground they stand on.

// Faces.
pub mod cli;
pub mod http;
pub mod scheduler;

// Who asks.
pub mod operator;
pub mod viewer;

// Use cases.
pub mod activity;
pub mod administration;
pub mod clock_guard;
pub mod demo;
pub mod devices;
pub mod health;
pub mod imports;
pub mod notices;
pub mod people;
pub mod routes;
pub mod tokens;
pub mod upkeep;

// Ground.
pub mod clock;
pub mod config;
pub mod error;
pub mod grants;
pub mod mail;
pub mod metrics;
pub mod secret;
pub mod state;
pub mod store;
pub mod telemetry;
