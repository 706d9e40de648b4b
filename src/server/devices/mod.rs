//! Devices and device groups: registering and choosing.
