//! Answers to authorize and introspect: on the path of every call, so each row is found once and kept at hand. To look one up takes
//! longer than to count.

use super::Label;
use crate::domain::refusal::Code;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::OnceLock;
use std::time::Duration;

/// Upper bounds of the time that a verdict takes, in seconds: from a microsecond on.
const SECONDS: [f64; 8] = [2e-6, 5e-6, 1e-5, 2.5e-5, 1e-4, 5e-4, 5e-3, 0.1];

/// What was answered to authorize or introspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    Allowed,
    /// Only an introspection says so.
    Inactive,
    Refused(Code),
}

impl Answered {
    fn code(self) -> &'static str {
        match self {
            Answered::Allowed => "allowed",
            Answered::Inactive => "inactive",
            Answered::Refused(code) => code.as_str(),
        }
    }
}

#[derive(Debug)]
pub(super) struct Verdicts {
    counts: Family<[Label; 2], Counter>,
    seconds: Family<[Label; 1], Histogram, fn() -> Histogram>,
    authorize: Rows,
    introspect: Rows,
}

/// The rows of one call.
#[derive(Debug, Default)]
struct Rows {
    allowed: OnceLock<Counter>,
    inactive: OnceLock<Counter>,
    refused: [OnceLock<Counter>; Code::ALL.len()],
    seconds: OnceLock<Histogram>,
}

impl Default for Verdicts {
    fn default() -> Verdicts {
        Verdicts {
            counts: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            authorize: Rows::default(),
            introspect: Rows::default(),
        }
    }
}

impl Verdicts {
    pub fn authorized(&self, answered: Answered, took: Duration) {
        self.count("authorize", &self.authorize, answered, took);
    }

    pub fn introspected(&self, answered: Answered, took: Duration) {
        self.count("introspect", &self.introspect, answered, took);
    }

    fn count(&self, call: &'static str, rows: &Rows, answered: Answered, took: Duration) {
        let row = match answered {
            Answered::Allowed => &rows.allowed,
            Answered::Inactive => &rows.inactive,
            Answered::Refused(code) => &rows.refused[code as usize],
        };
        let labels = [("call", call), ("code", answered.code())];
        row.get_or_init(|| self.counts.get_or_create_owned(&labels)).inc();
        let seconds = || self.seconds.get_or_create_owned(&[("call", call)]);
        rows.seconds.get_or_init(seconds).observe(took.as_secs_f64());
    }

    pub fn register(&self, registry: &mut Registry) {
        let help = "Answers to authorize and introspect, by call and code";
        registry.register("verdicts", help, self.counts.clone());
        let help = "How long an answer to authorize or introspect took inside, in seconds";
        registry.register("verdict_seconds", help, self.seconds.clone());
    }
}
