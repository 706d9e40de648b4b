//! Renew.
