//! The verify index: what every string opens, kept in memory, so that the hot path asks nothing else. Filled at the start, brought
//! forward change by change in the order of the commits, written through before whoever changed something is told. It decides
//! nothing: the verdict is in `domain`.

mod grant;
mod home;
mod index;
mod reach;
mod table;

pub use grant::{Grant, Grave, Held, Meter, Opens, Permissions, Record, Strings};
pub use home::{Home, Routes};
pub use index::Index;
pub use reach::{fill, follow, reach};
