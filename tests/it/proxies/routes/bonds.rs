//! Whoever is bound, or belongs elsewhere: no line opens for them what is not theirs.

use super::super::paths::{brook_mill, string_of, two_pumps};
use super::super::proxy::{Asks, Program};
use super::super::{Scene, behind_each};
use super::{NO, YES, verdict};
use latchkey::server::devices::groups::RawRule;

/// The string of an access token that is bound to a group of pump-1 alone.
async fn bound_to_north(scene: &Scene) -> String {
    let rule = RawRule::In(vec!["pump-1".into()]);
    crate::pages::device_groups::group(&scene.app, "North", rule).await;
    let issued = scene.app.token(|raw| raw.device_group = "North".into()).await;
    let string = issued.string.reveal().to_owned();
    scene.heard_of_bound(&string).await;
    string
}

#[tokio::test]
async fn a_bound_token_opens_its_own_device_and_no_line_that_names_none() {
    behind_each(Asks::Routes, async |scene| {
        let device = two_pumps(scene).await;
        let group = bound_to_north(scene).await;
        scene.with_routes().await;
        for (string, target, wanted) in [
            (&device, "/devices/pump-1", YES),
            (&device, "/devices/pump-2", "not_found"),
            (&device, "/devices/pump-9", "not_found"),
            (&device, "/devices/any", "not_found"),
            (&device, "/status", NO),
            (&device, "/status?device=pump-1", NO),
            (&group, "/devices/pump-1", YES),
            (&group, "/devices/pump-2", "not_found"),
            (&group, "/devices/any", "not_found"),
            (&group, "/status", NO),
            (&group, "/files/a", NO),
            (&group, "/files/a?device=any", NO),
        ] {
            let answer = scene.ask(string, "GET", target, &[]).await;
            let program = scene.proxy.program;
            assert_eq!(verdict(&answer), wanted, "{program:?} {target}");
            if wanted == "not_found" {
                // nginx knows no other no.
                let status = if program == Program::Nginx { 403 } else { 404 };
                assert_eq!(answer.status, status, "{program:?} {target}");
            }
            assert_eq!(scene.api.take().len(), usize::from(wanted == YES), "{program:?} {target}");
        }
    })
    .await;
}

/// `device=any` is a promise of the API to look at what the token is bound to: it is told.
#[tokio::test]
async fn a_line_for_any_device_tells_the_api_what_the_token_is_bound_to() {
    behind_each(Asks::Routes, async |scene| {
        two_pumps(scene).await;
        let group = bound_to_north(scene).await;
        scene.with_routes().await;
        let shed = ["Connection: close, X-Latchkey-Device-Group".to_owned()];
        for more in [&[][..], &shed] {
            assert_eq!(verdict(&scene.ask(&group, "GET", "/devices", more).await), YES);
            let heard = scene.reached();
            assert_eq!(heard.all("x-latchkey-device-group"), ["North"], "{}", heard.head);
        }
    })
    .await;
}

/// However wide its own workgroup opens its API to it.
#[tokio::test]
async fn a_token_of_another_workgroup_is_none_here_whatever_it_opens_there() {
    behind_each(Asks::Routes, async |scene| {
        two_pumps(scene).await;
        let brook = brook_mill(scene).await;
        let string = string_of(scene, &brook).await;
        let [family, _] = scene.proxy.program.families();
        scene.rule(&brook, "* /{*rest} any\n* / any\n", family).await;
        scene.with_routes().await;
        for target in ["/", "/status", "/devices", "/devices/pump-1", "/files/a", "/nothing"] {
            for target in [target.to_owned(), format!("{target}?workgroup=brook-mill")] {
                let answer = scene.ask(&string, "GET", &target, &[]).await;
                assert_eq!((answer.status, verdict(&answer)), (401, "invalid_token"), "{target}");
            }
        }
        assert!(scene.api.take().is_empty());
    })
    .await;
}
