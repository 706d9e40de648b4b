//! Face http.

pub mod forms;
