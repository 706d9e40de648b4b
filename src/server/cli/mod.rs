//! Face cli.
