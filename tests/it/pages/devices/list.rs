//! The list: what is looked for, what each sees, and page after page.

use super::{DEVICES, device, group, listing, north, rows};
use crate::pages::forms::says;
use crate::test_app::TestApp;

#[tokio::test]
async fn a_workgroup_without_devices_says_what_one_is_and_how_to_have_one() {
    let app = TestApp::new().await;
    let empty = app.ada().await.get(DEVICES).await;
    assert_eq!(empty.status, 200);
    assert!(says(&empty, "No devices yet") && empty.body.contains(&format!("{DEVICES}/new")));
    let ben = app.member("Ben", &["read"], None).await;
    let empty = ben.get(DEVICES).await;
    assert!(says(&empty, "No devices yet") && !empty.body.contains(&format!("{DEVICES}/new")));
}

#[tokio::test]
async fn devices_are_found_by_name_id_and_metadata_in_any_case() {
    let app = TestApp::new().await;
    device(&app, "pump-1", &[("site", "Überland"), ("line", "7")]).await;
    device(&app, "pump-2", &[("site", "south"), ("line", "7")]).await;
    device(&app, "valve_100%", &[]).await;
    group(&app, "Valves", listing(&["valve_100%"])).await;
    let ada = app.ada().await;
    let group_id = {
        let page = ada.get(DEVICES).await;
        let (_, options) = page.body.split_once("name=\"group\"").unwrap();
        let option = options.split("<option").find(|option| option.contains("Valves")).unwrap();
        option.split_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned()
    };
    let group_query = format!("?group={group_id}");
    let cases = [
        ("", vec!["pump-1", "pump-2", "valve_100%"]),
        ("?search=PUMP", vec!["pump-1", "pump-2"]),
        ("?search=%C3%BCBERLAND", vec!["pump-1"]),
        ("?search=%25", vec!["valve_100%"]),
        ("?search=site+%3D+south", vec!["pump-2"]),
        ("?metadata=line%3D7", vec!["pump-1", "pump-2"]),
        ("?metadata=line", vec!["pump-1", "pump-2"]),
        ("?metadata=site+%3D+south&search=pump", vec!["pump-2"]),
        ("?metadata=line%3D8", vec![]),
        (group_query.as_str(), vec!["valve_100%"]),
        ("?group=nothing", vec![]),
    ];
    for (query, found) in cases {
        let page = ada.get(&format!("{DEVICES}{query}")).await;
        assert_eq!((page.status, rows(&page)), (200, found.clone()), "{query}");
        assert_eq!(says(&page, "No device matches"), found.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn who_is_bound_sees_the_devices_of_their_group_alone() {
    let app = TestApp::new().await;
    north(&app).await;
    group(&app, "South", listing(&["pump-2"])).await;
    let bound = app.member("Ben", &["read"], Some("North")).await;
    let page = bound.get(DEVICES).await;
    assert_eq!(rows(&page), ["pump-1"]);
    assert!(says(&page, "North") && !page.body.contains("South"), "another group does not exist");
    assert_eq!(rows(&bound.get(&format!("{DEVICES}?search=pump-2")).await), Vec::<&str>::new());
    let free = app.member("Eve", &["read"], None).await;
    assert_eq!(rows(&free.get(DEVICES).await), ["pump-1", "pump-2"]);
}

/// The group is asked for in the statement itself: a page of a bound member is as full as anybody's.
#[tokio::test]
async fn pages_are_full_and_each_device_stands_on_one() {
    let app = TestApp::new().await;
    let mut even = Vec::new();
    for number in 0..120 {
        let parity = if number % 2 == 0 { "even" } else { "odd" };
        let id = format!("d{number:03}");
        device(&app, &id, &[("parity", parity)]).await;
        if number % 2 == 0 {
            even.push(id);
        }
    }
    group(
        &app,
        "Even",
        latchkey::server::devices::groups::RawRule::Metadata {
            key: "parity".into(),
            value: "even".into(),
        },
    )
    .await;
    let bound = app.member("Ben", &["read"], Some("Even")).await;
    let first = bound.get(DEVICES).await;
    assert_eq!((rows(&first).len(), rows(&first)[0]), (50, "d000"));
    let link = |answer: &crate::caller::Answer, word: &str| {
        let (_, nav) = answer.body.split_once("aria-label=\"Pages\"").unwrap();
        let mut links = nav.split("<a href=\"").skip(1);
        let link = links.find(|link| link.split("</a>").next().unwrap().contains(word))?;
        Some(link.split('"').next().unwrap().replace("&amp;", "&"))
    };
    assert_eq!(link(&first, "Previous"), None);
    let second = bound.get(&link(&first, "Next").unwrap()).await;
    let mut all = rows(&first);
    all.extend(rows(&second));
    assert_eq!(all, even);
    assert_eq!(link(&second, "Next"), None);
    let back = bound.get(&link(&second, "Previous").unwrap()).await;
    assert_eq!(rows(&back), rows(&first));
}

#[tokio::test]
async fn whoever_is_no_member_finds_no_such_page() {
    let app = TestApp::new().await;
    app.user("Eve", "eve@harrow.example").await;
    let eve = app.browser("eve@harrow.example").await;
    assert_eq!(eve.get(DEVICES).await.status, 404);
    assert_eq!(app.stranger().get(DEVICES).await.status, 303);
}
