//! Face scheduler.
