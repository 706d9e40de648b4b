//! Table of expiry_days.

use super::statements;

statements! {}
