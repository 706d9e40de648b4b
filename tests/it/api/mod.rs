//! `/api/v1`, as programs call it.

mod token;
