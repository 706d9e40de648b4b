//! What reissuing, retiring and revoking would stop, in words: said before the button is pressed.

use super::permission::Permission;
use super::time::{DAY, Time};
use super::token::{Kind, MOST_LIVE_STRINGS, NumberedString, Older, Reach, Token};

/// `#3`, `#3 and #2`, `#3, #2 and #1`.
#[must_use]
pub fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn numbers<'a>(strings: impl Iterator<Item = &'a NumberedString>) -> Vec<String> {
    strings.map(|string| format!("#{}", string.number)).collect()
}

impl Token {
    /// Its live strings that were used in the last day, newest first.
    pub fn used_lately(&self, now: Time) -> impl Iterator<Item = &NumberedString> {
        self.live_strings(now).filter(move |string| string.used_since(now - DAY))
    }

    /// The choice that a reissue begins with: strings that never end are given an end.
    #[must_use]
    pub fn usual_older(&self, now: Time) -> Older {
        let endless = self.live_strings(now).any(|string| string.ends_at().is_none());
        match (self.is_full(now), endless) {
            (true, _) => Older::EndNow,
            (false, true) => Older::End7Days,
            (false, false) => Older::Keep,
        }
    }

    /// No further string may be added unless the older ones end now.
    #[must_use]
    pub fn is_full(&self, now: Time) -> bool {
        self.live_strings(now).count() >= MOST_LIVE_STRINGS
    }

    /// What this choice of a reissue does to the strings that are live now.
    #[must_use]
    pub fn outcome_of(&self, older: Older, now: Time) -> String {
        if self.is_full(now) && older != Older::EndNow {
            return format!(
                "Not possible: it has {MOST_LIVE_STRINGS} live strings, the most there can be"
            );
        }
        let Some(end) = older.end(now) else { return self.outcome_of_keeping(now) };
        let later = |string: &&NumberedString| string.ends_at().is_none_or(|own| own > end);
        let stopped = numbers(self.live_strings(now).filter(later));
        if stopped.is_empty() {
            return "Every older string has ended by then".to_owned();
        }
        let verb = if stopped.len() == 1 { "stops" } else { "stop" };
        if older == Older::EndNow {
            let used = numbers(self.used_lately(now));
            let used = match used.as_slice() {
                [] => "not used in the last day".to_owned(),
                used => format!("{} used in the last day", joined(used)),
            };
            return format!("{} {verb} at once; {used}", joined(&stopped));
        }
        format!("{} {verb} on {}", joined(&stopped), end.exact())
    }

    fn outcome_of_keeping(&self, now: Time) -> String {
        let mut ends: Vec<_> = self
            .live_strings(now)
            .map(|string| match string.ends_at() {
                Some(end) => format!("#{} until {}", string.number, end.date()),
                None => format!("#{} without end", string.number),
            })
            .collect();
        match ends.len() {
            0 => "No older string is live".to_owned(),
            1..=2 => format!("Nothing stops: {}", joined(&ends)),
            more => {
                ends.truncate(1);
                format!("Nothing stops: {} and {} older", ends.concat(), more - 1)
            }
        }
    }

    /// `Both live strings stop on their next request`.
    #[must_use]
    pub fn what_stops(&self, now: Time) -> String {
        match self.live_strings(now).count() {
            0 => "No string of it is live; revoking makes that final".to_owned(),
            1 => "Its live string stops on its next request".to_owned(),
            2 => "Both live strings stop on their next request".to_owned(),
            many => format!("All {many} live strings stop on their next request"),
        }
    }

    /// What its owner `loses Read and Control devices in North plant.`
    #[must_use]
    pub fn what_is_lost(&self, catalogue: &[Permission]) -> String {
        let lost = match self.kind {
            Kind::Legacy => "its imported scopes".to_owned(),
            _ => joined(&self.permission_labels(catalogue)),
        };
        let lost = if lost.is_empty() { "nothing".to_owned() } else { lost };
        let place = match &self.reach {
            Reach::Workgroup => String::new(),
            Reach::Group { name, .. } => format!(" in {name}"),
            Reach::Device { name, .. } => format!(" on {name}"),
        };
        format!("loses {lost}{place}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::life::tests::{day, string, token};
    use crate::domain::permission::catalogue_at_first_start;

    #[test]
    fn each_choice_says_what_it_stops() {
        let mut token = token(vec![string(3, -10, Some(12)), string(2, -85, Some(5))]);
        token.strings[0].last_used_at = Some(day(0) - 60);
        let cases = [
            (Older::Keep, "Nothing stops: #3 until 16 Oct 2024 and #2 until 9 Oct 2024"),
            (Older::End24Hours, "#3 and #2 stop on 5 Oct 2024, 12:00 UTC"),
            (Older::End7Days, "#3 stops on 11 Oct 2024, 12:00 UTC"),
            (Older::EndNow, "#3 and #2 stop at once; #3 used in the last day"),
        ];
        for (older, words) in cases {
            assert_eq!(token.outcome_of(older, day(0)), words);
        }
        token.strings.truncate(1);
        token.strings[0].expires_at = Some(day(-1));
        assert_eq!(token.outcome_of(Older::Keep, day(0)), "No older string is live");
        assert_eq!(token.outcome_of(Older::EndNow, day(0)), "Every older string has ended by then");
    }

    #[test]
    fn a_reissue_begins_with_an_end_where_there_is_none() {
        let cases = [
            (vec![string(1, -10, Some(12))], Older::Keep),
            (vec![string(1, -10, None)], Older::End7Days),
            ((1..=10).map(|number| string(number, -10, Some(12))).collect(), Older::EndNow),
            ((1..=9).map(|number| string(number, -10, Some(12))).collect(), Older::Keep),
        ];
        for (strings, older) in cases {
            assert_eq!(token(strings).usual_older(day(0)), older);
        }
    }

    #[test]
    fn revoking_says_who_loses_what() {
        let mut token = token(vec![string(2, -10, Some(12)), string(1, -85, Some(5))]);
        token.permissions.insert("devices.control".into());
        assert_eq!(token.what_stops(day(0)), "Both live strings stop on their next request");
        let catalogue = catalogue_at_first_start();
        let lost = token.what_is_lost(&catalogue);
        assert_eq!(lost, "loses Read and Control devices.");
        token.reach = Reach::Group { id: "g".into(), name: "North plant".into() };
        assert!(token.what_is_lost(&catalogue).ends_with(" in North plant."));
    }
}
