//! *Export as CSV*: the whole record in one file, safe to open, recorded, and for owners only.

use super::activity::{ACTIVITY, rows};
use super::forms::says;
use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::server::activity::{Deed, Subject, export, record, values};
use std::collections::BTreeSet;

const EXPORT: [(&str, &str); 1] = [("action", "export")];

/// The lines below the heading, cell by cell.
fn lines(answer: &Answer) -> Vec<Vec<String>> {
    let text = answer.body.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains('\r'), "RFC 4180");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), COLUMNS);
    let record = |line: csv::Result<csv::StringRecord>| {
        line.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()
    };
    reader.records().map(record).collect()
}

const COLUMNS: &str =
    "at,actor_kind,actor,verb,subject_kind,subject_id,subject,before,after,address,denied";

/// Rows of the command line in one transaction.
async fn record_all(app: &TestApp, names: impl Iterator<Item = String>) {
    let mut tx = app.state.db.begin().await.unwrap();
    for (number, name) in names.enumerate() {
        app.state.clock.advance(i64::from(number % 7 == 0));
        let deed = Deed {
            verb: Verb::DeviceEdited,
            subject: Subject::new("device", format!("d{number}"), name.as_str()),
            before: values([("Name", name.clone())]),
            after: values([]),
            address: Some(&name),
        };
        record(&app.state, &mut tx, &app.seat(), deed).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_long_record_comes_whole_in_the_order_of_the_page() {
    let app = TestApp::new().await;
    let many = 2 * export::ROWS + 345;
    record_all(&app, (0..many).map(|number| format!("Device {number}"))).await;
    let answer = app.ada().await.post(ACTIVITY, &EXPORT).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"harrow-valley-activity-2026-11-21.csv\""
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let lines = lines(&answer);
    let ids: BTreeSet<_> = lines.iter().map(|line| line[5].clone()).collect();
    assert!((0..many).all(|number| ids.contains(&format!("d{number}"))));
    assert_eq!(
        lines.len() as i64,
        many + 3,
        "the founding, its owner and the export itself besides"
    );
    assert!(lines.windows(2).all(|pair| pair[0][0] >= pair[1][0]), "newest first");
    assert_eq!(lines[0][3], "activity.exported");
}

#[tokio::test]
async fn no_cell_of_it_is_a_formula() {
    let app = TestApp::new().await;
    let hostile = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\u{ff1d}1",
        "\u{ff20}x",
        " =1",
        "\"=1",
        "'=1",
        "=HYPERLINK(\"https://evil.example\",\"x\")",
        "a\",\"=1",
        "<script>alert(1)</script>",
    ];
    record_all(&app, hostile.iter().map(ToString::to_string)).await;
    let mut lines = lines(&app.ada().await.post(ACTIVITY, &EXPORT).await);
    lines.reverse();
    for (line, text) in lines.iter().filter(|line| line[3] == "device.edited").zip(hostile) {
        let harmless = text.starts_with(['a', '<']);
        let expected = if harmless { text.to_owned() } else { format!("'{text}") };
        assert_eq!((&line[6], &line[9]), (&expected, &expected), "{text:?}");
        let before: serde_json::Value = serde_json::from_str(&line[7]).unwrap();
        assert_eq!(before["Name"], text);
    }
    for cell in lines.iter().flatten() {
        let first = cell.trim_start_matches([' ', '"']).chars().next();
        assert!(!first.is_some_and(|c| "=+-@\t\r\u{ff1d}\u{ff20}".contains(c)), "{cell:?}");
    }
}

#[tokio::test]
async fn the_filters_of_the_address_narrow_the_file_and_it_is_recorded() {
    let app = TestApp::new().await;
    app.token(|_| {}).await;
    record_all(&app, std::iter::once("Pump".to_owned())).await;
    let ada = app.ada().await;
    let answer = ada.post(&format!("{ACTIVITY}?verb=device.edited"), &EXPORT).await;
    let lines = lines(&answer);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0][1..4], ["command_line", "The command line", "device.edited"]);
    let record = rows(&ada.get(&format!("{ACTIVITY}?verb=activity.exported")).await);
    assert_eq!(record.len(), 1);
    assert!(
        record[0].starts_with("Activity exported Harrow Valley Filters: What: Device edited"),
        "{record:?}"
    );
    assert!(record[0].contains("Ada 192.0.2.1"), "{record:?}");
}

#[tokio::test]
async fn only_owners_export_and_a_no_is_recorded() {
    let app = TestApp::new().await;
    app.user("Bea", "bea@harrow.example").await;
    app.workgroup("Brook Mill", "bea@harrow.example").await;
    let manager = app.member("Mona", &["access.manage", "read"], None).await;
    let without = app.member("Wim", &["read"], None).await;
    let foreigner = app.browser("bea@harrow.example").await;
    for (browser, status) in [(&manager, 403), (&without, 403), (&foreigner, 404)] {
        let answer = browser.post(ACTIVITY, &EXPORT).await;
        assert_eq!(answer.status, status);
        assert!(answer.header("content-type").starts_with("text/html"), "a page, no file");
    }
    assert!(says(&manager.post(ACTIVITY, &EXPORT).await, "Only owners of Harrow Valley"));
    assert_eq!(app.stranger().post(ACTIVITY, &EXPORT).await.status, 303);
    let ada = app.ada().await;
    assert_eq!(ada.post(ACTIVITY, &[("action", "burn")]).await.status, 422);
    let record = rows(&ada.get(&format!("{ACTIVITY}?verb=activity.exported")).await);
    assert_eq!(record.len(), 2, "{record:#?}");
    assert!(record.iter().all(|row| row.contains("Denied")), "{record:#?}");
    assert!(record[0].contains("Wim") && record[1].contains("Mona"), "{record:#?}");
}
