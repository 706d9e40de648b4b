//! Parts that are given what they show.

pub mod button;
pub mod chip;
pub mod dialog;
pub mod field;
pub mod form;
pub mod icon;
pub mod mark;
pub mod menu;
pub mod tiles;
pub mod time;
