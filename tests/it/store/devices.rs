//! Devices in the store: pages of what a principal sees on both engines, and what older rows are filled with.

use super::{apps, ask, engine};
use crate::test_app::TestApp;
use latchkey::domain::device::{DeviceGroup, GroupRule};
use latchkey::domain::device_list::{DeviceList, DeviceQuery};
use latchkey::domain::rights::{Rights, Seat};
use latchkey::server::devices::groups::{self, RawGroup, RawRule};
use latchkey::server::devices::register::{RawDevice, register};
use latchkey::server::devices::{list, show};
use latchkey::server::store::{self, Lane, Lanes};

const NAMES: [&str; 9] =
    ["Ärger", "ärger", "Pump 1", "pump 1", "PUMP 1", "100% Wasser", "a.b", "Zoo", "ΌΣΟΣ"];

async fn fill(app: &TestApp) {
    for (number, name) in NAMES.into_iter().cycle().take(27).enumerate() {
        let site = if number % 3 == 0 { "north" } else { "south" };
        let raw = RawDevice {
            external_id: format!("d{number}"),
            name: name.into(),
            metadata: vec![("site".into(), site.into())],
            permissions: None,
        };
        register(&app.state, &app.seat(), &raw, None).await.unwrap();
    }
}

async fn group(app: &TestApp, name: &str, rule: RawRule) -> DeviceGroup {
    let raw = RawGroup { name: name.into(), rule };
    groups::create(&app.state, &app.seat(), &raw, None).await.unwrap().group
}

fn ids(list: &DeviceList) -> Vec<String> {
    list.items.iter().map(|kept| kept.device.external_id.clone()).collect()
}

/// All pages from the first to the last, and back again.
async fn walk(app: &TestApp, seat: &Seat) -> (Vec<String>, Vec<String>) {
    let (mut there, mut back) = (Vec::new(), Vec::new());
    let mut query = DeviceQuery::default();
    let mut page = list::list(&app.state, seat, &query, 4).await.unwrap();
    loop {
        there.extend(ids(&page));
        let Some(next) = page.next.clone() else { break };
        assert_eq!(page.items.len(), 4, "a page before another is full");
        query = DeviceQuery { after: Some(next), ..DeviceQuery::default() };
        page = list::list(&app.state, seat, &query, 4).await.unwrap();
    }
    loop {
        back.splice(0..0, ids(&page));
        let Some(previous) = page.previous.clone() else { break };
        query = DeviceQuery { before: Some(previous), ..DeviceQuery::default() };
        page = list::list(&app.state, seat, &query, 4).await.unwrap();
    }
    (there, back)
}

#[tokio::test]
async fn each_device_that_a_principal_sees_stands_on_one_page_forwards_and_backwards() {
    for app in apps().await {
        fill(&app).await;
        let some = || vec!["d0".to_owned(), "d5".to_owned(), "d7".to_owned()];
        let by_site = RawRule::Metadata { key: "site".into(), value: "north".into() };
        let groups = [
            None,
            Some(group(&app, "In", RawRule::In(some())).await),
            Some(group(&app, "Not in", RawRule::NotIn(some())).await),
            Some(group(&app, "By site", by_site).await),
        ];
        for group in groups {
            let seat = Seat { rights: Rights { group, ..Rights::owner() }, ..app.seat() };
            let (there, back) = walk(&app, &seat).await;
            assert_eq!(there, back, "{}", engine(&app));
            let all =
                list::list(&app.state, &app.seat(), &DeviceQuery::default(), 99).await.unwrap();
            let seen = all.items.iter().filter(|kept| seat.rights.sees_device(&kept.device));
            let seen: Vec<_> = seen.map(|kept| kept.device.external_id.clone()).collect();
            assert_eq!(there, seen, "{} {:?}", engine(&app), seat.rights.group);
            let total =
                list::list(&app.state, &seat, &DeviceQuery::default(), 1).await.unwrap().total;
            assert_eq!(usize::try_from(total).unwrap(), seen.len());
        }
    }
}

#[tokio::test]
async fn what_older_rows_lack_is_filled_in_at_the_next_start() {
    for app in apps().await {
        fill(&app).await;
        let forget = "update devices set name_folded = '', search_text = ''";
        let mut tx = app.state.db.begin().await.unwrap();
        match tx.lane().await.unwrap() {
            Lane::Sqlite(c) => drop(sqlx::query(forget).execute(c).await.unwrap()),
            Lane::Postgres(c) => drop(sqlx::query(forget).execute(c).await.unwrap()),
        }
        tx.commit().await.unwrap();
        let query = DeviceQuery { search: "ÄRGER".into(), ..DeviceQuery::default() };
        let search = async || list::list(&app.state, &app.seat(), &query, 99).await.unwrap().items;
        assert_eq!(search().await.len(), 0, "{}", engine(&app));
        store::migrate(&app.state.db).await.unwrap();
        assert_eq!(search().await.len(), 6, "{}", engine(&app));
        let empty: i64 = ask!(
            app,
            fetch_one,
            sqlx::query_scalar("select count(*) from devices where name_folded = ''")
        );
        assert_eq!(empty, 0);
    }
}

/// What the group's rule says and what the statement says is the same, also for what reaches a device.
#[tokio::test]
async fn the_groups_that_hold_a_device_are_those_whose_rule_says_so() {
    for app in apps().await {
        fill(&app).await;
        let capital = RawDevice {
            external_id: "d99".into(),
            name: "Capital".into(),
            metadata: vec![("site".into(), "North".into())],
            permissions: None,
        };
        register(&app.state, &app.seat(), &capital, None).await.unwrap();
        let mut groups = Vec::new();
        for (name, rule) in [
            ("In", RawRule::In(vec!["d0".into()])),
            ("Not in", RawRule::NotIn(vec!["d0".into()])),
            ("All", RawRule::NotIn(vec![])),
            ("North", RawRule::Metadata { key: "site".into(), value: "north".into() }),
            ("Capital", RawRule::Metadata { key: "site".into(), value: "North".into() }),
        ] {
            groups.push(group(&app, name, rule).await);
        }
        assert!(matches!(groups[0].rule, GroupRule::In(_)));
        for id in ["d0", "d1", "d3", "d99"] {
            let device = show::by_external_id(&app.state, &app.seat(), id).await.unwrap().device;
            let mut reader = app.state.db.read().await.unwrap();
            let holding =
                store::device_lists::groups_holding(&mut reader, &app.harrow.id, &device.id).await;
            let mut holding: Vec<_> =
                holding.unwrap().into_iter().map(|group| group.name).collect();
            holding.sort();
            let mut expected: Vec<_> = groups
                .iter()
                .filter(|group| group.contains(&device))
                .map(|group| group.name.clone())
                .collect();
            expected.sort();
            assert_eq!(holding, expected, "{} {id}", engine(&app));
        }
    }
}
