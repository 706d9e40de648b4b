//! The mail room: what a letter says, how it is written for the wire, and who carries it. Knows no store and no use case.

mod carrier;
mod letter;
mod texts;

pub use carrier::Mailer;
pub use letter::{Letter, Stamp};
pub use texts::{Invitation, Reset};
