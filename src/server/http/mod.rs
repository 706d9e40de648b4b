//! Face http.
