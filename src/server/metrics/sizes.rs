//! How many of a kind went together: a histogram for whatever is done in batches.

use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds, from one alone to the largest batch that there is.
const TOGETHER: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Sizes of batches; clones count together.
#[derive(Clone, Debug)]
pub struct Sizes(Histogram);

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes(Histogram::new(TOGETHER))
    }
}

impl Sizes {
    /// A batch of so many was done.
    pub fn add(&self, size: usize) {
        self.0.observe(f64::from(u32::try_from(size).unwrap_or(u32::MAX)));
    }

    pub(super) fn register(&self, registry: &mut Registry, name: &str, help: &str) {
        registry.register(name, help, self.0.clone());
    }
}
