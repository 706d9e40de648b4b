//! One string that ends beside a newer one: told while somebody still uses it, and only then.

use super::{call, quiet_token, renew_from, said, to, told};
use crate::database::ask;
use crate::test_app::TestApp;
use latchkey::domain::time::{DAY, HOUR};
use latchkey::domain::token::Older;
use latchkey::server::tokens::reissue;

const A: &str = "a@north.example";
const HERE: &str = "192.0.2.1";

#[tokio::test]
async fn a_string_that_is_still_used_beside_a_newer_one_is_told_of() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "3m").await;
    let old = issued.string.reveal();
    call(&app, old, HERE).await;
    app.pass_days(60);
    let next = renew_from(&app, old, HERE).await;
    for day in 0..32 {
        app.pass_days(1);
        if day % 3 == 0 {
            call(&app, old, HERE).await;
            call(&app, &next, HERE).await;
        }
        app.tick().await;
    }
    let claimed =
        "select number || ' ' || stage from notices n join token_strings s on s.id = n.string_id
        order by claimed_at";
    assert_eq!(ask(&app, claimed).await, ["1 14", "1 7", "1 1"], "its end itself is not told");
}

#[tokio::test]
async fn a_token_that_renews_on_schedule_and_moves_to_its_new_string_makes_no_mail() {
    for (expires, every, days) in [("7d", 5, 60), ("3m", 70, 400)] {
        let app = TestApp::new().await;
        let issued = quiet_token(&app, A, expires).await;
        let mut string = issued.string.reveal().to_owned();
        let mut letters = Vec::new();
        for day in 1..=days {
            app.pass_days(1);
            if day % every == 0 {
                string = renew_from(&app, &string, HERE).await;
                app.state.clock.advance(60);
            }
            call(&app, &string, HERE).await;
            app.tick().await;
            letters.extend(app.deliver_mail().await);
        }
        assert_eq!(said(letters), [], "{expires}");
    }
}

#[tokio::test]
async fn use_that_begins_late_is_told_at_the_next_look() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "3m").await;
    app.pass_days(40);
    let (seat, id) = (app.seat(), &issued.token.id);
    reissue::reissue(&app.state, &seat, id, Older::End7Days, None, None).await.unwrap();
    // Its last stage is due in six days, its 7 days now.
    assert!(told(&app).await.is_empty(), "nobody uses it");
    call(&app, issued.string.reveal(), HERE).await;
    app.state.clock.advance(22 * HOUR);
    assert_eq!(to(&told(&app).await), [A]);
    app.pass_days(5);
    app.state.clock.advance(2 * HOUR);
    assert_eq!(to(&told(&app).await), [A], "a day before it ends");
    app.pass_days(1);
    assert!(told(&app).await.is_empty());
}

#[tokio::test]
async fn a_string_that_fell_out_of_use_before_the_letter_went_is_not_told_of() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "3m").await;
    app.pass_days(60);
    renew_from(&app, issued.string.reveal(), HERE).await;
    app.state.clock.advance(18 * DAY - HOUR);
    call(&app, issued.string.reveal(), HERE).await;
    app.state.clock.advance(HOUR);
    assert_eq!(app.tick().await.swept.queued, 1);
    app.pass_days(8);
    assert_eq!(said(app.deliver_mail().await), []);
}
