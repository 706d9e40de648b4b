//! The tests of the whole program but its browser: one binary, one link. Folders mirror addresses.

mod api;
mod caller;
mod test_app;
