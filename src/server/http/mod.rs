//! The HTTP face: pages, their form posts, the JSON API, and what stands before and behind them all.

pub mod api;
pub mod api_docs;
pub mod assets;
pub mod bearer;
pub mod calendar;
pub mod client;
pub mod compress;
pub mod document;
pub mod door;
pub mod error_page;
pub mod export;
pub mod forms;
pub mod headers;
pub mod letters;
pub mod metrics;
pub mod origin;
pub mod original;
pub mod patience;
pub mod places;
pub mod problem;
pub mod router;
pub mod serve;
pub mod unsubscribe;
pub mod workers;
