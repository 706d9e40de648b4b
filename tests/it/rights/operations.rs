//! What stands already: every role shows, edits, reissues, retires and revokes every kind of token, and lists them.

use super::callers::Caller;
use super::model::{self, Operation, Principal, Reach, Verdict};
use super::place::{
    COMMAND_LINE, PEOPLE, TOKENS, admit, as_it_is, harrow, on_api, on_pages, on_seat, target,
};
use crate::test_app::TestApp;

/// Permissions and reach of the tokens that are operated on. Some hold more than most callers.
const TARGETS: [(&[&str], Reach); 9] = [
    (&["read"], Reach::Workgroup),
    (&["read", "devices.control"], Reach::Workgroup),
    (&["read", "access.manage"], Reach::Workgroup),
    (&["read", "tunnel"], Reach::Group("North")),
    (&["read", "devices.control"], Reach::Group("North")),
    (&["read"], Reach::Group("South")),
    (&["telemetry.send"], Reach::Device("pump-1")),
    (&["activations.read", "telemetry.send"], Reach::Device("pump-1")),
    (&["telemetry.send"], Reach::Device("pump-2")),
];

/// In this order, so that the last one is also the last that is possible.
const OPERATIONS: [Operation; 5] =
    [Operation::Show, Operation::Edit, Operation::Reissue, Operation::Retire, Operation::Revoke];

/// Does everything to a token of each sort. Gives every answer that differs from the model's.
async fn differences(app: &TestApp, who: &Principal, caller: &Caller<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (permissions, reach) in TARGETS {
        let id = target(app, permissions, reach).await.id;
        for operation in OPERATIONS {
            let before = as_it_is(app, &id).await;
            let expected = model::operate(who, operation, permissions, reach);
            let got = caller.operate(operation, &before).await;
            let changed = as_it_is(app, &id).await != before;
            let changes = expected == Verdict::Done && operation != Operation::Show;
            if got != expected || changed != changes {
                let case = format!("{}: {operation:?} of {permissions:?} on {reach:?}", who.name);
                wrong.push(format!("{case}: {got:?}, not {expected:?}; changed: {changed}"));
            }
        }
    }
    wrong
}

#[tokio::test]
async fn nobody_touches_what_they_may_not_on_the_pages() {
    let app = harrow().await;
    let mut wrong = Vec::new();
    for who in &PEOPLE {
        admit(&app, who).await;
        wrong.extend(differences(&app, who, &on_pages(&app, who).await).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn no_token_touches_what_it_may_not_over_the_api() {
    let app = harrow().await;
    let mut wrong = Vec::new();
    for who in &TOKENS {
        let caller = on_api(&app, who).await;
        wrong.extend(differences(&app, who, &caller).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_touches_what_they_may_not_on_their_seat() {
    let app = harrow().await;
    let mut wrong = Vec::new();
    for who in PEOPLE.iter().chain([&COMMAND_LINE]) {
        admit(&app, who).await;
        wrong.extend(differences(&app, who, &on_seat(&app, who).await).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Everybody lists exactly what they see.
async fn check_list(who: &Principal, caller: &Caller<'_>, tokens: &[(String, Reach)]) {
    let ids: Vec<_> = tokens.iter().map(|(id, _)| id.as_str()).collect();
    let seen = tokens.iter().filter(|(_, reach)| who.sees(*reach));
    let expected = match model::operate(who, Operation::Show, &[], Reach::Workgroup) {
        Verdict::NotFound if who.group.is_none() => Err(Verdict::NotFound),
        Verdict::Forbidden => Err(Verdict::Forbidden),
        _ => Ok(seen.map(|(id, _)| id.as_str()).collect::<Vec<_>>()),
    };
    assert_eq!(caller.list(&ids).await, expected, "{}", who.name);
}

#[tokio::test]
async fn the_list_holds_what_the_caller_sees_and_nothing_else() {
    let app = harrow().await;
    let mut tokens = Vec::new();
    for (permissions, reach) in TARGETS {
        tokens.push((target(&app, permissions, reach).await.id, reach));
    }
    for who in &PEOPLE {
        admit(&app, who).await;
        check_list(who, &on_pages(&app, who).await, &tokens).await;
        check_list(who, &on_seat(&app, who).await, &tokens).await;
    }
    check_list(&COMMAND_LINE, &on_seat(&app, &COMMAND_LINE).await, &tokens).await;
    for who in &TOKENS {
        check_list(who, &on_api(&app, who).await, &tokens).await;
    }
}
