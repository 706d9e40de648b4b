//! Uses of strings: counted in memory on the path of a request, written together every few seconds and at the end.

mod book;
mod count;
mod forget;
mod write;

pub use book::UsageBook;
pub use count::Use;
pub use forget::forget;
pub use write::flush;
