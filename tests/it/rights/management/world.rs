//! Harrow Valley with something for everybody to touch, and the callers who try.

use super::model::{Act, Caller, Held, OWNER, Who, held};
use crate::caller::{Api, Browser};
use crate::pages::import_tokens;
use crate::test_app::{PASSWORD, TestApp};
use latchkey::domain::import::ImportKind;
use latchkey::domain::rights::Rights;
use latchkey::domain::user::Email;
use latchkey::server::devices::groups::{self, RawGroup, RawRule};
use latchkey::server::devices::register::{self, RawDevice};
use latchkey::server::imports::upload::{self, Upload};
use latchkey::server::people::invitations;
use latchkey::server::people::members::{self, RawUser, Standing};
use latchkey::server::store;
use std::collections::BTreeMap;

pub const READ: Held = held(&["read"], None);
pub const TUNNEL: Held = held(&["read", "tunnel"], None);
pub const NORTH: Held = held(&["read"], Some("North"));
pub const NORTH_TUNNEL: Held = held(&["read", "tunnel"], Some("North"));
pub const SOUTH: Held = held(&["read"], Some("South"));
pub const MANAGER: Held = held(&["access.manage", "read"], None);

const ACCESS: &[&str] = &["access.manage", "read"];
const DEVICES: &[&str] = &["devices.manage", "read"];
const BOTH: &[&str] = &["access.manage", "devices.manage", "read"];

const fn caller(name: &'static str, who: Who, held: Held) -> Caller {
    Caller { name, who, held }
}

/// Everybody who comes with a browser.
pub const PEOPLE: [Caller; 12] = [
    caller("Ada", Who::Member, OWNER),
    caller("Access", Who::Member, held(ACCESS, None)),
    caller("Devices", Who::Member, held(DEVICES, None)),
    caller("Both", Who::Member, held(BOTH, None)),
    caller("Reader", Who::Member, READ),
    caller("Boundaccess", Who::Member, held(ACCESS, Some("North"))),
    caller("Bounddevices", Who::Member, held(DEVICES, Some("North"))),
    caller("Boundboth", Who::Member, held(BOTH, Some("North"))),
    caller("Boundreader", Who::Member, NORTH),
    caller("Administrator", Who::Administrator, held(&[], None)),
    caller("Foreigner", Who::Outsider, held(&[], None)),
    caller("nobody", Who::Stranger, held(&[], None)),
];

/// Everything that comes with a string.
pub const TOKENS: [Caller; 8] = [
    caller("managing", Who::AccessToken, held(BOTH, None)),
    caller("opening", Who::AccessToken, held(&["access.manage", "read", "tunnel"], None)),
    caller("bound managing", Who::AccessToken, held(BOTH, Some("North"))),
    caller("access alone", Who::AccessToken, held(ACCESS, None)),
    caller("devices alone", Who::AccessToken, held(DEVICES, None)),
    caller("reading", Who::AccessToken, READ),
    caller("device", Who::DeviceToken, held(&["telemetry.send"], None)),
    caller("foreign", Who::ForeignToken, held(&[], None)),
];

pub const COMMAND_LINE: Caller = caller("command line", Who::CommandLine, OWNER);

/// Members to try things on; each is changed or removed by one act at most.
const MEMBERS: [(&str, Held); 13] = [
    ("r1", READ),
    ("r2", READ),
    ("r3", READ),
    ("r4", READ),
    ("r5", READ),
    ("t1", TUNNEL),
    ("t2", TUNNEL),
    ("n1", NORTH),
    ("n2", NORTH),
    ("n3", NORTH_TUNNEL),
    ("s1", SOUTH),
    ("o1", OWNER),
    ("o2", OWNER),
];

/// Invitations that Ada sent.
const INVITED: [(&str, Held); 9] = [
    ("a-read", READ),
    ("a-tunnel", TUNNEL),
    ("a-north", NORTH),
    ("a-south", SOUTH),
    ("a-owner", OWNER),
    ("w-read", READ),
    ("w-north", NORTH),
    ("w-south", SOUTH),
    ("w-owner", OWNER),
];

/// What is done by people: in the workgroup.
pub const ACTS: [Act; 46] = [
    Act::Invite(READ),
    Act::Invite(MANAGER),
    Act::Invite(TUNNEL),
    Act::Invite(NORTH),
    Act::Invite(NORTH_TUNNEL),
    Act::Invite(SOUTH),
    Act::Invite(OWNER),
    Act::SendAgain("a-read", READ),
    Act::SendAgain("a-tunnel", TUNNEL),
    Act::SendAgain("a-north", NORTH),
    Act::SendAgain("a-south", SOUTH),
    Act::SendAgain("a-owner", OWNER),
    Act::Withdraw("w-read", READ),
    Act::Withdraw("w-north", NORTH),
    Act::Withdraw("w-south", SOUTH),
    Act::Withdraw("w-owner", OWNER),
    Act::Set("r1", READ, MANAGER),
    Act::Set("r2", READ, TUNNEL),
    Act::Set("r3", READ, OWNER),
    Act::Set("t1", TUNNEL, READ),
    Act::Set("n1", NORTH, held(&["access.manage", "read"], Some("North"))),
    Act::Set("n3", NORTH_TUNNEL, TUNNEL),
    Act::Set("s1", SOUTH, NORTH),
    Act::Set("n2", NORTH, SOUTH),
    Act::Set("o1", OWNER, READ),
    Act::Remove("r4", READ),
    Act::Remove("t2", TUNNEL),
    Act::Remove("n3", NORTH_TUNNEL),
    Act::Remove("s1", SOUTH),
    Act::Remove("o2", OWNER),
    Act::Register,
    Act::MakeGroup,
    Act::EditGroup("North"),
    Act::EditGroup("South"),
    Act::RemoveGroup("Spare"),
    Act::EditDevice("pump-1", false),
    Act::EditDevice("pump-1", true),
    Act::EditDevice("pump-2", false),
    Act::RemoveDevice("pump-4"),
    Act::RemoveDevice("pump-3"),
    Act::ImportDevices,
    Act::ImportTokens,
    Act::ReadActivity,
    Act::ReadPolicy,
    Act::EditPolicy,
    Act::ReadMembers,
];

/// The rest of what people do: imports that somebody else prepared, the record as a file, and route policies.
pub const MORE: [Act; 10] = [
    Act::StartImport(true),
    Act::DiscardImport(false),
    Act::ExportActivity,
    Act::ReadNotices,
    Act::SendTestMail,
    Act::ReadRoutes,
    Act::TryRoutes,
    Act::SetRoutes(false),
    Act::SetRoutes(true),
    Act::RemoveRoutes,
];

pub struct World {
    pub app: TestApp,
    /// Ids of people, invitations, devices, groups and imports, by name.
    pub ids: BTreeMap<&'static str, String>,
}

fn email(name: &str) -> String {
    format!("{}@harrow.example", name.to_lowercase())
}

impl World {
    pub async fn new() -> World {
        let app = TestApp::new().await;
        let mut world = World { app, ids: BTreeMap::new() };
        world.things().await;
        world.plant_routes().await;
        world.people().await;
        for (kind, name) in
            [(ImportKind::Devices, "devices"), (ImportKind::LegacyTokens, "legacy tokens")]
        {
            let file = Upload { kind, file_name: name.into(), bytes: file(kind).into_bytes() };
            // A person has one preview at a time: these two are of two.
            let seat = match kind {
                ImportKind::Devices => world.app.seat(),
                ImportKind::LegacyTokens => {
                    let (state, ada) = (&world.app.state, email("Ada"));
                    members::seat_of(state, "harrow-valley", &ada).await.unwrap()
                }
            };
            let made = upload::upload(&world.app.state, &seat, &file, None).await.unwrap();
            world.ids.insert(name, made.id);
        }
        world.app.user("Foreigner", &email("Foreigner")).await;
        world.app.workgroup("Brook Mill", &email("Foreigner")).await;
        world
    }

    async fn things(&mut self) {
        let (state, seat) = (&self.app.state, self.app.seat());
        let sites =
            [("pump-1", "north"), ("pump-2", "south"), ("pump-3", "south"), ("pump-4", "north")];
        for (id, site) in sites {
            let raw = RawDevice {
                external_id: id.into(),
                name: id.into(),
                metadata: vec![("site".into(), site.into())],
                permissions: None,
            };
            let made = register::register(state, &seat, &raw, None).await.unwrap();
            self.ids.insert(id, made.0.id);
        }
        let by_site = |site: &str| RawRule::Metadata { key: "site".into(), value: site.into() };
        let spare = RawRule::In(vec!["pump-1".into()]);
        for (name, rule) in
            [("North", by_site("north")), ("South", by_site("south")), ("Spare", spare)]
        {
            let raw = RawGroup { name: name.into(), rule };
            let made = groups::create(state, &seat, &raw, None).await.unwrap();
            self.ids.insert(name, made.group.id);
        }
    }

    async fn people(&mut self) {
        for (name, held) in MEMBERS {
            self.app.user(name, &email(name)).await;
            self.set(name, held).await;
            self.ids.insert(name, self.user(&email(name)).await);
        }
        let ada = members::seat_of(&self.app.state, "harrow-valley", &email("Ada")).await.unwrap();
        for (name, held) in INVITED {
            let raw = standing(held).raw(held.group);
            let address = format!("{name}@guest.example");
            let made = invitations::invite(&self.app.state, &ada, &address, &raw, None).await;
            self.ids.insert(name, made.unwrap().id);
        }
    }

    pub async fn set(&self, name: &str, held: Held) {
        let (state, email) = (&self.app.state, email(name));
        members::set_member(state, "harrow-valley", &email, standing(held), held.group)
            .await
            .unwrap();
    }

    pub async fn user(&self, email: &str) -> String {
        let email = Email::parse(email).unwrap();
        let mut reader = self.app.state.db.read().await.unwrap();
        store::users::find_by_email(&mut reader, &email).await.unwrap().unwrap().user.id
    }

    /// The membership's version now.
    pub async fn version(&self, name: &str) -> i64 {
        let (mut reader, id) = (self.app.state.db.read().await.unwrap(), &self.ids[name]);
        let found = store::memberships::find(&mut reader, &self.app.harrow.id, id).await.unwrap();
        found.map_or(1, |membership| membership.version)
    }

    /// What somebody holds now; `None`: they are no member.
    pub async fn holds(&self, id: &str) -> Option<Rights> {
        let mut reader = self.app.state.db.read().await.unwrap();
        members::rights(&mut reader, &self.app.harrow, id).await.unwrap()
    }

    /// Makes the person one, as far as they are not.
    pub async fn admit(&self, caller: &Caller) {
        match caller.who {
            Who::Member if !caller.held.owner => {
                self.app.user(caller.name, &email(caller.name)).await;
                self.set(caller.name, caller.held).await;
            }
            Who::Administrator => {
                let (name, email) = (caller.name.to_owned(), email(caller.name));
                let raw = RawUser { name, email, password: PASSWORD.into() };
                members::create_user(&self.app.state, raw, true).await.unwrap();
            }
            _ => {}
        }
    }

    pub async fn browser(&self, caller: &Caller) -> Browser<'_> {
        match caller.who {
            Who::Stranger => self.app.stranger(),
            _ => self.app.browser(&email(caller.name)).await,
        }
    }

    pub async fn api(&self, caller: &Caller) -> Api<'_> {
        if caller.who == Who::ForeignToken {
            return self.app.api(&super::super::place::foreign_string(&self.app).await);
        }
        let issued = self.app.token(|raw| {
            raw.permissions = caller.held.permissions.iter().map(ToString::to_string).collect();
            raw.device_group = caller.held.group.unwrap_or_default().into();
            if caller.who == Who::DeviceToken {
                raw.device = "pump-1".into();
            }
        });
        let issued = issued.await;
        self.app.api(issued.string.reveal())
    }
}

pub fn standing(held: Held) -> Standing {
    match held.owner {
        true => Standing::Owner,
        false => Standing::Chosen(held.permissions.iter().map(ToString::to_string).collect()),
    }
}

/// One row that can be imported.
pub fn file(kind: ImportKind) -> String {
    match kind {
        ImportKind::Devices => "external_id,name\npump-90,Pump 90\n".to_owned(),
        ImportKind::LegacyTokens => import_tokens::file(&[("Old portal", "old-key", "2027-03-31")]),
    }
}
