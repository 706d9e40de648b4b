//! Letters that are owed, from the outbox to the mail folder.

mod deliver;
mod digest;
mod digest_sections;
mod letters;
