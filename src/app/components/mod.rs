//! Parts that are given what they show.

pub mod banner;
pub mod button;
pub mod chip;
pub mod copy;
pub mod dialog;
pub mod door;
pub mod empty;
pub mod field;
pub mod form;
pub mod icon;
pub mod mark;
pub mod menu;
pub mod password;
pub mod shortcut;
pub mod skeleton;
pub mod theme;
pub mod tiles;
pub mod time;
pub mod toast;
