//! The log: where it goes and in which form. What is logged never holds a secret.

use super::config::Config;
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error, once a process.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start (in a test) keeps the first.
    let _ = if config.log_json { log.json().try_init() } else { log.try_init() };
}
