//! The page that takes a file of devices: what it refuses, in which words, and that a refused file changes nothing.

use super::forms::{IMPORT_DEVICES, says, tag, text_of};
use super::import::pumps;
use crate::database::dump;
use crate::test_app::TestApp;

const TEN_BAD: &str = "external_id,name,site\n\
    pump-1,Pump 1,north\n\
    pump 2,Pump 2,north\n\
    ,Pump 3,north\n\
    pump-4,,north\n\
    pump-1,Pump 5,north\n\
    pump-6,Pump 6\n\
    pump-7,Pump 7,north,7\n\
    pump-8,\"Pump\n8\",north\n\
    known,Pump 9,north\n\
    pump-10,Pump 10,\"a\u{7}b\"\n\
    pump-11,NAME,north\n";

#[tokio::test]
async fn ten_bad_rows_are_all_named_and_change_nothing() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let known = b"external_id,name\nknown,Known\n";
    let page = ada.upload(IMPORT_DEVICES, "k.csv", known, "").await;
    ada.post(page.header("location"), &[("action", "start")]).await;
    let run = latchkey::server::imports::run::take_up(&app.state).await.unwrap().unwrap();
    while run.batch(&app.state).await.unwrap() {}
    let before = dump(&app).await;
    let file = TEN_BAD.replace("NAME", &"x".repeat(81));
    let answer = ada.upload(IMPORT_DEVICES, "bad.csv", file.as_bytes(), "").await;
    assert_eq!(answer.status, 422);
    assert!(
        says(&answer, "10 rows of 11 cannot be imported, so nothing was made."),
        "{}",
        answer.body
    );
    for (line, why) in [
        (3, "Spaces and control characters are not allowed."),
        (4, "Write 1 to 120 characters"),
        (5, "Write 1 to 80 characters."),
        (6, "It stands on line 2 already."),
        (7, "The line has 2 values, the header names 3 columns."),
        (8, "The line has 4 values, the header names 3 columns."),
        (9, "Line breaks, tabs and other control characters are not allowed."),
        (11, "There is already a device with this id."),
        (12, "The value of “site”"),
        (13, "At most 80 characters; these are 81."),
    ] {
        let (_, rest) = answer
            .body
            .split_once(&format!("Line {line}<"))
            .unwrap_or_else(|| panic!("line {line}"));
        let row = rest.split("</li>").next().unwrap();
        assert!(row.contains(why), "line {line}: {row}");
    }
    assert_eq!(answer.body.matches("tabular-nums\">Line ").count(), 10);
    assert_eq!(dump(&app).await, before);
}

#[tokio::test]
async fn a_hundred_bad_rows_are_named_and_the_rest_counted() {
    let app = TestApp::new().await;
    let file = pumps(130).replace("pump-", "pump ");
    let answer = app.ada().await.upload(IMPORT_DEVICES, "bad.csv", file.as_bytes(), "").await;
    assert!(says(&answer, "130 rows of 130") && says(&answer, "30 more are like them"));
    assert_eq!(answer.body.matches("tabular-nums\">Line ").count(), 100);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_in_a_sentence() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let utf16: Vec<u8> =
        "\u{feff}external_id,name\np,P\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let many = pumps(10_001);
    let before = dump(&app).await;
    let cases: [(&[u8], &str); 8] = [
        (b"external_id,name\np-1,M\xfcller\n", "Latin-1"),
        (&utf16, "UTF-16"),
        (
            b"pump-1,Pump 1\npump-2,Pump 2\n",
            "Missing: external_id, name. It reads “pump-1, Pump 1”.",
        ),
        (b"", "The file is empty."),
        (b"external_id,name\n", "no row below it"),
        (b"external_id,name,site,metadata.site\n1,2,3,4\n", "“site” stands twice"),
        (b"PK\x03\x04\x14\x00", "spreadsheet"),
        (many.as_bytes(), "10001 rows"),
    ];
    for (file, words) in cases {
        let answer = ada.upload(IMPORT_DEVICES, "odd.csv", file, "").await;
        assert_eq!(answer.status, 422, "{words}");
        assert!(says(&answer, words), "{words}: {}", answer.body);
    }
    assert_eq!(dump(&app).await, before);
}

#[tokio::test]
async fn a_file_or_pasted_rows_but_not_both_nor_none() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let rows = "external_id;name\r\npump-1;Pumpe 1\r\n";
    let pasted = ada.upload(IMPORT_DEVICES, "", b"", rows).await;
    assert_eq!(pasted.status, 303, "{}", pasted.body);
    assert!(says(&ada.get(pasted.header("location")).await, "pasted rows"));
    let both = ada.upload(IMPORT_DEVICES, "p.csv", pumps(1).as_bytes(), "external_id,<b>").await;
    assert_eq!(both.status, 422);
    assert!(text_of(&both, "file-error").unwrap().contains("not both"));
    assert!(both.body.contains("external_id,&lt;b&gt;"), "what was pasted is kept");
    let none = ada.upload(IMPORT_DEVICES, "", b"", " ").await;
    assert!(text_of(&none, "file-error").unwrap().contains("Choose a file"));
    let form = ada.get(IMPORT_DEVICES).await;
    assert!(tag(&form, "file").contains("type=\"file\""));
    assert!(form.body.contains("enctype=\"multipart/form-data\""));
    assert!(form.body.contains("data:text/csv;charset=utf-8,external_id%2Cname"));
}

#[tokio::test]
async fn a_file_over_four_mebibytes_is_413_with_a_page() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for size in [4 * 1024 * 1024 + 1, 20 * 1024 * 1024] {
        let answer = ada.upload(IMPORT_DEVICES, "big.csv", &vec![b'x'; size], "").await;
        assert_eq!(answer.status, 413, "{size}");
        assert!(says(&answer, "The file is larger than 4 MiB") && says(&answer, "Check the file"));
    }
    let just = vec![b'x'; 4 * 1024 * 1024 - 1];
    assert_eq!(
        ada.upload(IMPORT_DEVICES, "p.csv", &just, "").await.status,
        422,
        "read, and found wanting"
    );
    let form = ada.post(IMPORT_DEVICES, &[("rows", "external_id,name")]).await;
    assert_eq!(form.status, 415);
    let long = "x".repeat(70_000);
    let other = ada.post("/harrow-valley/settings/tokens/new", &[("owner", &long)]).await;
    assert_eq!(other.status, 413, "elsewhere the limit is what it was");
}

#[tokio::test]
async fn hostile_cells_are_shown_literally_or_refused() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let file = "external_id,name,\"<svg/onload:alert(1)>\"\n\
        \"=cmd()\",<script>alert(1)</script>,\"\"\"><img src=x onerror=alert(1)>\"\n";
    let preview = ada
        .upload(IMPORT_DEVICES, "</title><script>alert(2)</script>.csv", file.as_bytes(), "")
        .await;
    assert_eq!(preview.status, 303, "{}", preview.body);
    let page = preview.header("location").to_owned();
    ada.post(&page, &[("action", "start")]).await;
    let running = ada.get(&page).await;
    let run = latchkey::server::imports::run::take_up(&app.state).await.unwrap().unwrap();
    while run.batch(&app.state).await.unwrap() {}
    for answer in [running, ada.get(&page).await] {
        for made in ["<script>alert", "<img src=x", "<svg/onload"] {
            assert!(!answer.body.contains(made), "{made}");
        }
    }
    let mut reader = app.state.db.read().await.unwrap();
    let made = latchkey::server::store::devices::find_by_external_id(
        &mut reader,
        &app.harrow.id,
        "=cmd()",
    );
    let made = made.await.unwrap().unwrap();
    assert_eq!(made.name, "<script>alert(1)</script>");
    assert_eq!(made.metadata["<svg/onload:alert(1)>"], "\"><img src=x onerror=alert(1)>");
    let long = "é".repeat(10_000);
    for cell in ["a\u{0}b", "a\u{2028}b", long.as_str(), "<script>alert(1)</script>\u{7}"] {
        let file = format!("external_id,name\npump-1,{cell}\n{cell},Pump\n");
        let answer = ada.upload(IMPORT_DEVICES, "p.csv", file.as_bytes(), "").await;
        assert_eq!(answer.status, 422, "{cell:.20}");
        assert!(says(&answer, "2 rows of 2") && answer.body.len() < 60_000, "{cell:.20}");
        assert!(!answer.body.contains("<script>alert") && !answer.body.contains('\u{7}'));
    }
}
