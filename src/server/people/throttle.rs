//! Throttling of sign-in.

#[derive(Debug, Default)]
pub struct Throttle;
