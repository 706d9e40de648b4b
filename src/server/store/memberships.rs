//! Table of memberships.

use super::statements;

statements! {}
