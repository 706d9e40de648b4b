//! Table of groups.

use super::statements;

statements! {}
