//! Creating: every role asks for every permission, everywhere, through every face.

use super::callers::Caller;
use super::model::{self, PERMISSIONS, Principal, REACHES, Verdict};
use super::place::{COMMAND_LINE, PEOPLE, TOKENS, admit, count, harrow, on_api, on_pages, on_seat};
use crate::test_app::TestApp;

/// Asks for each permission alone on each reach. Gives every answer that differs from the model's.
async fn differences(app: &TestApp, who: &Principal, caller: &Caller<'_>) -> Vec<String> {
    let before = count(app).await;
    let (mut wrong, mut made) = (Vec::new(), 0);
    for permission in PERMISSIONS {
        for reach in REACHES {
            let expected = model::create(who, &[permission], reach);
            let got = caller.create(&[permission], reach).await;
            made += i64::from(expected == Verdict::Done);
            if got != expected {
                let case = format!("{} asks for {permission} on {reach:?}", who.name);
                wrong.push(format!("{case}: {got:?} instead of {expected:?}"));
            }
        }
    }
    assert_eq!(count(app).await - before, made, "{} made another number of tokens", who.name);
    wrong
}

#[tokio::test]
async fn nobody_creates_more_than_they_hold_on_the_pages() {
    let app = harrow().await;
    let mut wrong = Vec::new();
    for who in &PEOPLE {
        admit(&app, who).await;
        wrong.extend(differences(&app, who, &on_pages(&app, who).await).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn no_token_creates_more_than_it_holds_over_the_api() {
    let app = harrow().await;
    let mut wrong = Vec::new();
    for who in &TOKENS {
        let caller = on_api(&app, who).await;
        wrong.extend(differences(&app, who, &caller).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_creates_more_than_they_hold_on_their_seat() {
    let app = harrow().await;
    let mut wrong = Vec::new();
    for who in PEOPLE.iter().chain([&COMMAND_LINE]) {
        admit(&app, who).await;
        wrong.extend(differences(&app, who, &on_seat(&app, who).await).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// One permission that is not held spoils the whole, wherever it stands among those that are.
#[tokio::test]
async fn one_permission_too_many_makes_no_token() {
    let app = harrow().await;
    let subset = &PEOPLE[1];
    admit(&app, subset).await;
    let browser = on_pages(&app, subset).await;
    let api = on_api(&app, &TOKENS[0]).await;
    let before = count(&app).await;
    for asked in [["devices.control", "tunnel"], ["tunnel", "devices.control"]] {
        for caller in [&browser, &api] {
            let verdict = caller.create(&asked, model::Reach::Workgroup).await;
            assert_eq!(verdict, Verdict::Forbidden, "{asked:?}");
        }
    }
    assert_eq!(count(&app).await, before);
}
