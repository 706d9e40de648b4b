//! An import from upload to end, as both kinds do it: confirmed or thrown away, in batches, one at a time, and who may.

use super::forms::{IMPORT_DEVICES, IMPORT_TOKENS, TOKENS, says};
use crate::caller::Browser;
use crate::database::dump;
use crate::test_app::TestApp;
use latchkey::domain::import::ImportState;
use latchkey::domain::time::DAY;
use latchkey::server::clock::Clock;
use latchkey::server::devices::register::{RawDevice, register};
use latchkey::server::imports::run;
use latchkey::server::state::AppState;
use latchkey::server::store::{self, Db};
use latchkey::server::{scheduler, upkeep};
use std::fmt::Write;
use tokio::sync::oneshot;

/// So many pumps, each with a site.
pub fn pumps(count: usize) -> String {
    let mut file = "external_id,name,metadata.site\n".to_owned();
    for number in 1..=count {
        writeln!(file, "pump-{number},Pump {number},north").unwrap();
    }
    file
}

/// Uploads a file of pumps and gives the page of its preview.
async fn previewed(browser: &Browser<'_>, count: usize) -> String {
    let answer = browser.upload(IMPORT_DEVICES, "pumps.csv", pumps(count).as_bytes(), "").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}

async fn start(browser: &Browser<'_>, page: &str) {
    let answer = browser.post(page, &[("action", "start")]).await;
    assert_eq!(answer.header("location"), format!("{page}?done=import-started"), "{}", answer.body);
}

fn id_of(page: &str) -> &str {
    page.rsplit('/').next().unwrap()
}

async fn devices(app: &TestApp) -> i64 {
    store::devices::count(&mut app.state.db.read().await.unwrap(), &app.harrow.id).await.unwrap()
}

/// How often the record says this of anything.
async fn recorded(app: &TestApp, verb: &str) -> usize {
    let rows = dump(app).await;
    rows.iter()
        .filter(|row| row.starts_with("activity: ") && row.contains(&format!("'{verb}'")))
        .count()
}

async fn how_far(app: &TestApp, page: &str) -> (ImportState, i64) {
    let mut reader = app.state.db.read().await.unwrap();
    let found = store::imports::find(&mut reader, &app.harrow.id, id_of(page)).await.unwrap();
    found.map(|import| (import.state, import.done)).unwrap()
}

/// Makes what waits, as the scheduler does.
async fn make_all(app: &TestApp) {
    while let Some(run) = run::take_up(&app.state).await.unwrap() {
        while run.batch(&app.state).await.unwrap() {}
    }
}

#[tokio::test]
async fn a_file_is_previewed_and_made_only_when_it_is_confirmed() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let page = previewed(&ada, 25).await;
    let preview = ada.get(&page).await;
    for words in
        ["25 devices will be made", "pumps.csv", "pump-20", "in 25 rows", "The first 20 of 25 rows"]
    {
        assert!(says(&preview, words), "{words}");
    }
    assert!(!says(&preview, "pump-21"));
    make_all(&app).await;
    assert_eq!((devices(&app).await, recorded(&app, "device.created").await), (0, 0));
    start(&ada, &page).await;
    let running = ada.get(&page).await;
    assert!(running.body.contains("<progress") && says(&running, "0 of 25 devices"));
    assert!(
        running.body.contains("<noscript><meta http-equiv=\"refresh\""),
        "without script it comes again"
    );
    make_all(&app).await;
    let ended = ada.get(&page).await;
    assert!(
        says(&ended, "25 devices were made.") && !ended.body.contains("http-equiv=\"refresh\"")
    );
    assert_eq!((devices(&app).await, recorded(&app, "device.created").await), (25, 25));
    assert_eq!(
        (recorded(&app, "import.started").await, recorded(&app, "import.ended").await),
        (1, 1)
    );
    let kept = dump(&app).await.into_iter().find(|row| row.starts_with("imports: ")).unwrap();
    assert!(!kept.contains("pump-1"), "the file is not kept: {kept}");
    let mut reader = app.state.db.read().await.unwrap();
    let pump = store::devices::find_by_external_id(&mut reader, &app.harrow.id, "pump-7")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((pump.name.as_str(), pump.metadata["site"].as_str()), ("Pump 7", "north"));
    let tokens =
        store::expiry_days::counts(&mut reader, &app.harrow.id, app.state.now()).await.unwrap();
    assert_eq!(tokens.standing(), 0, "an imported device has no token");
}

/// The whole limit, by the scheduler itself, while somebody else issues tokens: their turns come between its batches.
#[tokio::test]
async fn ten_thousand_devices_keep_nobody_waiting() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let page = previewed(&ada, 10_000).await;
    assert!(says(&ada.get(&page).await, "10\u{202f}000 devices will be made"));
    start(&ada, &page).await;
    let (stop, stopped) = oneshot::channel();
    let background = tokio::spawn(scheduler::run(app.state.clone(), stopped));
    let mut seen = Vec::new();
    loop {
        app.token(|_| {}).await;
        assert_eq!(ada.get(TOKENS).await.status, 200);
        let (state, done) = how_far(&app, &page).await;
        if state != ImportState::Running {
            assert_eq!((state, done), (ImportState::Done, 10_000));
            break;
        }
        seen.push(done);
    }
    stop.send(()).unwrap();
    background.await.unwrap();
    assert!(seen.is_sorted(), "{seen:?}");
    seen.dedup();
    // A turn is a token issued and a page rendered; how many batches fit beside one depends on the machine.
    assert!(seen.len() >= 15, "tokens were issued at only {} points of the import", seen.len());
    let widest = seen.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(widest <= 2_000, "{widest} devices were made between two turns of somebody else");
    assert_eq!(devices(&app).await, 10_000);
}

#[tokio::test]
async fn an_import_goes_on_after_a_restart_and_makes_each_device_once() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let page = previewed(&ada, 250).await;
    start(&ada, &page).await;
    let run = run::take_up(&app.state).await.unwrap().unwrap();
    assert!(run.batch(&app.state).await.unwrap());
    let (state, before) = how_far(&app, &page).await;
    assert!(state == ImportState::Running && (1..=100).contains(&before), "{before}");
    drop(run);
    let (db, config) =
        (Db::open(&app.state.config.database_url).await.unwrap(), (*app.state.config).clone());
    let reopened = AppState::new(db, Clock::by_hand(app.state.now()), config);
    let run = run::take_up(&reopened).await.unwrap().unwrap();
    while run.batch(&reopened).await.unwrap() {}
    assert_eq!(how_far(&app, &page).await, (ImportState::Done, 250));
    assert_eq!((devices(&app).await, recorded(&app, "device.created").await), (250, 250));
    assert!(!run.batch(&reopened).await.unwrap(), "it has ended");
    assert_eq!(recorded(&app, "import.ended").await, 1);
}

#[tokio::test]
async fn two_processes_make_each_device_once() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let page = previewed(&ada, 250).await;
    start(&ada, &page).await;
    let one = run::take_up(&app.state).await.unwrap().unwrap();
    let other = run::take_up(&app.state).await.unwrap().unwrap();
    while one.batch(&app.state).await.unwrap() && other.batch(&app.state).await.unwrap() {}
    assert!(!one.batch(&app.state).await.unwrap() && !other.batch(&app.state).await.unwrap());
    assert_eq!((devices(&app).await, recorded(&app, "device.created").await), (250, 250));
}

#[tokio::test]
async fn a_row_that_has_become_impossible_stops_it_with_a_sentence() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let taken = async |id: &str| {
        let raw = RawDevice { external_id: id.into(), name: "Mine".into(), ..RawDevice::default() };
        register(&app.state, &app.seat(), &raw, None).await.unwrap();
    };
    let page = previewed(&ada, 30).await;
    taken("pump-9").await;
    let refused = ada.post(&page, &[("action", "start")]).await;
    assert_eq!(refused.status, 409);
    assert!(says(&refused, "“pump-9”") && says(&refused, "line 10"), "{}", refused.body);
    assert_eq!(how_far(&app, &page).await, (ImportState::Previewed, 0));
    // Between the start and the row's turn.
    let file = pumps(30).replace("pump-9,", "pump-31,");
    let page = ada
        .upload(IMPORT_DEVICES, "p.csv", file.as_bytes(), "")
        .await
        .header("location")
        .to_owned();
    start(&ada, &page).await;
    taken("pump-7").await;
    make_all(&app).await;
    assert_eq!(how_far(&app, &page).await, (ImportState::Stopped, 6));
    let ended = ada.get(&page).await;
    for words in [
        "It stopped at line 8, “pump-7”",
        "6 devices were made before; 24 from this line on were not",
    ] {
        assert!(says(&ended, words), "{words}: {}", ended.body);
    }
    assert_eq!(devices(&app).await, 6 + 2);
    assert!(run::take_up(&app.state).await.unwrap().is_none());
}

#[tokio::test]
async fn one_import_of_a_workgroup_runs_at_a_time_and_starting_twice_is_starting_once() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let first = previewed(&ada, 3).await;
    start(&ada, &first).await;
    let again = ada.post(&first, &[("action", "start")]).await;
    assert_eq!((again.status, again.header("location")), (303, first.as_str()));
    let file = b"external_id,name\nvalve-1,Valve 1\n";
    let second = ada.upload(IMPORT_DEVICES, "v.csv", file, "").await.header("location").to_owned();
    assert!(says(&ada.get(IMPORT_DEVICES).await, "An import is running."));
    let refused = ada.post(&second, &[("action", "start")]).await;
    assert_eq!(refused.status, 409);
    assert!(says(&refused, "pumps.csv, 0 of 3"), "{}", refused.body);
    make_all(&app).await;
    start(&ada, &second).await;
    make_all(&app).await;
    assert_eq!((devices(&app).await, recorded(&app, "import.started").await), (4, 2));
}

#[tokio::test]
async fn a_preview_is_thrown_away_replaced_or_forgotten_after_a_day() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let page = previewed(&ada, 3).await;
    let gone = ada.post(&page, &[("action", "discard")]).await;
    assert_eq!(gone.header("location"), format!("{IMPORT_DEVICES}?done=import-discarded"));
    assert_eq!(ada.get(&page).await.status, 404);
    let (replaced, kept) = (previewed(&ada, 3).await, previewed(&ada, 4).await);
    assert_eq!((ada.get(&replaced).await.status, ada.get(&kept).await.status), (404, 200));
    app.state.clock.advance(DAY - 1);
    upkeep::tidy(&app.state).await.unwrap();
    let ada = app.ada().await;
    assert_eq!(ada.get(&kept).await.status, 200);
    app.state.clock.advance(1);
    upkeep::tidy(&app.state).await.unwrap();
    assert_eq!(ada.get(&kept).await.status, 404);
    let started = previewed(&ada, 2).await;
    start(&ada, &started).await;
    assert_eq!(ada.post(&started, &[("action", "discard")]).await.status, 409);
    app.pass_days(3);
    upkeep::tidy(&app.state).await.unwrap();
    make_all(&app).await;
    assert_eq!(devices(&app).await, 2, "one that was started is not forgotten");
}

#[tokio::test]
async fn whoever_may_not_import_is_refused_and_the_attempt_recorded() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let metadata = vec![("site".to_owned(), "north".to_owned())];
    let crane = RawDevice {
        external_id: "crane".into(),
        name: "Crane".into(),
        metadata,
        ..RawDevice::default()
    };
    register(&app.state, &app.seat(), &crane, None).await.unwrap();
    latchkey::server::devices::groups::create(
        &app.state,
        &app.seat(),
        &latchkey::server::devices::groups::RawGroup {
            name: "North".into(),
            rule: latchkey::server::devices::groups::RawRule::Metadata {
                key: "site".into(),
                value: "north".into(),
            },
        },
        None,
    )
    .await
    .unwrap();
    let reader = app.member("Ben", &["read", "access.manage"], None).await;
    let bound = app.member("Cleo", &["devices.manage"], Some("North")).await;
    let keeper = app.member("Dan", &["devices.manage", "access.manage"], None).await;
    let page = previewed(&ada, 2).await;
    for (number, browser) in [&reader, &bound].into_iter().enumerate() {
        assert_eq!(browser.get(IMPORT_DEVICES).await.status, 403);
        assert_eq!(browser.get(&page).await.status, 403);
        let file = pumps(2);
        assert_eq!(browser.upload(IMPORT_DEVICES, "p.csv", file.as_bytes(), "").await.status, 403);
        assert_eq!(browser.post(&page, &[("action", "start")]).await.status, 403);
        assert_eq!(browser.post(&page, &[("action", "discard")]).await.status, 403);
        assert_eq!(recorded(&app, "import.started").await, 2 * (number + 1));
    }
    assert_eq!(how_far(&app, &page).await, (ImportState::Previewed, 0));
    assert_eq!(
        keeper.get(&page).await.status,
        200,
        "the right is to devices, whoever uploaded them"
    );
    for browser in [&reader, &bound, &keeper] {
        assert_eq!(browser.get(IMPORT_TOKENS).await.status, 403);
        assert_eq!(browser.upload(IMPORT_TOKENS, "t.csv", b"owner\n", "").await.status, 403);
    }
    let tokens = super::import_tokens::file(&[("Old portal", "a-string", "")]);
    let tokens = ada.upload(IMPORT_TOKENS, "t.csv", tokens.as_bytes(), "").await;
    assert_eq!(keeper.get(tokens.header("location")).await.status, 404, "what only owners import");
    assert_eq!(keeper.post(tokens.header("location"), &[("action", "start")]).await.status, 404);
}

#[tokio::test]
async fn an_import_of_another_workgroup_does_not_exist() {
    let app = TestApp::new().await;
    app.user("Eve", "eve@brook.example").await;
    app.workgroup("Brook Mill", "eve@brook.example").await;
    let (ada, eve) = (app.ada().await, app.browser("eve@brook.example").await);
    let page = previewed(&ada, 2).await;
    let theirs = format!("/brook-mill/settings/imports/{}", id_of(&page));
    let unknown = "/brook-mill/settings/imports/01999999-9999-7999-8999-999999999999";
    for path in [page.as_str(), theirs.as_str(), unknown] {
        assert_eq!(eve.get(path).await.status, 404, "{path}");
        for action in ["start", "discard"] {
            assert_eq!(eve.post(path, &[("action", action)]).await.status, 404, "{path} {action}");
        }
    }
    let rpc = format!("/rpc/read_import?workgroup=brook-mill&id={}", id_of(&page));
    assert_eq!(eve.get(&rpc).await.status, 404);
    assert_eq!(eve.upload(IMPORT_DEVICES, "p.csv", pumps(1).as_bytes(), "").await.status, 404);
    assert_eq!(app.stranger().get(&page).await.status, 303);
    assert_eq!(how_far(&app, &page).await, (ImportState::Previewed, 0));
}

#[tokio::test]
async fn a_file_that_no_page_of_ours_sent_is_refused() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let before = dump(&app).await;
    let strange: [&[(&str, &str)]; 4] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
    ];
    for path in [IMPORT_DEVICES, IMPORT_TOKENS] {
        for headers in strange {
            let answer = ada.upload_from(path, "p.csv", pumps(1).as_bytes(), "", headers).await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
        }
    }
    assert_eq!(dump(&app).await, before);
}
