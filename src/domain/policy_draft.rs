//! What is asked for when a workgroup's name or policy is edited: raw text in, checked values out, everything wrong at once.

use super::activity::Values;
use super::lifetime::Lifetime;
use super::notice::Stages;
use super::refusal::{FieldErrors, Refusal};
use super::text::Name;
use super::workgroup::{Policy, Workgroup};
use serde::{Deserialize, Serialize};

/// An edit as typed: what is `None` is left as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawPolicy {
    /// The version that the editor saw; `None`: whichever it is now.
    pub version: Option<i64>,
    pub name: Option<String>,
    /// A lifetime's code, such as `6m`.
    pub longest_lifetime: Option<String>,
    pub non_expiring: Option<bool>,
    /// Days, such as `14, 7, 1`.
    pub notice_stages: Option<String>,
    /// An hour of the day, 0 to 23.
    pub notice_hour: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
}

impl RawPolicy {
    /// The workgroup as the edit leaves it. `zone` is what the calendar knows the typed zone as, or why it knows none.
    pub fn parse(
        &self,
        now: &Workgroup,
        zone: Option<Result<String, String>>,
    ) -> Result<Workgroup, Refusal> {
        let mut wrong = FieldErrors::default();
        let name = match &self.name {
            Some(typed) => wrong.take("name", Name::parse(typed).map(Name::into_string)),
            None => Some(now.name.clone()),
        };
        let longest = match &self.longest_lifetime {
            Some(code) => wrong.take("longest_lifetime", longest(code)),
            None => Some(now.policy.longest),
        };
        let stages = match &self.notice_stages {
            Some(typed) => wrong.take("notice_stages", stages(typed)),
            None => Some(now.policy.stages.clone()),
        };
        let notice_hour = match &self.notice_hour {
            Some(typed) => wrong.take("notice_hour", hour(typed)),
            None => Some(now.policy.notice_hour),
        };
        let time_zone = match zone {
            Some(zone) => wrong.take("time_zone", zone),
            None => Some(now.time_zone.clone()),
        };
        let (Some(name), Some(longest), Some(stages), Some(notice_hour), Some(time_zone)) =
            (name, longest, stages, notice_hour, time_zone)
        else {
            return Err(wrong.into_refusal());
        };
        let non_expiring = self.non_expiring.unwrap_or(now.policy.non_expiring);
        let policy = Policy { longest, non_expiring, stages, notice_hour };
        Ok(Workgroup { name, time_zone, policy, ..now.clone() })
    }
}

fn longest(code: &str) -> Result<Lifetime, String> {
    let found = Lifetime::parse(code.trim()).filter(|lifetime| lifetime.expires());
    found.ok_or_else(|| "Choose one of 7d, 14d, 1m, 2m, 3m, 6m, 1y.".to_owned())
}

/// Days parted by commas or spaces.
fn stages(typed: &str) -> Result<Stages, String> {
    let parts = typed.split([',', ' ', ';']).filter(|part| !part.is_empty());
    let days: Option<Vec<i64>> = parts.map(|part| part.parse().ok()).collect();
    days.and_then(|days| Stages::parse(&days)).ok_or_else(|| {
        "Write one to five different numbers of days, 1 to 90, such as 14, 7, 1.".into()
    })
}

fn hour(typed: &str) -> Result<i64, String> {
    let hour = typed.trim().parse().ok().filter(|hour| (0..=23).contains(hour));
    hour.ok_or_else(|| "Choose a full hour, 0 to 23.".to_owned())
}

/// The policy in words, field by field, as forms label it.
fn words(workgroup: &Workgroup) -> [(&'static str, String); 5] {
    let policy = &workgroup.policy;
    [
        ("Longest lifetime", policy.longest.label().to_owned()),
        (
            "Access tokens that do not expire",
            if policy.non_expiring { "allowed" } else { "not allowed" }.to_owned(),
        ),
        ("Notice stages", policy.stages.words()),
        ("Notice hour", hour_words(policy.notice_hour)),
        ("Time zone", workgroup.time_zone.clone()),
    ]
}

/// `08:00`.
#[must_use]
pub fn hour_words(hour: i64) -> String {
    format!("{hour:02}:00")
}

/// What differs between two policies, in the words before and after; names are not compared.
#[must_use]
pub fn differences(before: &Workgroup, after: &Workgroup) -> (Values, Values) {
    let pairs = words(before).into_iter().zip(words(after));
    let changed = pairs.filter(|((_, before), (_, after))| before != after);
    changed
        .map(|((field, before), (_, after))| {
            ((field.to_owned(), before), (field.to_owned(), after))
        })
        .unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn harrow() -> Workgroup {
        Workgroup {
            id: "w".into(),
            slug: "harrow".into(),
            name: "Harrow".into(),
            time_zone: "UTC".into(),
            policy: Policy::default(),
        }
    }

    #[test]
    fn what_an_edit_does_not_name_stays() {
        let same = RawPolicy::default().parse(&harrow(), None).unwrap();
        assert_eq!(same, harrow());
        assert_eq!(differences(&same, &harrow()), (Values::new(), Values::new()));
        let raw = RawPolicy {
            longest_lifetime: Some("6m".into()),
            notice_stages: Some("1, 30 7".into()),
            notice_hour: Some("0".into()),
            ..RawPolicy::default()
        };
        let changed = raw.parse(&harrow(), Some(Ok("Europe/Berlin".into()))).unwrap();
        assert_eq!(changed.policy.longest, Lifetime::Months6);
        assert_eq!(changed.policy.stages.days(), [30, 7, 1]);
        let (before, after) = differences(&harrow(), &changed);
        assert_eq!(before["Notice stages"], "14, 7, 1");
        assert_eq!(after["Notice stages"], "30, 7, 1");
        assert_eq!(
            (after["Notice hour"].as_str(), after["Time zone"].as_str()),
            ("00:00", "Europe/Berlin")
        );
        assert_eq!(after.len(), 4, "what stayed is not told: {after:?}");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let raw = RawPolicy {
            name: Some(" ".into()),
            longest_lifetime: Some("never".into()),
            notice_stages: Some("14, soon".into()),
            notice_hour: Some("24".into()),
            ..RawPolicy::default()
        };
        let refusal = raw.parse(&harrow(), Some(Err("no zone".into()))).unwrap_err();
        let fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(
            fields,
            ["name", "longest_lifetime", "notice_stages", "notice_hour", "time_zone"]
        );
    }

    #[test]
    fn stages_and_hours_have_their_bounds() {
        for refused in ["", ",", "0", "91", "1 2 3 4 5 6", "1.5", "-7", "a"] {
            assert!(stages(refused).is_err(), "{refused:?}");
        }
        for (typed, days) in [("14,7,1", vec![14, 7, 1]), (" 3 ", vec![3]), ("1;1;2", vec![2, 1])] {
            assert_eq!(stages(typed).unwrap().days(), days);
        }
        for (typed, good) in
            [("8", true), ("23", true), ("-1", false), ("", false), ("8:00", false)]
        {
            assert_eq!(hour(typed).is_ok(), good, "{typed:?}");
        }
    }
}
