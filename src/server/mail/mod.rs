//! The mail room: what a letter says, how it is written for the wire, and who carries it. Knows no store and no use case.

mod carrier;
mod letter;
pub mod letters;

pub use carrier::{Mailer, Smtp, Times, Trip, Unsent};
pub use letter::{Letter, Stamp};
