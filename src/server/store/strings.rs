//! Table of strings.

use super::statements;

statements! {}
