//! Harrow Valley, a water works: the largest workgroup of the demonstration, with tokens in every state.

use super::people::{ADAEZE, INES, JONAS, LIOR, MIRJA, PRIYA, TOMAS};
use super::plan::{
    Device, Group, Holds, Member, Opens, Pattern::*, Plan, Site, Turn::*, Used, When::*, days,
    hours, minutes, token, used,
};
use crate::domain::lifetime::Lifetime::*;
use crate::domain::token::Older;

pub fn site() -> Site {
    let tokens = [urgent(), integrations(), crews(), quiet(), ended(), imported()];
    Site {
        name: "Harrow Valley",
        time_zone: "Europe/London",
        owners: &[TOMAS, MIRJA, INES],
        members: MEMBERS,
        devices: DEVICES,
        groups: GROUPS,
        tokens: tokens.into_iter().flatten().collect(),
    }
}

const MEMBERS: &[Member] = &[
    Member { email: PRIYA, permissions: &["access.manage", "read", "discovery"], group: None },
    Member {
        email: JONAS,
        permissions: &["access.manage", "read", "devices.control"],
        group: Some("North plant"),
    },
    Member { email: ADAEZE, permissions: &["read", "dashboards.manage"], group: None },
    Member { email: LIOR, permissions: &["read"], group: Some("Mill Lane loggers") },
];

const METERING: &str = "metering@harrowvalley.example";
const CONTROL_ROOM: &str = "control.room@harrowvalley.example";
const FIELDWORK: &str = "fieldwork@harrowvalley.example";

const fn device(
    id: &'static str,
    name: &'static str,
    metadata: &'static [&'static str],
    email: &'static str,
    used: Option<Used>,
) -> Device {
    Device { id, name, metadata, email, used, revoked: None }
}

const NORTH: &str = "203.0.113.24";
const SOUTH: &str = "203.0.113.40";
const RADIO: &str = "198.51.100.90";

#[rustfmt::skip]
const DEVICES: &[Device] = &[
    device("fm-0417", "Flow meter 0417", &["site=mill-lane", "type=flow", "place=Mill Lane, chamber 2"], METERING, used(Steady(288), minutes(2), RADIO)),
    device("fm-0418", "Flow meter 0418", &["site=north", "type=flow"], METERING, used(Steady(288), minutes(4), RADIO)),
    device("ml-log-1", "Mill Lane logger 1", &["site=mill-lane", "type=logger"], METERING, used(Nightly(24), hours(3), RADIO)),
    device("ml-log-2", "Mill Lane logger 2", &["site=mill-lane", "type=logger"], METERING, used(Nightly(24), days(41), RADIO)).revoked(days(38)),
    device("np-plc-1", "North plant controller", &["site=north", "type=controller"], CONTROL_ROOM, used(Steady(1440), minutes(1), NORTH)),
    device("np-dose-1", "North plant dosing unit", &["site=north", "type=dosing"], CONTROL_ROOM, used(Steady(480), minutes(3), NORTH)),
    device("np-uv-1", "North plant UV reactor", &["site=north", "type=treatment"], CONTROL_ROOM, used(Steady(480), minutes(2), NORTH)),
    device("sp-plc-1", "South plant controller", &["site=south", "type=controller"], CONTROL_ROOM, used(Steady(1440), minutes(1), SOUTH)),
    device("sp-filt-1", "South plant filter bank", &["site=south", "type=treatment"], CONTROL_ROOM, used(Steady(240), minutes(6), SOUTH)),
    device("bh-7", "Borehole 7 pump", &["site=north", "type=pump", "district=12"], CONTROL_ROOM, used(Steady(144), minutes(9), NORTH)),
    device("ph-3", "Pump house 3", &["type=pump", "district=12"], CONTROL_ROOM, used(Steady(144), minutes(7), RADIO)),
    device("ph-5", "Pump house 5", &["type=pump", "district=9"], CONTROL_ROOM, used(Steady(144), minutes(5), RADIO)),
    device("dz-12-p", "District 12 pressure logger", &["type=logger", "district=12"], METERING, used(Nightly(96), hours(1), RADIO)),
    device("res-2", "Reservoir 2 level", &["type=level", "district=9"], METERING, used(Steady(96), minutes(12), RADIO)),
    device("wx-1", "Weather mast", &["type=weather"], METERING, None),
];

const GROUPS: &[Group] = &[
    Group { name: "North plant", holds: Holds::Metadata("site", "north") },
    Group { name: "South plant", holds: Holds::Metadata("site", "south") },
    Group { name: "Pump houses", holds: Holds::Metadata("type", "pump") },
    Group { name: "District 12", holds: Holds::Metadata("district", "12") },
    Group { name: "Borehole 7", holds: Holds::In(&["bh-7"]) },
    Group { name: "Mill Lane loggers", holds: Holds::In(&["fm-0417", "ml-log-1", "ml-log-2"]) },
    Group { name: "All but treatment", holds: Holds::NotIn(&["np-uv-1", "sp-filt-1"]) },
];

/// What needs somebody: ended and still called, or about to end.
fn urgent() -> Vec<Plan> {
    let nordkern = "integration@nordkern.example";
    vec![
        token("Brightwell Integrations", "ops@brightwell.example", Months3, EndsIn(-days(3)))
            .may(&["discovery"])
            .used(Steady(400), minutes(4), "203.0.113.9"),
        token("Site visit, Orsted & Hale", "hale@orsted-hale.example", Days7, EndsIn(hours(19)))
            .by(PRIYA)
            .used(Office(30), hours(2), "198.51.100.31"),
        token(
            "Halvorsen Drilling",
            "site.office@halvorsen-drilling.example",
            Months1,
            EndsIn(days(2)),
        )
        .may(&["devices.control"])
        .opens(Opens::Group("Borehole 7"))
        .used(Office(60), minutes(26), "198.51.100.44"),
        token("Plant integrator", nordkern, Months6, EndsIn(days(8))).named("monthly report").used(
            Weekly(6),
            days(4),
            "203.0.113.24",
        ),
        token("Aquasense pilot", "pilot@aquasense.example", Months2, EndsIn(days(9)))
            .opens(Opens::Group("Mill Lane loggers")),
        token("Plant integrator", nordkern, Months3, Ago(days(178)))
            .named("SCADA bridge")
            .noted(
                "SCADA bridge in the north plant\u{2019}s cabinet 3.\nAsk Mirja before revoking.",
            )
            .may(&["devices.control", "discovery"])
            .opens(Opens::Group("North plant"))
            .can_renew()
            .then(EndsIn(days(5)), Reissued(Older::Keep))
            .then(EndsIn(days(12)), Renewed)
            .used(Steady(1700), minutes(3), "203.0.113.24")
            .lagging(Steady(38), hours(2), "198.51.100.7"),
        token("Weather feed", "feeds@skyline-met.example", Months1, Ago(days(68)))
            .may(&["telemetry.send"])
            .can_renew()
            .then(Ago(days(42)), Renewed)
            .then(EndsIn(days(13)), Renewed)
            .used(Steady(96), minutes(51), "198.51.100.120"),
    ]
}

/// Programs that renew themselves and make no trouble.
fn integrations() -> Vec<Plan> {
    vec![
        token("Billing export", "ledger@quill-accounting.example", Months3, Ago(days(90)))
            .can_renew()
            .then(Ago(days(9)), Renewed)
            .used(Weekly(12), hours(9), "203.0.113.150"),
        token("Control room wall", CONTROL_ROOM, Years1, EndsIn(days(240)))
            .may(&["dashboards.manage"])
            .can_renew()
            .by(MIRJA)
            .used(Steady(2880), minutes(1), "192.0.2.90"),
        token("Grid operator notices", "dso-interface@eastgrid.example", Months6, Ago(hours(17)))
            .may(&["discovery"])
            .opens(Opens::Group("Pump houses"))
            .can_renew()
            .by(PRIYA),
        token("Leak model", "nightly@aquasense.example", Months2, EndsIn(days(49)))
            .opens(Opens::Group("District 12"))
            .can_renew()
            .used(Growing(220), hours(8), "198.51.100.66"),
        token("Regulator returns", "data-returns@waterboard.example", Years1, EndsIn(days(345)))
            .can_renew()
            .used(Once(14), days(19), "203.0.113.200"),
        token("Northern gateway", "api@harrowvalley.example", Years1, EndsIn(days(301)))
            .named("production")
            .noted("The API asks Latchkey with this one.")
            .may(&["tokens.introspect"])
            .by(INES)
            .used(Steady(5200), minutes(1), "192.0.2.7"),
        token("Northern gateway", "api@harrowvalley.example", Months3, EndsIn(days(62)))
            .named("staging")
            .may(&["tokens.introspect"])
            .by(INES)
            .used(Office(140), hours(4), "192.0.2.8"),
        token("Provisioning", "platform@harrowvalley.example", Months6, EndsIn(days(118)))
            .noted("Issues short tokens for the build machines, over HTTP.")
            .may(&["access.manage", "devices.manage", "discovery"])
            .can_renew()
            .by(INES)
            .used(Office(12), hours(3), "192.0.2.9"),
        token("Build machine", "platform@harrowvalley.example", Months1, EndsIn(days(22)))
            .named("CI")
            .may(&["discovery"])
            .by_token("Provisioning")
            .used(Office(75), hours(3), "192.0.2.101"),
        token("Build machine", "platform@harrowvalley.example", Days14, EndsIn(days(11)))
            .named("nightly tests")
            .by_token("Provisioning")
            .used(Nightly(40), hours(7), "192.0.2.102"),
        token("Telemetry lake", "data@harrowvalley.example", Months6, Ago(days(160)))
            .can_renew()
            .then(EndsIn(days(178)), Renewed)
            .used(Steady(720), minutes(2), "192.0.2.130"),
    ]
}

/// Tablets of the field crews: issued in one go, so they all end on one day.
fn crews() -> Vec<Plan> {
    let names = ["Crew 1", "Crew 2", "Crew 3", "Crew 4", "Crew 5", "Crew 6", "Crew 7", "Crew 8"];
    let last = [38, 95, 12, 240, 51, 1500, 20, 4400];
    let tablet = |(name, ago)| {
        token("Crew tablets", FIELDWORK, Months3, Ago(days(85)))
            .named(name)
            .may(&["devices.control", "discovery", "tunnel"])
            .opens(Opens::Group("All but treatment"))
            .can_renew()
            .by(MIRJA)
            .then(EndsIn(days(87)), Renewed)
            .used(Office(55), minutes(ago), "198.51.100.180")
    };
    names.into_iter().zip(last).map(tablet).collect()
}

/// Rarely looked at.
fn quiet() -> Vec<Plan> {
    vec![
        token("Asset register", "assets@harrowvalley.example", Months6, EndsIn(days(140)))
            .may(&["devices.manage"])
            .by(MIRJA)
            .used(Weekly(8), days(2), "192.0.2.60"),
        token("Dosing supplier", "service@claradose.example", Months3, EndsIn(days(41)))
            .opens(Opens::Group("North plant"))
            .by(JONAS)
            .used(Weekly(20), days(5), "203.0.113.77"),
        token("Night desk", CONTROL_ROOM, Months1, EndsIn(days(27)))
            .may(&["devices.control"])
            .opens(Opens::Group("North plant"))
            .by(JONAS)
            .used(Nightly(16), hours(6), "192.0.2.91"),
        token("University of Thorne", "hydro-lab@thorne.example", Months6, EndsIn(days(75)))
            .named("student project")
            .opens(Opens::Group("Mill Lane loggers"))
            .by(PRIYA)
            .used(Growing(90), days(1), "203.0.113.91"),
        token("Mill Lane logger 2", METERING, Never, Ago(days(38)))
            .noted("The logger was exchanged; the token of the old one is revoked.")
            .may(&["telemetry.send"])
            .opens(Opens::Device("ml-log-2"))
            .by(MIRJA)
            .used(Nightly(24), hours(3), RADIO),
        token(
            "Level display, visitor centre",
            "visitors@harrowvalley.example",
            Years1,
            EndsIn(days(201)),
        )
        .opens(Opens::Device("res-2"))
        .may(&["activations.read"])
        .used(Steady(60), minutes(33), "192.0.2.140"),
    ]
}

/// Expired or revoked, some of them still called.
fn ended() -> Vec<Plan> {
    vec![
        token(
            "Autumn audit, Castell & Rowe",
            "k.castell@castell-rowe.example",
            Months2,
            EndsIn(-days(7)),
        )
        .used(Office(40), days(9), "203.0.113.18"),
        token("Penstock trial", "trial@penstock.example", Days14, EndsIn(-days(21)))
            .may(&["discovery", "tunnel"]),
        token("Summer placement", "placements@harrowvalley.example", Months3, EndsIn(-days(12)))
            .by(PRIYA)
            .used(Office(25), days(16), "192.0.2.66"),
        token("Marlow Telemetry", "hello@marlow-telemetry.example", Months6, Ago(days(120)))
            .may(&["devices.control"])
            .opens(Opens::Group("South plant"))
            .then(Ago(days(9)), Revoked)
            .used(Steady(180), days(9) + hours(9), "198.51.100.200"),
        token("Valve survey app", "dev@valvewright.example", Months3, Ago(days(60)))
            .named("test phone")
            .then(Ago(days(14)), Revoked)
            .used(Office(20), days(15), "198.51.100.210"),
        token("Crew tablets", FIELDWORK, Months3, Ago(days(80)))
            .named("lost in the reservoir")
            .may(&["devices.control", "discovery", "tunnel"])
            .opens(Opens::Group("All but treatment"))
            .can_renew()
            .by(MIRJA)
            .then(Ago(days(18)), Revoked)
            .used(Office(55), days(18) + hours(8), "198.51.100.180"),
        token("Contract lab", "results@meridian-lab.example", Years1, Ago(days(200)))
            .then(Ago(days(3)), Revoked),
    ]
}

/// Brought over from the system before.
fn imported() -> Vec<Plan> {
    let hydrolog = "support@hydrolog.example";
    vec![
        token("Hydrolog gateway", hydrolog, Years1, EndsIn(days(221)))
            .legacy(&["rw:points", "ro:alarms"])
            .used(Steady(310), hours(14), "203.0.113.230"),
        token("Hydrolog gateway", hydrolog, Years1, EndsIn(days(100)))
            .named("old head office")
            .legacy(&["admin:*"])
            .then(Ago(days(22)), Revoked)
            .used(Nightly(4), hours(2), "203.0.113.231"),
        token("Pressure map", "maps@harrowvalley.example", Years1, EndsIn(days(31)))
            .legacy(&["ro:points"])
            .used(Office(33), hours(20), "192.0.2.150"),
    ]
}
