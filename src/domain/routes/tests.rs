//! The rule of route policies as tables: what a request leads to, what no spelling opens.

mod written;

use super::*;
use crate::domain::permission::catalogue_at_first_start;
use crate::domain::token::Kind;
use proptest::prelude::*;

fn read(text: &str) -> RoutePolicies {
    RoutePolicies::parse(text, &catalogue_at_first_start()).unwrap()
}

/// The line that decides, and the device.
fn line(policies: &RoutePolicies, method: &str, target: &str) -> Result<(usize, String), String> {
    let matched = policies.find(method, target).map_err(|refusal| refusal.detail)?;
    let device = match matched.device {
        DeviceAsked::Unnamed => "-".to_owned(),
        DeviceAsked::Any => "any".to_owned(),
        DeviceAsked::Named(id) => format!("={id}"),
    };
    Ok((matched.route.line, device))
}

const FLEET: &str = "\
# the fleet
GET         /devices                      access  read  device=any   # a list

GET|HEAD    /devices/{device}             any     device={device}
POST        /devices/{id}/telemetry       device  telemetry.send  device={id}
GET         /devices/new                  access  devices.manage
*           /devices/{device}             access  devices.manage device={device}
GET         /files/{*path}                any
*           /admin/{*rest}                access  access.manage tunnel
GET         /{*rest}                      access  read
";

#[test]
fn a_line_says_what_a_request_needs() {
    let policies = read(FLEET);
    let demand = |method, target| policies.demand(method, target).unwrap();
    assert_eq!(
        demand("POST", "/devices/pump-1/telemetry?unit=C"),
        Demand {
            kind: Some(Kind::Device),
            permissions: vec!["telemetry.send".into()],
            device: DeviceAsked::Named("pump-1".into()),
        }
    );
    assert_eq!(
        demand("GET", "/files/a/b.txt"),
        Demand { kind: None, permissions: vec![], device: DeviceAsked::Unnamed }
    );
    let admin = demand("DELETE", "/admin/users/1");
    assert_eq!(admin.permissions, ["access.manage", "tunnel"]);
    assert_eq!(policies.routes().len(), 8);
    assert_eq!(policies.routes()[1].methods, ["GET", "HEAD"]);
}

#[test]
fn the_most_specific_path_wins_and_then_the_method() {
    let policies = read(FLEET);
    for (method, target, leads_to) in [
        ("GET", "/devices", (2, "any")),
        ("GET", "/devices/pump-1", (4, "=pump-1")),
        ("HEAD", "/devices/pump-1", (4, "=pump-1")),
        ("DELETE", "/devices/pump-1", (7, "=pump-1")),
        ("GET", "/devices/new", (6, "-")),
        ("GET", "/devices/pump%2D1", (4, "=pump-1")),
        ("GET", "/d%65vices/n%c3%bc%20x", (4, "=nü x")),
        ("GET", "/devices/a.b..c", (4, "=a.b..c")),
        ("GET", "/files/x", (8, "-")),
        ("GET", "/files", (10, "-")),
        ("GET", "/devices/pump-1/photos", (10, "-")),
        ("PATCH", "/admin/a/b/", (9, "-")),
        ("GET", "/else?//=%2e%2e;%zz", (10, "-")),
    ] {
        let found = line(&policies, method, target);
        assert_eq!(found, Ok((leads_to.0, leads_to.1.to_owned())), "{method} {target}");
    }
}

#[test]
fn what_no_line_names_is_refused() {
    let policies = read(FLEET);
    for (method, target, why) in [
        ("POST", "/devices/new", "do not name the method POST"),
        ("get", "/devices", "do not name the method get"),
        ("HEAD", "/devices", "do not name the method HEAD"),
        ("OPTIONS", "/devices", "do not name the method OPTIONS"),
        ("POST", "/devices/pump-1/", "stricter route policy"),
        ("GET", "/", "no route policy matches"),
    ] {
        let refusal = policies.demand(method, target).unwrap_err();
        assert_eq!(refusal.code, Code::InsufficientPermissions);
        assert!(
            refusal.detail.starts_with(&format!("{method} {target} is refused: ")),
            "{refusal}"
        );
        assert!(refusal.detail.contains(why), "{refusal}");
    }
    assert!(RoutePolicies::default().demand("GET", "/").is_err());
}

#[test]
fn no_spelling_of_a_path_leads_elsewhere() {
    let policies = read(&format!("{FLEET}* / any\n"));
    for target in [
        "",
        "devices",
        "*",
        "http://api.example/devices",
        "?x",
        "//devices",
        "/devices//",
        "/devices//new",
        "/./devices",
        "/devices/.",
        "/devices/..",
        "/devices/../admin/x",
        "/files/...",
        "/files/.../x",
        "/files/%20/x",
        "/files/%20.%20",
        "/files/%2e%2e/admin/x",
        "/files/%2E./admin/x",
        "/files/.%2e",
        "/%2e/devices",
        "/files/a%2fb",
        "/files/a%2Fb",
        "/files/a%5cb",
        "/files/a\\b",
        "/files/%252e%252e",
        "/files/%25",
        "/files/a%00",
        "/files/a%0a",
        "/files/a%7f",
        "/devices;x=y",
        "/devices/new;",
        "/devices/new%3b",
        "/devices/new%3Bx",
        "/files/ü",
        "/files/a b",
        "/files/a\tb",
        "/files/a\u{0}b",
        "/files/%",
        "/files/%4",
        "/files/%zz",
        "/files/%+1",
        "/files/%ff",
        "/files/%c3",
        "/files/%c2%85",
        "/files/a#b",
        "/files/a%23",
        "/files/a%3f",
        "/files/%c0%ae%c0%ae/x",
    ] {
        let refusal = policies.demand("GET", target).map(|demand| panic!("{target:?} {demand:?}"));
        assert_eq!(refusal.unwrap_err().code, Code::InsufficientPermissions, "{target:?}");
    }
}

/// Servers that ignore case, or what stands at the end of a segment, read these as the path of a stricter line.
#[test]
fn a_wider_line_does_not_catch_what_a_stricter_one_may_be_taken_for() {
    let policies = read(
        "GET /Admin access access.manage\nGET /admin/users/ access access.manage\n\
         GET /devices/new access devices.manage\nGET /devices/{device} access\nGET /{*rest} any\n",
    );
    for target in [
        "/admin",
        "/ADMIN",
        "/Admin/",
        "/admin/",
        "/Admin.",
        "/Admin%20",
        "/admin/users",
        "/Admin/Users/",
        "/devices/New",
        "/devices/new/",
        "/devices/new.",
        "/DEVICES/new",
        "/DEVICES/x",
        "/devices/x/",
    ] {
        let refusal = policies.demand("GET", target).unwrap_err();
        assert!(refusal.detail.contains("stricter route policy"), "{refusal}");
    }
    for (target, leads_to) in [
        ("/Admin", 1),
        ("/admin/users/", 2),
        ("/devices/new", 3),
        ("/devices/Newer", 4),
        ("/other", 5),
        ("/other/", 5),
        ("/Admins", 5),
        ("/admin/users/x", 5),
        ("/devices/x/y/", 5),
    ] {
        assert_eq!(policies.find("GET", target).unwrap().route.line, leads_to, "{target}");
    }
    let both = read("GET /a any\nGET /a/ access read");
    assert_eq!(both.find("GET", "/a").unwrap().route.line, 1);
    assert_eq!(both.find("GET", "/a/").unwrap().route.line, 2);
}

#[test]
fn a_trial_says_the_verdict_and_the_line() {
    let policies = read(FLEET);
    type Case<'a> =
        (&'a str, &'a str, &'a str, &'a [&'a str], &'a str, Option<Code>, Option<usize>);
    let cases: [Case<'_>; 12] = [
        ("GET", "/devices", "access", &[], "", None, Some(2)),
        ("GET", "/devices", "access", &[], "pump-1", None, Some(2)),
        ("GET", "/devices", "legacy", &["read"], "", Some(Code::WrongTokenType), Some(2)),
        ("GET", "/devices/a", "legacy", &[], "", None, Some(4)),
        ("GET", "/devices/a", "device", &[], "a", None, Some(4)),
        ("GET", "/devices/a", "device", &[], "b", Some(Code::NotFound), Some(4)),
        (
            "POST",
            "/devices/a/telemetry",
            "device",
            &[],
            "a",
            Some(Code::InsufficientPermissions),
            Some(5),
        ),
        ("POST", "/devices/a/telemetry", "device", &["telemetry.send"], "a", None, Some(5)),
        (
            "POST",
            "/devices/a/telemetry",
            "access",
            &["telemetry.send"],
            "",
            Some(Code::WrongTokenType),
            Some(5),
        ),
        ("GET", "/files/x", "access", &[], "a", Some(Code::InsufficientPermissions), Some(8)),
        (
            "GET",
            "/admin/x",
            "access",
            &["tunnel"],
            "",
            Some(Code::InsufficientPermissions),
            Some(9),
        ),
        ("PUT", "/nowhere", "access", &["tunnel"], "", Some(Code::InsufficientPermissions), None),
    ];
    for (method, path, kind, permissions, device, code, line) in cases {
        let raw = RawTrial {
            method: method.into(),
            path: path.into(),
            kind: kind.into(),
            permissions: permissions.iter().map(ToString::to_string).collect(),
            device: device.into(),
        };
        let (verdict, _) = raw.parse().unwrap().judge(&policies);
        assert_eq!((verdict.code, verdict.route.map(|it| it.line)), (code, line), "{raw:?}");
    }
    let refused = RawTrial { kind: "device".into(), ..RawTrial::default() }.parse().unwrap_err();
    let fields: Vec<_> = refused.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["method", "path", "device"]);
}

proptest! {
    #[test]
    fn no_target_makes_it_panic(method in ".{0,9}", target in ".{0,40}", path in "[/%.;2eEfF5cC0a-c\\\\?{}*]{0,30}") {
        let policies = read(FLEET);
        let _ = policies.demand(&method, &target);
        let _ = policies.demand("GET", &format!("/{path}"));
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ \n#|/{}*=.;%A-Ca-c]{0,80}", any in ".{0,80}") {
        let _ = RoutePolicies::parse(&text, &catalogue_at_first_start());
        let _ = RoutePolicies::stored(&any);
    }

    /// Escaped in whatever way, a path leads where the plain one leads, or nowhere.
    #[test]
    fn an_escaped_path_is_the_plain_path(
        plain in "(/[a-dN.~_-]{0,4}|/devices|/admin|/new|/files){1,4}",
        escaped in proptest::collection::vec(any::<bool>(), 40),
        query in "(\\?[ -~]{0,9})?",
    ) {
        let policies = read(FLEET);
        let spelled: String = plain.bytes().zip(escaped.iter().cycle()).map(|(byte, escape)| {
            if *escape && byte != b'/' { format!("%{byte:02x}") } else { char::from(byte).to_string() }
        }).collect();
        let demand = |target: &str| policies.demand("GET", target).ok();
        prop_assert_eq!(target::path(&spelled).ok(), target::path(&plain).ok());
        prop_assert_eq!(demand(&format!("{spelled}{query}")), demand(&plain));
        if let Ok(path) = target::path(&spelled) {
            prop_assert_eq!(path, plain);
        }
    }
}
