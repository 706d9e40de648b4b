//! Nordkern plants, a maker of boilers: the second workgroup of the demonstration.

use super::people::{INES, KATRIN, TOMAS};
use super::plan::{
    Device, Group, Holds, Member, Opens, Pattern::*, Plan, Site, Turn::*, Used, When::*, days,
    hours, minutes, token, used,
};
use crate::domain::lifetime::Lifetime::*;
use crate::domain::token::Older;

pub fn site() -> Site {
    Site {
        name: "Nordkern plants",
        time_zone: "Europe/Berlin",
        owners: &[KATRIN],
        members: MEMBERS,
        devices: DEVICES,
        groups: GROUPS,
        tokens: tokens(),
    }
}

const MEMBERS: &[Member] = &[
    Member { email: INES, permissions: &["access.manage", "read", "discovery"], group: None },
    Member { email: TOMAS, permissions: &["read", "devices.control"], group: Some("Test bench") },
];

const HALL: &str = "198.51.100.12";
const KEEPERS: &str = "leitstand@nordkern.example";

const fn device(
    id: &'static str,
    name: &'static str,
    metadata: &'static [&'static str],
    used: Option<Used>,
) -> Device {
    Device { id, name, metadata, email: KEEPERS, used, revoked: None }
}

#[rustfmt::skip]
const DEVICES: &[Device] = &[
    device("boiler-1", "Boiler 1", &["hall=A", "type=boiler"], used(Steady(1440), minutes(1), HALL)),
    device("boiler-2", "Boiler 2", &["hall=A", "type=boiler"], used(Steady(1440), minutes(1), HALL)),
    device("boiler-3", "Boiler 3", &["hall=B", "type=boiler"], used(Steady(1440), minutes(2), HALL)),
    device("turbine-1", "Turbine 1", &["hall=A", "type=turbine"], used(Steady(2880), minutes(1), HALL)),
    device("turbine-2", "Turbine 2", &["hall=B", "type=turbine"], used(Steady(2880), days(12), HALL)).revoked(days(11)),
    device("stack-1", "Stack analyser", &["hall=A", "type=analyser"], used(Nightly(48), hours(4), HALL)),
    device("feed-1", "Feed water pump 1", &["hall=A", "type=pump"], used(Steady(288), minutes(4), HALL)),
    device("feed-2", "Feed water pump 2", &["hall=B", "type=pump"], used(Steady(288), minutes(3), HALL)),
    device("cond-1", "Condenser", &["hall=B"], used(Steady(288), minutes(5), HALL)),
    device("gas-1", "Gas regulator", &["hall=A"], used(Steady(144), minutes(8), HALL)),
    device("bench-1", "Test bench 1", &["hall=lab"], used(Office(500), hours(18), HALL)),
    device("bench-2", "Test bench 2", &["hall=lab"], None),
    device("crane-1", "Hall crane", &["hall=A", "type=crane"], used(Office(60), hours(5), HALL)),
    device("door-4", "Gate 4", &["type=door"], used(Steady(90), minutes(14), HALL)),
];

const GROUPS: &[Group] = &[
    Group { name: "Hall A", holds: Holds::Metadata("hall", "A") },
    Group { name: "Test bench", holds: Holds::In(&["bench-1", "bench-2"]) },
    Group { name: "All but the lab", holds: Holds::NotIn(&["bench-1", "bench-2"]) },
];

fn tokens() -> Vec<Plan> {
    vec![
        token("Leitstand", KEEPERS, Years1, EndsIn(days(164)))
            .may(&["devices.control", "dashboards.manage"])
            .used(Steady(4300), minutes(1), HALL),
        token("Kesselwartung Thiele", "buero@thiele-wartung.example", Months1, EndsIn(days(6)))
            .may(&["devices.control"])
            .opens(Opens::Group("Hall A"))
            .used(Office(35), hours(5), "203.0.113.44"),
        token("Energy report", "report@nordkern.example", Months3, Ago(days(100)))
            .can_renew()
            .then(Ago(days(20)), Renewed)
            .used(Weekly(30), days(3), "198.51.100.14"),
        token("Predictive maintenance", "models@turbosense.example", Months2, Ago(days(70)))
            .named("pilot")
            .can_renew()
            .then(Ago(days(16)), Reissued(Older::End7Days))
            .used(Growing(900), minutes(22), "203.0.113.111"),
        token("Bench scripts", "labor@nordkern.example", Months6, EndsIn(days(96)))
            .may(&["devices.control", "tunnel"])
            .opens(Opens::Group("Test bench"))
            .used(Office(210), hours(20), "198.51.100.33"),
        token("Insurance inspection", "pruefung@lundvers.example", Days14, EndsIn(-days(5)))
            .by(INES)
            .used(Office(12), days(6), "203.0.113.140"),
        token("Old historian", "historian@nordkern.example", Months6, Ago(days(170)))
            .opens(Opens::Group("All but the lab"))
            .then(Ago(days(26)), Revoked)
            .used(Steady(640), minutes(18), "198.51.100.15"),
        token("Apprentice project", "ausbildung@nordkern.example", Months3, EndsIn(days(58)))
            .opens(Opens::Device("bench-2"))
            .may(&["telemetry.send"]),
    ]
}
