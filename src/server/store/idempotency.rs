//! Table of idempotency.

use super::statements;

statements! {}
