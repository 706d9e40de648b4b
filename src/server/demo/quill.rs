//! Quill metering, a small firm with meters in a field trial: the third workgroup of the demonstration.

use super::people::{INES, LIOR, PRIYA};
use super::plan::{
    Device, Group, Holds, Member, Opens, Pattern::*, Plan, Site, Turn::*, Used, When::*, days,
    hours, minutes, token, used,
};
use crate::domain::lifetime::Lifetime::*;
use crate::domain::token::Older;

pub fn site() -> Site {
    Site {
        name: "Quill metering",
        time_zone: "America/New_York",
        owners: &[LIOR, INES],
        members: &[Member {
            email: PRIYA,
            permissions: &["access.manage", "read", "devices.manage"],
            group: None,
        }],
        devices: DEVICES,
        groups: GROUPS,
        tokens: tokens(),
    }
}

const fn meter(
    id: &'static str,
    name: &'static str,
    metadata: &'static [&'static str],
    used: Option<Used>,
) -> Device {
    Device { id, name, metadata, email: "meters@quill.example", used, revoked: None }
}

const MESH: &str = "203.0.113.70";

#[rustfmt::skip]
const DEVICES: &[Device] = &[
    meter("q-1001", "Meter 1001", &["line=4", "trial=yes"], used(Steady(96), minutes(11), MESH)),
    meter("q-1002", "Meter 1002", &["line=4", "trial=yes"], used(Steady(96), minutes(7), MESH)),
    meter("q-1003", "Meter 1003", &["line=4"], used(Steady(96), minutes(3), MESH)),
    meter("q-1004", "Meter 1004", &["line=4"], used(Steady(96), days(2), MESH)),
    meter("q-1101", "Meter 1101", &["line=5", "trial=yes"], used(Steady(96), minutes(9), MESH)),
    meter("q-1102", "Meter 1102", &["line=5"], used(Steady(96), minutes(13), MESH)),
    meter("q-1103", "Meter 1103", &["line=5"], used(Steady(96), minutes(5), MESH)),
    meter("q-1104", "Meter 1104", &["line=5"], None),
    meter("q-ref", "Reference meter", &["trial=yes"], used(Steady(1440), minutes(1), "203.0.113.71")),
    meter("q-gw-1", "Mesh gateway", &["type=gateway"], used(Steady(2880), minutes(1), MESH)),
    meter("q-gw-2", "Mesh gateway, spare", &["type=gateway"], None),
];

const GROUPS: &[Group] = &[
    Group { name: "Line 4", holds: Holds::Metadata("line", "4") },
    Group { name: "Field trial", holds: Holds::In(&["q-1001", "q-1002", "q-1101", "q-ref"]) },
    Group { name: "All but the reference meter", holds: Holds::NotIn(&["q-ref"]) },
];

fn tokens() -> Vec<Plan> {
    vec![
        token("Head end", "ops@quill.example", Months6, Ago(days(150)))
            .named("production")
            .may(&["devices.control", "discovery"])
            .can_renew()
            .then(EndsIn(days(170)), Renewed)
            .used(Steady(1900), minutes(2), "203.0.113.60"),
        token("Head end", "ops@quill.example", Months1, EndsIn(days(17))).named("staging").used(
            Office(300),
            hours(6),
            "203.0.113.62",
        ),
        token("Utility of Ashford", "meter-data@ashford.example", Months3, EndsIn(days(10)))
            .opens(Opens::Group("Line 4"))
            .used(Nightly(12), hours(11), "198.51.100.160"),
        token("Field trial dashboard", "trial@ashford.example", Months2, EndsIn(days(33)))
            .opens(Opens::Group("Field trial"))
            .can_renew()
            .by(PRIYA)
            .used(Growing(160), minutes(40), "198.51.100.161"),
        token("Tariff engine", "tariffs@quill.example", Months3, Ago(days(85)))
            .opens(Opens::Group("All but the reference meter"))
            .then(Ago(days(30)), Reissued(Older::EndNow))
            .used(Nightly(200), hours(5), "203.0.113.63"),
        token("Former installer", "office@gridfit.example", Months6, Ago(days(140)))
            .may(&["devices.manage"])
            .then(Ago(days(6)), Revoked)
            .used(Office(18), days(7), "198.51.100.170"),
    ]
}
