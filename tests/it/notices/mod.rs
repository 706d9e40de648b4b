//! Letters that are owed, from the outbox to the mail folder or a mail server.

mod clumsy;
mod deliver;
mod letters;
mod smtp;
