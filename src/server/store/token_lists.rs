//! Table of token_lists.

use super::statements;

statements! {}
