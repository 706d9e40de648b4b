//! Pages that anybody may read: plain text, served without WebAssembly.

mod recipe;
pub mod renewal;
