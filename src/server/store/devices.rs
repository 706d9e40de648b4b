//! Table of devices.

use super::statements;

statements! {}
