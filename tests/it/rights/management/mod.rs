//! Who manages what: people, invitations, devices, groups, imports, the record, the policy and the installation, by every
//! caller through every face, against a model of its own. What is refused changes nothing, and is recorded once.

mod faces;
mod meanwhile;
mod model;
mod open_page;
mod retired;
mod routes;
mod shut;
mod world;

use crate::database::dump;
use crate::test_app::TestApp;
use latchkey::domain::time::MINUTE;
use latchkey::server::operator;
use latchkey::server::people::members;
use model::{Act, Caller, Verdict, Who, expected};
use world::{ACTS, COMMAND_LINE, MORE, PEOPLE, TOKENS, World};

/// Everything but sessions, which every request touches.
async fn kept(app: &TestApp) -> Vec<String> {
    let mut rows = dump(app).await;
    rows.retain(|row| !row.starts_with("sessions: "));
    rows
}

/// What is wrong with what an act left behind. A refusal leaves nothing but its own row in the record.
fn complaint(act: &Act, verdict: Verdict, before: &[String], after: &[String]) -> Option<String> {
    let looks =
        matches!(act, Act::ReadMembers | Act::ReadActivity | Act::ReadNotices | Act::ReadPolicy)
            || matches!(act, Act::ReadRoutes | Act::TryRoutes | Act::Administer(_, []));
    let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
    let gone: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
    let denials =
        new.iter().filter(|row| row.starts_with("activity: ") && !row.ends_with(", NULL")).count();
    let changed = new.len() + gone.len();
    match verdict {
        Verdict::Done if looks && changed > 0 => Some("looking changed something".to_owned()),
        Verdict::Done if !looks && changed == 0 => Some("nothing was done".to_owned()),
        Verdict::Done => None,
        _ if changed != denials => Some(format!("refused, but new {new:?}, gone {gone:?}")),
        Verdict::Forbidden if !looks && denials != 1 => {
            Some(format!("{denials} denials were recorded"))
        }
        Verdict::Forbidden if !looks => None,
        _ if denials > 0 => Some("a denial of what does not exist was recorded".to_owned()),
        _ => None,
    }
}

/// What went otherwise than the model says.
#[derive(Default)]
struct Findings {
    cases: usize,
    wrong: Vec<String>,
}

impl Findings {
    fn note(
        &mut self,
        (caller, act): (&Caller, &Act),
        got: Verdict,
        before: &[String],
        after: &[String],
    ) {
        self.cases += 1;
        let right = expected(caller, act);
        let mut complaint = complaint(act, got, before, after);
        if caller.who == Who::DeviceToken && got == Verdict::Forbidden && before == after {
            // A string of the wrong kind has no seat in whose name something could be recorded.
            complaint = None;
        }
        if got != right || complaint.is_some() {
            let said = complaint.unwrap_or_default();
            self.wrong.push(format!("{}: {act:?}: {got:?}, not {right:?}. {said}", caller.name));
        }
    }

    fn none(self, least: usize) {
        eprintln!("{} cases", self.cases);
        assert!(self.cases >= least, "only {} cases", self.cases);
        assert!(self.wrong.is_empty(), "of {} cases:\n{}", self.cases, self.wrong.join("\n"));
    }
}

fn acts() -> impl Iterator<Item = Act> {
    MORE.into_iter().chain(ACTS)
}

#[tokio::test]
async fn nobody_manages_what_they_may_not_on_the_pages() {
    let mut findings = Findings::default();
    for caller in &PEOPLE {
        let world = World::new().await;
        world.admit(caller).await;
        let browser = world.browser(caller).await;
        for act in acts() {
            world.app.state.clock.advance(MINUTE);
            let before = kept(&world.app).await;
            let got = world.on_page(&browser, &act).await;
            findings.note((caller, &act), got, &before, &kept(&world.app).await);
        }
    }
    findings.none(500);
}

#[tokio::test]
async fn nobody_manages_what_they_may_not_on_their_seat() {
    let mut findings = Findings::default();
    for caller in PEOPLE[..9].iter().chain([&COMMAND_LINE]) {
        let world = World::new().await;
        world.admit(caller).await;
        let state = &world.app.state;
        let seat = match caller.who {
            Who::CommandLine => operator::seat(state, "harrow-valley").await.unwrap(),
            _ => {
                let email = format!("{}@harrow.example", caller.name.to_lowercase());
                members::seat_of(state, "harrow-valley", &email).await.unwrap()
            }
        };
        for act in acts() {
            state.clock.advance(MINUTE);
            let before = kept(&world.app).await;
            let Some(got) = world.on_seat(&seat, &act).await else { continue };
            findings.note((caller, &act), got, &before, &kept(&world.app).await);
        }
    }
    findings.none(400);
}

#[tokio::test]
async fn no_token_manages_what_it_may_not_over_the_api() {
    let mut findings = Findings::default();
    for caller in &TOKENS {
        let world = World::new().await;
        let api = world.api(caller).await;
        for act in acts() {
            world.app.state.clock.advance(MINUTE);
            let before = kept(&world.app).await;
            let Some(got) = world.on_api(&api, &act).await else { continue };
            findings.note((caller, &act), got, &before, &kept(&world.app).await);
        }
    }
    findings.none(80);
}

const PERMISSION: &str = "/administration/permissions";

/// What administrators alone do.
const ADMINISTRATION: [Act; 18] = [
    Act::Administer("/administration", &[]),
    Act::Administer("/administration/workgroups/new", &[]),
    Act::Administer("/administration/workgroups/harrow-valley", &[]),
    Act::Administer("/administration/users", &[]),
    Act::Administer("/administration/users/new", &[]),
    Act::Administer("/administration/permissions", &[]),
    Act::Administer("/administration/permissions/new", &[]),
    Act::Administer("/administration/permissions/tunnel", &[]),
    Act::Administer("/administration/activity", &[]),
    Act::Administer(
        "/administration/workgroups/new",
        &[("name", "Third"), ("owner", "ada@harrow.example"), ("time_zone", "UTC")],
    ),
    Act::Administer(
        "/administration/workgroups/harrow-valley",
        &[
            ("version", "1"),
            ("name", "Harrow"),
            ("longest_lifetime", "1y"),
            ("notice_stages", "14, 7, 1"),
            ("notice_hour", "8"),
            ("time_zone", "UTC"),
        ],
    ),
    Act::Administer(
        "/administration/users/new",
        &[("name", "Eve"), ("email", "eve@guest.example"), ("administrator", "on")],
    ),
    Act::Administer(
        "/administration/permissions/new",
        &[
            ("name", "valves.open"),
            ("label", "Open valves"),
            ("description", "Opens valves."),
            ("section", "Devices"),
        ],
    ),
    Act::Administer(PERMISSION, &[("action", "retire"), ("name", "tunnel")]),
    Act::Administer(PERMISSION, &[("action", "restore"), ("name", "tunnel")]),
    Act::Administer(PERMISSION, &[("action", "delete"), ("name", "dashboards.manage")]),
    Act::Administer("/administration/users", &[("action", "disable"), ("id", "r1")]),
    Act::Administer("/administration/users", &[("action", "make-administrator"), ("id", "Ada")]),
];

#[tokio::test]
async fn the_installation_is_for_administrators_alone() {
    let mut findings = Findings::default();
    for caller in &PEOPLE {
        let mut world = World::new().await;
        world.admit(caller).await;
        let ada = world.user("ada@harrow.example").await;
        world.ids.insert("Ada", ada);
        let browser = world.browser(caller).await;
        for act in ADMINISTRATION {
            world.app.state.clock.advance(MINUTE);
            let before = kept(&world.app).await;
            let got = match act {
                Act::Administer(path, [action, ("id", name)]) => {
                    let fields = [*action, ("id", world.ids[name].as_str())];
                    faces::verdict(&browser.post(path, &fields).await)
                }
                _ => world.on_page(&browser, &act).await,
            };
            findings.note((caller, &act), got, &before, &kept(&world.app).await);
        }
    }
    findings.none(200);
}

/// Becoming an owner is the one way in for whoever runs the installation, and it stands in the workgroup's own record.
#[tokio::test]
async fn an_administrator_comes_in_by_a_row_of_the_record_alone() {
    for caller in &PEOPLE {
        let world = World::new().await;
        world.admit(caller).await;
        let (browser, app) = (world.browser(caller).await, &world.app);
        let before = kept(app).await;
        let fields = [("action", "own"), ("id", app.harrow.id.as_str())];
        let got = faces::verdict(&browser.post("/administration", &fields).await);
        let after = kept(app).await;
        match caller.who {
            Who::Administrator => {
                assert_eq!(got, Verdict::Done);
                let inside = format!("'{}'", app.harrow.id);
                let new = after.iter().filter(|row| !before.contains(row));
                let told = |row: &&String| row.starts_with("activity: ") && row.contains(&inside);
                assert_eq!(new.filter(told).count(), 1, "in the workgroup's own record");
                assert_eq!(browser.get("/harrow-valley/settings/tokens").await.status, 200);
            }
            who => {
                let closed = if who == Who::Stranger { Verdict::SignIn } else { Verdict::NotFound };
                assert_eq!((got, after), (closed, before), "{}", caller.name);
            }
        }
    }
}

/// Whoever may do nothing else may leave; the last owner may not.
#[tokio::test]
async fn everybody_may_leave_and_nobody_raises_themselves() {
    for caller in &PEOPLE[..9] {
        let world = World::new().await;
        world.admit(caller).await;
        let (browser, email) = (world.browser(caller).await, caller.name.to_lowercase());
        let id = world.user(&format!("{email}@harrow.example")).await;
        let own = format!("/harrow-valley/settings/members/{id}");
        for more in [("role", "owner"), ("permissions", "tunnel")] {
            let fields = [("action", "set"), ("version", "1"), more];
            let role = [("role", "member"), ("permissions", "read"), ("permissions", "tunnel")];
            let fields: Vec<_> = match more.0 {
                "role" => fields.to_vec(),
                _ => fields.into_iter().chain(role).collect(),
            };
            if !caller.held.owner {
                assert_eq!(browser.post(&own, &fields).await.status, 403, "{}", caller.name);
            }
        }
        let held = world.holds(&id).await.unwrap();
        assert_eq!(held.owner, caller.held.owner, "{}", caller.name);
        assert!(!held.permissions.contains("tunnel"), "{}", caller.name);
        let left = browser.post(&own, &[("action", "remove")]).await;
        assert_eq!((left.status, left.header("location")), (303, "/"), "{}", caller.name);
        assert!(world.holds(&id).await.is_none(), "{}", caller.name);
    }
}
