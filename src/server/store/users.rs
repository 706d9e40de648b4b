//! Table of users.

use super::statements;

statements! {}
