//! Table of sessions.

use super::statements;

statements! {}
