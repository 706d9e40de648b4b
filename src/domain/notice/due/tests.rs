//! Tables of due dates: zones, gaps, short lives, strings beside newer ones.

use super::*;
use crate::domain::life::tests::{day, string, token};

fn at(text: &str) -> Time {
    Time::parse(text).unwrap()
}

#[test]
fn an_hour_is_the_zones_own_and_in_a_gap_the_next_minute_that_exists() {
    let cases = [
        ("UTC", "2026-11-21", 8, "2026-11-21T08:00:00Z"),
        ("Europe/Berlin", "2026-07-01", 8, "2026-07-01T06:00:00Z"),
        ("Europe/Berlin", "2026-12-01", 8, "2026-12-01T07:00:00Z"),
        // Clocks go from 02:00 to 03:00.
        ("Europe/Berlin", "2026-03-29", 2, "2026-03-29T01:00:00Z"),
        // 02:00 comes twice: the first.
        ("Europe/Berlin", "2026-10-25", 2, "2026-10-25T00:00:00Z"),
        // From 02:00 to 02:30.
        ("Australia/Lord_Howe", "2026-10-04", 2, "2026-10-03T15:30:00Z"),
        // From 00:00 to 01:00.
        ("America/Santiago", "2026-09-06", 0, "2026-09-06T04:00:00Z"),
        // A whole day was left out: what falls on it is due as the next one begins.
        ("Pacific/Apia", "2011-12-30", 8, "2011-12-30T10:00:00Z"),
        ("Asia/Kathmandu", "2026-01-01", 0, "2025-12-31T18:15:00Z"),
    ];
    for (zone, day, hour, due) in cases {
        let found = at_hour(&zone_of(zone), day.parse().unwrap(), hour);
        assert_eq!(found.rfc3339(), due, "{zone} {day} {hour}");
    }
    assert_eq!(zone_of("Nowhere/Land"), TimeZone::UTC);
}

#[test]
fn the_next_notice_hour_lies_ahead() {
    let policy = Policy::default();
    let rules = Rules::new(&policy, zone_of("Europe/Berlin"));
    for (now, next) in [
        ("2026-11-21T06:59:59Z", "2026-11-21T07:00:00Z"),
        ("2026-11-21T07:00:00Z", "2026-11-22T07:00:00Z"),
        ("2026-03-28T08:00:00Z", "2026-03-29T06:00:00Z"),
    ] {
        assert_eq!(rules.next_hour(at(now)).rfc3339(), next, "{now}");
    }
}

#[test]
fn early_stages_fall_due_by_the_calendar_and_the_last_one_by_the_second() {
    let policy = Policy::default();
    let cases = [
        // The end is 12:00 UTC on 16 October 2024.
        ("UTC", ["2024-10-02T08:00:00Z", "2024-10-09T08:00:00Z", "2024-10-15T12:00:00Z"]),
        // There it is 01:00 on the 17th.
        (
            "Pacific/Auckland",
            ["2024-10-02T19:00:00Z", "2024-10-09T19:00:00Z", "2024-10-15T12:00:00Z"],
        ),
    ];
    let token = token(vec![string(1, -60, Some(12))]);
    for (zone, dates) in cases {
        let rules = Rules::new(&policy, zone_of(zone));
        let ends = token.ends(day(0));
        let stages = ends[0].stages(&rules);
        let due: Vec<_> = stages.iter().map(|(_, at)| at.rfc3339()).collect();
        assert_eq!(due[..3], dates, "{zone}");
        assert_eq!(stages[3], (0, day(12)));
        assert!(ends[0].urgent(1, &rules) && ends[0].urgent(0, &rules));
        assert!(!ends[0].urgent(7, &rules));
    }
}

#[test]
fn a_short_life_has_fewer_stages_and_its_last_one_is_the_tightest_that_fits() {
    let stages = Stages::parse(&[14, 7]).unwrap();
    let policy = Policy { stages, ..Policy::default() };
    let rules = Rules::new(&policy, TimeZone::UTC);
    let of = |days: i64| {
        let token = token(vec![string(1, 0, Some(days))]);
        token.ends(day(0))[0].stages(&rules)
    };
    assert_eq!(of(14), [(7, day(7)), (0, day(14))]);
    assert_eq!(of(7), [(0, day(7))]);
}

#[test]
fn a_token_ends_with_the_string_that_lives_longest_and_is_not_retired() {
    let mut renewed = token(vec![string(2, -1, Some(80)), string(1, -80, Some(10))]);
    assert_eq!(renewed.deciding_string().map(|it| it.number), Some(2));
    renewed.strings[0].retired_at = Some(day(3));
    assert_eq!(renewed.deciding_string().map(|it| it.number), Some(1));
    let equal = token(vec![string(2, -1, Some(10)), string(1, -80, Some(10))]);
    assert_eq!(equal.deciding_string().map(|it| it.number), Some(1));
    let endless = token(vec![string(2, -1, Some(80)), string(1, -80, None)]);
    assert_eq!(endless.deciding_string().map(|it| it.number), Some(1));
}

/// String, used how many days ago, whether the newer one was used, the age of the newer one.
#[test]
fn a_string_beside_a_newer_one_is_in_use_until_its_holder_has_moved() {
    let cases = [
        // Never used at all.
        (None, false, 30, false),
        // Used, and the newer one never was.
        (Some(0), false, 30, true),
        (Some(7), false, 30, true),
        (Some(8), false, 30, false),
        // Both are used: two programs share the token.
        (Some(0), true, 30, true),
        // Used last before the newer one was made, which is used: they have moved.
        (Some(5), true, 3, false),
        (Some(5), false, 3, true),
    ];
    for (used, newer_used, newer_made, in_use) in cases {
        let mut token = token(vec![string(2, -newer_made, Some(80)), string(1, -80, Some(10))]);
        token.strings[1].last_used_at = used.map(|days: i64| day(-days));
        token.strings[0].last_used_at = newer_used.then(|| day(0));
        let ends = token.ends(day(0));
        assert_eq!(ends.len(), 2);
        let single = ends.iter().find(|end| !end.whole).unwrap();
        assert_eq!(
            (single.string.number, single.in_use),
            (1, in_use),
            "{used:?} {newer_used} {newer_made}"
        );
        let policy = Policy::default();
        let stages = single.stages(&Rules::new(&policy, TimeZone::UTC));
        assert!(stages.iter().all(|(stage, _)| *stage > 0), "its end is not told");
    }
}

#[test]
fn a_retirement_ahead_is_an_end_and_a_revoked_token_has_none() {
    let mut token = token(vec![string(2, 0, None), string(1, -80, None)]);
    assert!(token.ends(day(0)).is_empty());
    token.strings[1].retired_at = Some(day(7));
    let ends = token.ends(day(0));
    assert_eq!((ends.len(), ends[0].at, ends[0].whole), (1, day(7), false));
    token.revoked_at = Some(day(0));
    assert!(token.ends(day(0)).is_empty());
    let imported_dead = crate::domain::life::tests::token(vec![string(1, 0, Some(-3))]);
    assert!(imported_dead.ends(day(0)).is_empty());
}
