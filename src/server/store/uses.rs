//! Table of uses.

use super::statements;

statements! {}
