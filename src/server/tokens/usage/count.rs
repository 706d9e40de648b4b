//! What is counted of one token between two writings. Lists of what callers choose are bounded.

use crate::domain::refusal::Code;
use crate::domain::time::{MINUTE, Time};
use crate::domain::token::DayUse;
use crate::domain::token_usage::Subject;

/// Addresses that are remembered of one token between two writings.
const ADDRESSES_AT_ONCE: usize = 16;
/// Names of each kind that are remembered, and questions that were refused.
const NAMES_AT_ONCE: usize = 32;
/// A longer name is none of ours: no permission and no device has one.
const LONGEST_NAME: usize = 256;

/// One call with a string that is known, allowed or refused.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    pub token_id: &'a str,
    /// The string's number.
    pub number: i64,
    pub at: Time,
    /// The client's true address.
    pub from: &'a str,
    /// Why it was refused; `None`: it was allowed.
    pub refused: Option<Code>,
    /// What was asked for.
    pub permissions: &'a [&'a str],
    /// The external id of the device that was named.
    pub device: Option<&'a str>,
}

#[derive(Debug, Default)]
pub(super) struct Count {
    pub days: Vec<DayUse>,
    pub last: Vec<Last>,
    /// Where the allowed ones came from, the last few.
    pub from: Vec<From>,
    pub refusals: Vec<Refusals>,
    pub asks: Vec<Asks>,
}

/// The last use of a string.
#[derive(Debug)]
pub(super) struct Last {
    pub number: i64,
    /// Exact to the minute.
    pub at: Time,
    pub from: String,
}

#[derive(Debug)]
pub(super) struct From {
    pub address: String,
    pub last_at: Time,
}

/// Calls that were refused for one question.
#[derive(Debug)]
pub(super) struct Refusals {
    pub number: i64,
    pub day: i64,
    pub code: Code,
    /// The permissions that were asked for; none where nothing turned on them, or where there were too many questions.
    pub asked: Box<[Box<str>]>,
    pub calls: i64,
}

#[derive(Debug)]
pub(super) struct Asks {
    pub subject: Subject,
    pub name: Box<str>,
    pub calls: i64,
    pub last_day: i64,
}

impl Count {
    pub fn add(&mut self, one: &Use<'_>) {
        let day = one.at.day();
        let refused = i64::from(one.refused.is_some());
        self.add_day(DayUse { day, number: one.number, allowed: 1 - refused, refused });
        self.touch(one.number, to_the_minute(one.at), one.from);
        match one.refused {
            None => self.come_from(one.from, to_the_minute(one.at)),
            Some(code) => {
                let about = code == Code::InsufficientPermissions;
                let asked = if about { one.permissions } else { &[] };
                self.refuse(one.number, day, code, asked, 1);
            }
        }
        for name in one.permissions {
            self.ask(Subject::Permission, name, 1, day);
        }
        if let Some(name) = one.device {
            self.ask(Subject::Device, name, 1, day);
        }
    }

    /// Takes in what another counted of the same token before, and could not write.
    pub fn merge(&mut self, older: Count) {
        older.days.into_iter().for_each(|used| self.add_day(used));
        older.last.iter().for_each(|last| self.touch(last.number, last.at, &last.from));
        older.from.iter().for_each(|from| self.come_from(&from.address, from.last_at));
        for it in older.refusals {
            let asked: Vec<_> = it.asked.iter().map(AsRef::as_ref).collect();
            self.refuse(it.number, it.day, it.code, &asked, it.calls);
        }
        for it in older.asks {
            self.ask(it.subject, &it.name, it.calls, it.last_day);
        }
    }

    fn add_day(&mut self, more: DayUse) {
        let same = |used: &&mut DayUse| used.day == more.day && used.number == more.number;
        match self.days.iter_mut().find(same) {
            Some(used) => {
                used.allowed += more.allowed;
                used.refused += more.refused;
            }
            None => put(&mut self.days, more),
        }
    }

    fn touch(&mut self, number: i64, at: Time, from: &str) {
        match self.last.iter_mut().find(|last| last.number == number) {
            Some(last) if last.at > at => {}
            Some(last) => {
                last.at = at;
                if last.from != from {
                    from.clone_into(&mut last.from);
                }
            }
            None => put(&mut self.last, Last { number, at, from: from.to_owned() }),
        }
    }

    fn come_from(&mut self, address: &str, at: Time) {
        let full = self.from.len() >= ADDRESSES_AT_ONCE;
        match self.from.iter_mut().find(|from| from.address == address) {
            Some(from) => from.last_at = from.last_at.max(at),
            None if full => self.come_instead(address, at),
            None => put(&mut self.from, From { address: address.to_owned(), last_at: at }),
        }
    }

    /// Takes the place of the address that was seen longest ago, unless it was itself seen before that.
    fn come_instead(&mut self, address: &str, at: Time) {
        let oldest = self.from.iter().enumerate().min_by_key(|(_, from)| from.last_at);
        let Some((place, _)) = oldest.filter(|(_, from)| from.last_at <= at) else { return };
        // The last of the list came last, also within one minute.
        self.from[place..].rotate_left(1);
        if let Some(from) = self.from.last_mut() {
            address.clone_into(&mut from.address);
            from.last_at = at;
        }
    }

    fn refuse(&mut self, number: i64, day: i64, code: Code, asked: &[&str], calls: i64) {
        let same = |it: &&mut Refusals| {
            (it.number, it.day, it.code) == (number, day, code)
                && it.asked.iter().map(AsRef::as_ref).eq(asked.iter().copied())
        };
        if let Some(known) = self.refusals.iter_mut().find(same) {
            known.calls += calls;
        } else if !asked.is_empty()
            && (self.refusals.len() >= NAMES_AT_ONCE || !asked.iter().all(|name| is_kept(name)))
        {
            // It is counted all the same, without what was asked for.
            self.refuse(number, day, code, &[], calls);
        } else {
            let asked = asked.iter().map(|name| Box::from(*name)).collect();
            put(&mut self.refusals, Refusals { number, day, code, asked, calls });
        }
    }

    fn ask(&mut self, subject: Subject, name: &str, calls: i64, day: i64) {
        let same = |it: &&mut Asks| it.subject == subject && *it.name == *name;
        if let Some(known) = self.asks.iter_mut().find(same) {
            known.calls += calls;
            known.last_day = known.last_day.max(day);
            return;
        }
        let kept = self.asks.iter().filter(|it| it.subject == subject).count();
        if kept < NAMES_AT_ONCE && is_kept(name) {
            put(&mut self.asks, Asks { subject, name: Box::from(name), calls, last_day: day });
        }
    }
}

/// Callers choose the names: one that no database takes must not hold up all that is written with it.
fn is_kept(name: &str) -> bool {
    !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains(char::is_control)
}

pub(super) fn to_the_minute(now: Time) -> Time {
    now - now.0.rem_euclid(MINUTE)
}

/// Lists are short, and there is one of each for every token in use: no room ahead.
fn put<T>(list: &mut Vec<T>, item: T) {
    list.reserve_exact(1);
    list.push(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one<'a>(number: i64, refused: Option<Code>, permissions: &'a [&'a str]) -> Use<'a> {
        let at = Time(1_795_255_261);
        Use { token_id: "t", number, at, from: "192.0.2.7", refused, permissions, device: None }
    }

    #[test]
    fn a_call_is_counted_by_string_day_reason_and_what_was_asked() {
        let missing = Some(Code::InsufficientPermissions);
        let mut count = Count::default();
        count.add(&one(1, None, &["read"]));
        count.add(&Use { device: Some("pump-1"), ..one(1, missing, &["read", "tunnel"]) });
        count.add(&one(1, missing, &["read", "tunnel"]));
        count.add(&Use { from: "192.0.2.8", ..one(2, Some(Code::RateLimited), &["read"]) });
        let days: Vec<_> =
            count.days.iter().map(|it| (it.number, it.allowed, it.refused)).collect();
        assert_eq!(days, [(1, 1, 2), (2, 0, 1)]);
        let refusals: Vec<_> = count
            .refusals
            .iter()
            .map(|it| (it.code.as_str(), it.asked.join(" "), it.calls))
            .collect();
        let expected = [
            ("insufficient_permissions", "read tunnel".to_owned(), 2),
            ("rate_limited", String::new(), 1),
        ];
        assert_eq!(refusals, expected);
        let asks: Vec<_> = count.asks.iter().map(|it| (&*it.name, it.calls)).collect();
        assert_eq!(asks, [("read", 4), ("tunnel", 2), ("pump-1", 1)]);
        let last: Vec<_> = count.last.iter().map(|it| (it.number, it.at.0, &*it.from)).collect();
        assert_eq!(last, [(1, 1_795_255_260, "192.0.2.7"), (2, 1_795_255_260, "192.0.2.8")]);
        assert!(count.from.iter().map(|it| it.address.as_str()).eq(["192.0.2.7"]), "allowed ones");
    }

    #[test]
    fn what_callers_choose_is_bounded_and_the_counts_stay_whole() {
        let mut count = Count::default();
        let (nul, long) = ("a\0b".to_owned(), "x".repeat(LONGEST_NAME + 1));
        let many = (0..1_000).map(|at| format!("p{at}"));
        for name in many.chain([nul, long, String::new()]) {
            let from = format!("198.51.100.{name}");
            let asked = [name.as_str()];
            count.add(&Use { from: &from, ..one(1, None, &[]) });
            count.add(&Use {
                device: Some(&name),
                ..one(1, Some(Code::InsufficientPermissions), &asked)
            });
        }
        let expected: Vec<_> = (987..1_000).map(|at| format!("198.51.100.p{at}")).collect();
        let of = |subject| count.asks.iter().filter(|it| it.subject == subject).count();
        assert_eq!((of(Subject::Permission), of(Subject::Device)), (32, 32));
        assert_eq!((count.from.len(), count.refusals.len()), (16, 33));
        let last: Vec<_> = count.from[..13].iter().map(|it| it.address.as_str()).collect();
        assert!(last.iter().eq(&expected), "those that came last: {last:?}");
        assert_eq!(count.refusals.iter().map(|it| it.calls).sum::<i64>(), 1_003);
        assert_eq!((count.days[0].allowed, count.days[0].refused), (1_003, 1_003));
        assert!(count.asks.iter().all(|it| is_kept(&it.name)));
    }

    #[test]
    fn what_could_not_be_written_is_added_to_what_came_since() {
        let (mut older, mut newer) = (Count::default(), Count::default());
        older.add(&one(1, Some(Code::TokenExpired), &["read"]));
        older.add(&Use { from: "198.51.100.1", ..one(1, None, &[]) });
        let later = Time(1_795_255_261 + 60);
        newer.add(&Use { at: later, from: "203.0.113.5", ..one(1, None, &["read"]) });
        newer.merge(older);
        assert_eq!((newer.days[0].allowed, newer.days[0].refused), (2, 1));
        assert_eq!((newer.last[0].from.as_str(), newer.last.len()), ("203.0.113.5", 1));
        assert_eq!(newer.from.len(), 2);
        assert_eq!((newer.asks[0].calls, newer.refusals[0].calls), (2, 1));
    }
}
