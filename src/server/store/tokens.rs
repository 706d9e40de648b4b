//! Table of tokens.

use super::statements;

statements! {}
