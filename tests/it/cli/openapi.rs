//! `latchkey openapi`: the document that a server of the same settings serves, without a database.

use super::Shell;
use crate::promised::DOCUMENT;
use serde_json::Value;

#[test]
fn it_prints_the_document_and_touches_nothing() {
    let shell = Shell::new();
    let printed: Value = shell.run("openapi").json();
    assert_eq!(printed, *DOCUMENT);
    let elsewhere = shell.run("openapi --public-url https://tokens.harrow.example").json();
    assert_eq!(elsewhere["servers"][0]["url"], "https://tokens.harrow.example");
    assert_eq!(elsewhere["paths"], DOCUMENT["paths"]);
    assert!(shell.files().is_empty(), "{:?}", shell.files());
}
