//! The workgroup in which rights are tried: two devices, two groups, and a caller for every role and face.

use super::callers::Caller;
use super::model::{Principal, Reach, Who};
use crate::test_app::TestApp;
use latchkey::domain::token::Token;
use latchkey::server::devices::groups::{self, RawGroup, RawRule};
use latchkey::server::devices::register::{self, RawDevice};
use latchkey::server::operator;
use latchkey::server::people::members::{self, RawUser, Standing};
use latchkey::server::tokens::{reissue, show};

const OWNER: Principal = Principal { name: "owner", who: Who::Owner, holds: &[], group: None };

/// Everybody who comes with a browser.
pub const PEOPLE: [Principal; 9] = [
    OWNER,
    person("Subset", &["access.manage", "read", "tunnel", "telemetry.send"], None),
    person("Bare", &["access.manage"], None),
    person("Bound", &["access.manage", "read", "tunnel", "telemetry.send"], Some("North")),
    person("Without", &["read", "tunnel", "devices.manage", "telemetry.send"], None),
    person("Keeper", &["access.manage", "devices.manage", "read"], None),
    person("Boundkeeper", &["access.manage", "devices.manage", "read"], Some("North")),
    Principal { name: "administrator", who: Who::Stranger, holds: &[], group: None },
    Principal { name: "foreigner", who: Who::Stranger, holds: &[], group: None },
];

/// Everything that comes with a string.
pub const TOKENS: [Principal; 8] = [
    token("managing", &["read", "access.manage", "tunnel", "telemetry.send"], None),
    token("bound managing", &["read", "access.manage", "tunnel", "telemetry.send"], Some("North")),
    token("keeping", &["read", "access.manage", "devices.manage"], None),
    token("bound keeping", &["read", "access.manage", "devices.manage"], Some("South")),
    token("powerless", &["read", "tunnel", "devices.manage", "tokens.introspect"], None),
    token("bound powerless", &["read", "telemetry.send"], Some("North")),
    Principal { name: "device", who: Who::DeviceToken, holds: &["telemetry.send"], group: None },
    Principal { name: "foreign", who: Who::Stranger, holds: &[], group: None },
];

pub const COMMAND_LINE: Principal =
    Principal { name: "command line", who: Who::CommandLine, holds: &[], group: None };

const fn person(
    name: &'static str,
    holds: &'static [&'static str],
    group: Option<&'static str>,
) -> Principal {
    Principal { name, who: Who::Member, holds, group }
}

const fn token(
    name: &'static str,
    holds: &'static [&'static str],
    group: Option<&'static str>,
) -> Principal {
    Principal { name, who: Who::AccessToken, holds, group }
}

/// Harrow Valley with pump-1 in North and pump-2 in South; Brook Mill is somebody else's.
pub async fn harrow() -> TestApp {
    let app = TestApp::new().await;
    for (device, group) in [("pump-1", "North"), ("pump-2", "South")] {
        let raw =
            RawDevice { external_id: device.into(), name: device.into(), ..RawDevice::default() };
        register::register(&app.state, &app.seat(), &raw, None).await.unwrap();
        let raw = RawGroup { name: group.into(), rule: RawRule::In(vec![device.into()]) };
        groups::create(&app.state, &app.seat(), &raw, None).await.unwrap();
    }
    app.user("Foreigner", "foreigner@harrow.example").await;
    app.workgroup("Brook Mill", "foreigner@harrow.example").await;
    app
}

/// The page of the workgroup's tokens.
pub const PAGE: &str = "/harrow-valley/settings/tokens";

fn email(who: &Principal) -> String {
    let name = if who.who == Who::Owner { "ada" } else { who.name };
    format!("{}@harrow.example", name.to_lowercase())
}

/// Makes the person a user and a member, as far as they are one. The foreigner exists already.
pub async fn admit(app: &TestApp, who: &Principal) {
    match who.who {
        Who::Member => {
            app.user(who.name, &email(who)).await;
            set(app, who, who.holds).await;
        }
        Who::Stranger if who.name == "administrator" => {
            let raw = RawUser {
                name: who.name.into(),
                email: email(who),
                password: crate::test_app::PASSWORD.into(),
            };
            members::create_user(&app.state, raw, true).await.unwrap();
        }
        _ => {}
    }
}

/// Gives the member exactly these permissions.
pub async fn set(app: &TestApp, who: &Principal, holds: &[&str]) {
    let standing = Standing::Chosen(holds.iter().map(ToString::to_string).collect());
    let slug = &app.harrow.slug;
    members::set_member(&app.state, slug, &email(who), standing, who.group).await.unwrap();
}

/// The person in front of the pages.
pub async fn on_pages<'a>(app: &'a TestApp, who: &Principal) -> Caller<'a> {
    Caller::Page(app.browser(&email(who)).await)
}

/// The person, or the command line, on its seat before the use cases.
pub async fn on_seat<'a>(app: &'a TestApp, who: &Principal) -> Caller<'a> {
    if who.who == Who::CommandLine {
        return Caller::Seat(
            app,
            Box::new(operator::seat(&app.state, &app.harrow.slug).await.unwrap()),
        );
    }
    match members::seat_of(&app.state, &app.harrow.slug, &email(who)).await {
        Ok(seat) => Caller::Seat(app, Box::new(seat)),
        Err(error) => Caller::Nobody(error.into_refusal().code.status()),
    }
}

/// The string of a token that holds what the principal holds.
pub async fn on_api<'a>(app: &'a TestApp, who: &Principal) -> Caller<'a> {
    if who.who == Who::Stranger {
        return Caller::Api(app.api(&foreign_string(app).await));
    }
    let reach = match (who.who, who.group) {
        (Who::DeviceToken, _) => Reach::Device("pump-1"),
        (_, Some(group)) => Reach::Group(group),
        (_, None) => Reach::Workgroup,
    };
    let issued = app.token(|raw| fill(raw, who.holds, reach)).await;
    Caller::Api(app.api(issued.string.reveal()))
}

/// A token of Brook Mill that can do everything there.
pub async fn foreign_string(app: &TestApp) -> String {
    let seat = operator::seat(&app.state, "brook-mill").await.unwrap();
    let raw = latchkey::domain::token_draft::RawDraft {
        owner: "Mill".into(),
        email: "mill@brook.example".into(),
        permissions: super::model::PERMISSIONS.iter().map(ToString::to_string).collect(),
        ..Default::default()
    };
    let made = latchkey::server::tokens::issue::issue(&app.state, &seat, &raw, None, None).await;
    made.unwrap().done_now().unwrap().string.reveal().to_owned()
}

/// What a draft asks for.
pub fn fill(raw: &mut latchkey::domain::token_draft::RawDraft, permissions: &[&str], reach: Reach) {
    raw.permissions = permissions.iter().map(ToString::to_string).collect();
    match reach {
        Reach::Workgroup => {}
        Reach::Group(name) => raw.device_group = name.into(),
        Reach::Device(id) => raw.device = id.into(),
    }
}

/// A token with two live strings.
pub async fn target(app: &TestApp, permissions: &[&str], reach: Reach) -> Token {
    let made = app.token(|raw| fill(raw, permissions, reach)).await;
    let older = latchkey::domain::token::Older::Keep;
    let again = reissue::reissue(&app.state, &app.seat(), &made.token.id, older, None, None).await;
    again.unwrap().done_now().unwrap().token
}

/// The token as it is now.
pub async fn as_it_is(app: &TestApp, id: &str) -> Token {
    show::one(&app.state, &app.seat(), id).await.unwrap()
}

/// How many tokens the workgroup has, revoked ones included.
pub async fn count(app: &TestApp) -> i64 {
    let query = latchkey::domain::token_list::TokenQuery::default();
    let list = latchkey::server::tokens::list::list(&app.state, &app.seat(), &query, 1).await;
    let counts = list.unwrap().counts;
    counts.standing() + counts.revoked
}
