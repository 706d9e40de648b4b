//! `/api/v1/token`: what the holder of a string can do.

mod renew;
