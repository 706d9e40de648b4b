//! The list and the page of a group: what each tells, and to whom.

use super::{GROUPS, NEW, group, listed, plant, pump};
use crate::pages::forms::says;
use crate::test_app::TestApp;
use latchkey::server::devices::groups::RawRule;

/// The rows of the list, as markup.
fn rows(body: &str) -> Vec<&str> {
    let rows = body.split("data-testid=\"group-row\"").skip(1);
    rows.map(|row| row.split("</tr>").next().unwrap_or_default()).collect()
}

#[tokio::test]
async fn an_empty_list_says_what_a_group_is_and_what_comes_first() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let nothing = ada.get(GROUPS).await;
    assert!(says(&nothing, "No device group yet") && says(&nothing, "To the devices"));
    let new = ada.get(NEW).await;
    assert!(says(&new, "There is no device yet") && !new.body.contains("name=\"rule\""));
    pump(&app, 1, "north").await;
    let devices = ada.get(GROUPS).await;
    assert!(says(&devices, "This workgroup has 1 device.") && devices.body.contains(NEW));
    let ben = app.member("Ben", &["read"], None).await;
    let read = ben.get(GROUPS).await;
    assert!(says(&read, "An owner can give you that permission.") && !read.body.contains(NEW));
}

#[tokio::test]
async fn a_row_says_the_rule_and_counts_what_the_group_holds_and_binds() {
    let app = TestApp::new().await;
    plant(&app).await;
    let site = RawRule::Metadata { key: "site".into(), value: "north".into() };
    group(&app, "By site", site).await;
    group(&app, "Others", RawRule::NotIn(vec!["pump-1".into()])).await;
    app.token(|raw| raw.device_group = "North".into()).await;
    app.member("Ben", &["read"], Some("north")).await;
    let list = app.ada().await.get(GROUPS).await;
    let rows = rows(&list.body);
    let expected = [
        ("By site", "Devices with site = north", "2 devices · 0 tokens · 0 members"),
        ("North", "Only 1 device, by a list", "1 device · 1 token · 1 member"),
        ("Others", "All but 1 device, by a list", "2 devices · 0 tokens · 0 members"),
    ];
    assert_eq!(rows.len(), expected.len());
    for (row, (name, rule, counts)) in rows.iter().zip(expected) {
        assert!(row.contains(name) && row.contains(rule) && row.contains(counts), "{name}: {row}");
    }
}

#[tokio::test]
async fn names_are_searched_in_any_case_and_nothing_found_is_said() {
    let app = TestApp::new().await;
    plant(&app).await;
    group(&app, "Süd_1", listed(&["pump-3"])).await;
    let ada = app.ada().await;
    for (search, found) in [("NOR", 1), ("SÜD", 1), ("_", 1), ("%25", 0), ("zzz", 0), ("+", 2)] {
        let list = ada.get(&format!("{GROUPS}?search={search}")).await;
        assert_eq!(rows(&list.body).len(), found, "{search}");
        assert_eq!(says(&list, "No device group is called"), found == 0, "{search}");
    }
}

/// The address that a link with these words leads to.
fn link(body: &str, words: &str) -> Option<String> {
    let (before, _) = body.split_once(&format!(">{words}<"))?;
    let (_, href) = before.rsplit_once("href=\"")?;
    href.split('"').next().map(|href| href.replace("&amp;", "&"))
}

#[tokio::test]
async fn the_list_pages_both_ways_and_loses_nobody() {
    let app = TestApp::new().await;
    pump(&app, 1, "north").await;
    for number in 0..103 {
        group(&app, &format!("Ä & {number:03}"), listed(&["pump-1"])).await;
    }
    let ada = app.ada().await;
    let first = ada.get(GROUPS).await;
    assert!(says(&first, "50 of 103 on this page") && link(&first.body, "Previous").is_none());
    let second = ada.get(&link(&first.body, "Next").unwrap()).await;
    let third = ada.get(&link(&second.body, "Next").unwrap()).await;
    assert_eq!((rows(&second.body).len(), rows(&third.body).len()), (50, 3));
    assert!(link(&third.body, "Next").is_none() && says(&second, "Ä &amp; 050"));
    let back = ada.get(&link(&third.body, "Previous").unwrap()).await;
    assert_eq!(rows(&back.body), rows(&second.body));
    let front = ada.get(&link(&back.body, "Previous").unwrap()).await;
    assert_eq!(rows(&front.body), rows(&first.body));
    assert!(link(&front.body, "Previous").is_none());
}

#[tokio::test]
async fn the_devices_of_a_group_page_both_ways() {
    let app = TestApp::new().await;
    for number in 0..102 {
        pump(&app, number, "north").await;
    }
    let all = group(&app, "All", RawRule::NotIn(vec!["pump-7".into()])).await;
    let ada = app.ada().await;
    let devices = |body: &str| {
        let links = body.split("/harrow-valley/settings/devices/").skip(1);
        links.map(|rest| rest[..36].to_owned()).collect::<Vec<_>>()
    };
    let first = ada.get(&format!("{GROUPS}/{}", all.id)).await;
    let second = ada.get(&link(&first.body, "Next").unwrap()).await;
    let third = ada.get(&link(&second.body, "Next").unwrap()).await;
    let mut seen: Vec<_> = [&first, &second, &third].map(|page| devices(&page.body)).concat();
    assert_eq!((seen.len(), link(&third.body, "Next")), (101, None));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 101);
    let back = ada.get(&link(&third.body, "Previous").unwrap()).await;
    assert_eq!(devices(&back.body), devices(&second.body));
    let gone = ada.get(&format!("{GROUPS}/{}?before=no-such-device", all.id)).await;
    assert_eq!(devices(&gone.body), devices(&first.body));
}

#[tokio::test]
async fn a_page_names_what_is_bound_to_whoever_manages_access_and_counts_it_for_others() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let token = app.token(|raw| raw.device_group = "North".into()).await.token;
    app.member("Ben", &["read"], Some("North")).await;
    let page = format!("{GROUPS}/{}", north.id);
    let owner = app.ada().await.get(&page).await;
    assert!(says(&owner, "North plant integrator") && owner.body.contains(&token.id));
    assert!(says(&owner, "Ben") && says(&owner, "Pump 1") && says(&owner, "Created"));
    let keeper = app.member("Kim", &["devices.manage"], None).await.get(&page).await;
    assert!(says(&keeper, "1 token bound to it.") && says(&keeper, "1 member bound to it."));
    assert!(!says(&keeper, "North plant integrator") && says(&keeper, "Created"));
    let reader = app.member("Rae", &["read"], None).await.get(&page).await;
    assert!(says(&reader, "Pump 1") && !says(&reader, "Created"));
    assert!(!reader.body.contains(&format!("{page}/edit")) && !says(&reader, "Remove"));
}

#[tokio::test]
async fn a_bound_member_sees_their_own_group_alone() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let other = group(&app, "Others", RawRule::NotIn(vec!["pump-1".into()])).await;
    let rights = ["access.manage", "devices.manage", "read"];
    let bo = app.member("Bo", &rights, Some("Others")).await;
    let list = bo.get(GROUPS).await;
    assert_eq!(rows(&list.body).len(), 1);
    assert!(says(&list, "Others") && !says(&list, "North") && !list.body.contains(NEW));
    let own = bo.get(&format!("{GROUPS}/{}", other.id)).await;
    assert!(own.status == 200 && says(&own, "Pump 2") && says(&own, "Bo"));
    assert!(!own.body.contains("pump-1") && !own.body.contains("/edit"), "it lies outside");
    for path in ["", "?dialog=remove", "/edit"] {
        let hidden = bo.get(&format!("{GROUPS}/{}{path}", north.id)).await;
        assert_eq!(hidden.status, 404, "{path}");
    }
    let searched = bo.get(&format!("{GROUPS}?search=north")).await;
    assert_eq!(rows(&searched.body).len(), 0);
}
