//! Tables of looks: what is told, what goes along, when the next look is.

use super::*;
use crate::domain::life::tests::{day, string, token};
use crate::domain::notice::Stages;

fn rules(policy: &Policy) -> Rules<'_> {
    Rules::new(policy, TimeZone::UTC)
}

fn stages(due: &[Due]) -> Vec<Told> {
    due.iter().map(|due| (due.number, due.stage)).collect()
}

/// A life of 72 days that ends at noon in 12 days: 14 days before at 08:00, 7 days before at 08:00, a day before at noon.
#[test]
fn only_the_tightest_due_stage_is_told_and_nothing_twice() {
    let (policy, token) = (Policy::default(), token(vec![string(1, -60, Some(12))]));
    let hour = HOUR;
    type Case<'a> = (Time, &'a [i64], &'a [i64], &'a [i64]);
    let cases: [Case<'_>; 12] = [
        // now, told, due, along
        (day(-2) - 4 * hour - 1, &[], &[], &[14]),
        (day(-2) - 4 * hour, &[], &[14], &[14]),
        (day(-2), &[14], &[], &[]),
        (day(5) - 4 * hour - 1, &[14], &[], &[7]),
        (day(5) - 4 * hour, &[14], &[7], &[7]),
        // The server was off: one notice, not two.
        (day(6), &[], &[7], &[7]),
        (day(10), &[14, 7], &[], &[1]),
        (day(11), &[14, 7], &[1], &[1]),
        // The last stage went along with another token's.
        (day(11), &[14, 7, 1], &[], &[]),
        // Never an expiry ahead of its time, and afterwards nothing but it.
        (day(12) - 1, &[14, 7, 1], &[], &[]),
        (day(12), &[14, 7, 1], &[0], &[0]),
        (day(30), &[0], &[], &[]),
    ];
    for (now, told, due, along) in cases {
        let told: Vec<_> = told.iter().map(|stage| (1, *stage)).collect();
        let look = look(&token, &rules(&policy), &told, now);
        let only = |due: &[Due]| due.iter().map(|due| due.stage).collect::<Vec<_>>();
        assert_eq!(only(&look.due), due, "due at {}, told {told:?}", now.exact());
        assert_eq!(only(&look.along), along, "along at {}, told {told:?}", now.exact());
        assert!(look.due.iter().all(|due| due.urgent == (due.stage < 7)));
    }
}

#[test]
fn the_next_look_is_the_next_moment_at_which_something_can_be_due() {
    let (policy, token) = (Policy::default(), token(vec![string(1, -60, Some(120))]));
    let cases: [(i64, &[i64], Option<Time>); 6] = [
        (0, &[], Some(day(120) - LOOKED_AHEAD)),
        (28, &[], Some(day(106) - 4 * HOUR)),
        (106, &[14], Some(day(113) - 4 * HOUR)),
        (113, &[14, 7], Some(day(119))),
        (119, &[14, 7, 1], Some(day(120))),
        (120, &[14, 7, 1, 0], None),
    ];
    for (at, told, next) in cases {
        let told: Vec<_> = told.iter().map(|stage| (1, *stage)).collect();
        assert_eq!(next_look(&token, &rules(&policy), &told, day(at)), next, "on day {at}");
    }
}

/// Whatever was told and whatever the hour: looking only when it was planned finds all that looking every quarter of an hour would.
#[test]
fn nothing_falls_due_between_two_looks() {
    let policy = Policy { stages: Stages::parse(&[30, 3, 2, 1]).unwrap(), ..Policy::default() };
    for zone in ["UTC", "Europe/Berlin", "Pacific/Apia", "America/St_Johns"] {
        let rules = Rules::new(&policy, super::super::due::zone_of(zone));
        let token = token(vec![string(1, -100, Some(60))]);
        let (mut told, mut now, mut looks) = (Vec::new(), day(-10), Vec::new());
        while let Some(next) = next_look(&token, &rules, &told, now) {
            for moment in (now.0..next.0).step_by(900) {
                let found = look(&token, &rules, &told, Time(moment)).due;
                assert_eq!(found, [], "{zone}: at {}", Time(moment).exact());
            }
            now = next;
            let due = look(&token, &rules, &told, now).due;
            looks.extend(due.iter().map(|due| due.stage));
            told.extend(stages(&due));
        }
        assert_eq!(looks, [30, 3, 2, 1, 0], "{zone}");
    }
}

#[test]
fn an_older_string_is_told_of_while_it_is_used_and_looked_at_again_while_it_is_not() {
    let policy = Policy::default();
    let mut both = token(vec![string(2, -20, Some(80)), string(1, -80, Some(5))]);
    let unused = next_look(&both, &rules(&policy), &[], day(0));
    assert_eq!(look(&both, &rules(&policy), &[], day(0)), Look::default());
    // Its 7 days are due: asked again at each notice hour.
    assert_eq!(unused, Some(day(1) - 4 * HOUR));
    // Inside the last stage each hour, until it has ended.
    assert_eq!(next_look(&both, &rules(&policy), &[], day(4)), Some(day(4) + HOUR));
    assert_eq!(next_look(&both, &rules(&policy), &[], day(5) - HOUR), Some(day(66) - 4 * HOUR));
    both.strings[1].last_used_at = Some(day(-1));
    assert_eq!(stages(&look(&both, &rules(&policy), &[], day(0)).due), [(1, 7)]);
    // What was told of it when it was the token's own end counts.
    assert_eq!(look(&both, &rules(&policy), &[(1, 7)], day(0)).due, []);
    assert_eq!(next_look(&both, &rules(&policy), &[(1, 7)], day(0)), Some(day(4)));
}

#[test]
fn a_corrected_address_and_a_changed_policy_begin_from_what_is_due_now() {
    let token = token(vec![string(1, -60, Some(12))]);
    let policy = Policy::default();
    assert_eq!(stages(&look(&token, &rules(&policy), &[], day(0)).due), [(1, 14)]);
    let wider = Policy { stages: Stages::parse(&[30, 3]).unwrap(), ..Policy::default() };
    assert_eq!(stages(&look(&token, &rules(&wider), &[], day(0)).due), [(1, 30)]);
    // A tighter one was told before: nothing is said again.
    assert_eq!(look(&token, &rules(&wider), &[(1, 14)], day(0)).due, []);
    assert_eq!(next_look(&token, &rules(&wider), &[(1, 14)], day(0)), Some(day(9)));
}

#[test]
fn a_clock_that_is_set_back_repeats_nothing() {
    let (policy, token) = (Policy::default(), token(vec![string(1, -60, Some(12))]));
    for now in [day(-3), day(0), day(11)] {
        let told = [(1, 14), (1, 7), (1, 1)];
        assert_eq!(look(&token, &rules(&policy), &told, now), Look::default());
        assert_eq!(next_look(&token, &rules(&policy), &told, now), Some(day(12)));
    }
}

#[test]
fn what_comes_next_is_listed_soonest_first() {
    let (policy, token) = (Policy::default(), token(vec![string(1, -60, Some(12))]));
    let next = |told: &[Told], now| next_notices(&token, &policy, &TimeZone::UTC, told, now);
    let seven = (day(5) - 4 * HOUR, 7);
    assert_eq!(next(&[(1, 14)], day(0)), [seven, (day(11), 1), (day(12), 0)]);
    assert_eq!(next(&[], day(0)), [(day(-2) - 4 * HOUR, 14), seven, (day(11), 1), (day(12), 0)]);
    assert_eq!(next(&[(1, 1)], day(11)), [(day(12), 0)]);
    assert_eq!(next(&[(1, 0)], day(13)), []);
}
