//! Table of codes.

use super::statements;

statements! {}
