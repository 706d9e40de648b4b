//! Words and rules: the ground that server and browser both stand on. No I/O, no clock, no framework.

pub mod activity;
pub mod answers;
pub mod consequence;
pub mod device;
pub mod lead;
pub mod life;
pub mod lifetime;
pub mod members;
pub mod notice;
pub mod permission;
pub mod refusal;
pub mod rights;
pub mod sentence;
pub mod status;
pub mod text;
pub mod time;
pub mod token;
pub mod token_draft;
pub mod token_list;
pub mod token_string;
pub mod usage;
pub mod user;
pub mod workgroup;
