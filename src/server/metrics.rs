//! What is counted while the process runs, and its text for Prometheus. No label holds an address, a name or a secret.

mod sizes;
mod verdicts;

pub use sizes::Sizes;
pub use verdicts::Answered;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Duration;
use verdicts::Verdicts;

/// A label with its value, which comes from a closed list.
type Label = (&'static str, &'static str);

/// The letters that are told apart; any other is counted as `other`.
const LETTERS: [&str; 8] =
    ["invitation", "reset", "expiry", "issued", "revoked", "renewed", "digest", "test"];

/// Upper bounds of a sweep's duration, in seconds.
const SWEEP_SECONDS: [f64; 8] = [0.01, 0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0];

/// What came of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepResult {
    /// With so many tokens looked at.
    Done {
        looked_at: u32,
    },
    /// Nothing was done: the clock is not believed.
    Held,
    Failed,
}

/// What came of trying to deliver a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterResult {
    Sent,
    /// Put off: it is tried again.
    Failed,
    /// Not true any more.
    Dropped,
    /// Given up.
    Undelivered,
}

impl LetterResult {
    fn code(self) -> &'static str {
        match self {
            LetterResult::Sent => "sent",
            LetterResult::Failed => "failed",
            LetterResult::Dropped => "dropped",
            LetterResult::Undelivered => "undelivered",
        }
    }
}

/// What the database says when it is asked, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Unix seconds; 0: never.
    pub last_sweep: i64,
    /// Seconds; 0: nothing waits.
    pub oldest_unsent_age: i64,
    pub letters_waiting: i64,
    pub letters_undelivered: i64,
    pub mail_paused: bool,
    pub clock_doubted: bool,
    /// By state.
    pub tokens: [(&'static str, i64); 3],
}

/// Counters of this process; clones of the state share them.
#[derive(Debug)]
pub struct Metrics {
    sweeps: Family<[Label; 1], Counter>,
    sweep_seconds: Histogram,
    looked_at: Counter,
    letters: Family<[Label; 2], Counter>,
    requests: Family<[Label; 1], Counter>,
    refusals: Family<[Label; 1], Counter>,
    verdicts: Verdicts,
    usage_batches: Sizes,
    /// `None`: the database shares no commits.
    shared_commits: Option<Sizes>,
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics {
            sweeps: Family::default(),
            sweep_seconds: Histogram::new(SWEEP_SECONDS),
            looked_at: Counter::default(),
            letters: Family::default(),
            requests: Family::default(),
            refusals: Family::default(),
            verdicts: Verdicts::default(),
            usage_batches: Sizes::default(),
            shared_commits: None,
        }
    }
}

impl Metrics {
    /// With what the store counts of the commits that its writers share.
    #[must_use]
    pub fn with_commits(shared_commits: Option<Sizes>) -> Metrics {
        Metrics { shared_commits, ..Metrics::default() }
    }

    /// The uses of so many tokens, removed strings included, were written in one transaction.
    pub fn usage_written(&self, tokens: usize) {
        self.usage_batches.add(tokens);
    }

    /// A sweep ended.
    pub fn swept(&self, took: Duration, result: SweepResult) {
        let (code, looked_at) = match result {
            SweepResult::Done { looked_at } => ("done", looked_at),
            SweepResult::Held => ("held", 0),
            SweepResult::Failed => ("failed", 0),
        };
        self.sweeps.get_or_create(&[("result", code)]).inc();
        self.sweep_seconds.observe(took.as_secs_f64());
        self.looked_at.inc_by(looked_at.into());
    }

    /// An authorize call was answered.
    pub fn authorized(&self, answered: Answered, took: Duration) {
        self.verdicts.authorized(answered, took);
    }

    /// An introspection was answered.
    pub fn introspected(&self, answered: Answered, took: Duration) {
        self.verdicts.introspected(answered, took);
    }

    /// A letter of this kind was tried.
    pub fn letter(&self, kind: &str, result: LetterResult) {
        let kind = LETTERS.into_iter().find(|known| *known == kind).unwrap_or("other");
        self.letters.get_or_create(&[("letter", kind), ("result", result.code())]).inc();
    }

    /// A request was answered with this status.
    pub fn request(&self, status: u16) {
        let class = match status {
            100..=199 => "1xx",
            200..=299 => "2xx",
            300..=399 => "3xx",
            400..=499 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&[("class", class)]).inc();
    }

    /// A request was refused with this code.
    pub fn refusal(&self, code: &'static str) {
        self.refusals.get_or_create(&[("code", code)]).inc();
    }

    /// Everything in the OpenMetrics text format, which readers of the older one understand. `index`: how many strings the verify
    /// index knows, and how many milliseconds ago it heard from the database. `standing`: `None` while the
    /// database does not answer; its numbers are then missing rather than old.
    pub fn text(
        &self,
        uptime: i64,
        index: (usize, Option<i64>),
        standing: Option<&Standing>,
    ) -> anyhow::Result<String> {
        let mut registry = Registry::with_prefix("latchkey");
        self.register(&mut registry);
        gauge(&mut registry, "uptime_seconds", "Seconds since this process began", uptime);
        let (strings, age) = index;
        let help = "Strings that the verify index knows";
        gauge(&mut registry, "index_strings", help, i64::try_from(strings).unwrap_or(i64::MAX));
        let help = "Milliseconds since the round began in which the verify index last heard from the database, -1: it says nothing";
        gauge(&mut registry, "index_age_milliseconds", help, age.unwrap_or(-1));
        let up = i64::from(standing.is_some());
        gauge(&mut registry, "database_up", "Whether the database answers", up);
        if let Some(standing) = standing {
            standing.register(&mut registry);
        }
        let build: Family<[Label; 1], Gauge> = Family::default();
        build.get_or_create(&[("version", env!("CARGO_PKG_VERSION"))]).set(1);
        registry.register("build_info", "Which version runs", build);
        let mut text = String::new();
        encode(&mut text, &registry)?;
        Ok(text)
    }

    fn register(&self, registry: &mut Registry) {
        registry.register("sweeps", "Sweeps by result", self.sweeps.clone());
        let help = "How long sweeps took, in seconds";
        registry.register("sweep_duration_seconds", help, self.sweep_seconds.clone());
        let help = "Tokens that sweeps looked at";
        registry.register("sweep_tokens_looked_at", help, self.looked_at.clone());
        let help = "Deliveries that were tried, by letter and result";
        registry.register("letters", help, self.letters.clone());
        let help = "Requests that were answered, by class of status";
        registry.register("http_requests", help, self.requests.clone());
        self.verdicts.register(registry);
        let help = "Requests that were refused with problem details, by code";
        registry.register("refusals", help, self.refusals.clone());
        let help = "Tokens whose uses were written in one transaction";
        self.usage_batches.register(registry, "usage_batch_tokens", help);
        if let Some(sizes) = &self.shared_commits {
            let help = "Changes that shared one durable commit";
            sizes.register(registry, "commit_changes", help);
        }
    }
}

impl Standing {
    fn register(&self, registry: &mut Registry) {
        let gauges = [
            (
                "last_sweep_timestamp_seconds",
                "When the last sweep ended, 0: never",
                self.last_sweep,
            ),
            (
                "oldest_unsent_letter_age_seconds",
                "For how long the letter that waits longest was owed, 0: none waits",
                self.oldest_unsent_age,
            ),
            ("letters_waiting", "Letters that are owed and not sent", self.letters_waiting),
            ("letters_undelivered", "Letters that were given up", self.letters_undelivered),
            (
                "mail_paused",
                "Whether no mail is sent until a setting is mended",
                self.mail_paused.into(),
            ),
            (
                "clock_doubted",
                "Whether the wall clock is not believed, so that nothing is swept or removed",
                self.clock_doubted.into(),
            ),
        ];
        for (name, help, value) in gauges {
            gauge(registry, name, help, value);
        }
        let tokens: Family<[Label; 1], Gauge> = Family::default();
        for (state, count) in self.tokens {
            tokens.get_or_create(&[("state", state)]).set(count);
        }
        let help = "Tokens by state; those that end today (UTC) are active";
        registry.register("tokens", help, tokens);
    }
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    registry.register(name, help, ConstGauge::new(value));
}
