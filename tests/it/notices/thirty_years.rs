//! Thirty years of daily sweeps with the server off on many days, against a model that knows nothing of the program: it looks
//! at every token every day and remembers what was told.

use super::model::{Claimed, Model, Rng};
use crate::test_app::TestApp;
use latchkey::domain::time::{HOUR, MINUTE, Time};
use latchkey::domain::token::{NumberedString, Older};
use latchkey::domain::token_draft::RawEdit;
use latchkey::server::notices::sweep;
use latchkey::server::tokens::{edit, reissue, renew, revoke, show, verify};
use sqlx::SqlitePool;

const DAYS: i64 = 30 * 365;
/// About one token in so many days.
const TOKEN_EVERY: u64 = 40;
const LIVES: [&str; 7] = ["7d", "14d", "1m", "2m", "3m", "6m", "1y"];
const ADDRESSES: [&str; 4] = ["a@x.example", "b@x.example", "c@x.example", "d@x.example"];

/// The installation and the model of it, moved together.
struct World {
    app: TestApp,
    model: Model,
    rng: Rng,
}

impl World {
    async fn issue(&mut self) {
        let (life, email) = (self.rng.of(&LIVES), self.rng.of(&ADDRESSES));
        let issued =
            self.app.token(|raw| (raw.expires, raw.email) = (life.into(), email.into())).await;
        let text = issued.string.reveal().to_owned();
        self.model.issue(&issued.token.id, email, &issued.token.strings[0], text);
    }

    /// Something happens to one token, as often as the dice say.
    async fn happen(&mut self, id: &str) {
        self.app.state.clock.advance(MINUTE);
        match self.rng.below(1000) {
            0..10 => self.renew(id).await,
            10..40 => self.use_one(id).await,
            40..42 => self.reissue(id).await,
            42..44 => self.move_away(id).await,
            44 => self.revoke(id).await,
            _ => {}
        }
    }

    async fn renew(&mut self, id: &str) {
        let Some((number, text)) = self.model.usable(id, self.app.state.now()) else { return };
        let state = &self.app.state;
        let presented = verify::present(state, &text, "192.0.2.1").await.unwrap();
        let made = renew::renew(state, &presented, &text, "192.0.2.1").await.unwrap();
        self.app.flush().await;
        self.model.used(id, number, state.now());
        let next = made.string.reveal().to_owned();
        self.model.grow(id, newest(&made.token.strings), next);
    }

    async fn use_one(&mut self, id: &str) {
        let Some((number, text)) = self.model.any_live(id, self.app.state.now(), &mut self.rng)
        else {
            return;
        };
        verify::present(&self.app.state, &text, "192.0.2.1").await.unwrap();
        self.app.flush().await;
        self.model.used(id, number, self.app.state.now());
    }

    async fn reissue(&mut self, id: &str) {
        let (app, now) = (&self.app, self.app.state.now());
        let older = self.rng.of(&[Older::Keep, Older::End7Days, Older::EndNow]);
        if !self.model.has_room(id, now) {
            return;
        }
        let made = reissue::reissue(&app.state, &app.seat(), id, older, None, None).await.unwrap();
        let made = made.done_now().unwrap();
        self.model.end_older(id, now, older.end(now));
        self.model.grow(id, newest(&made.token.strings), made.string.reveal().to_owned());
    }

    async fn move_away(&mut self, id: &str) {
        let (app, email) = (&self.app, self.rng.of(&ADDRESSES));
        let version = show::one(&app.state, &app.seat(), id).await.unwrap().version;
        let raw = RawEdit { version, email: Some(email.into()), ..RawEdit::default() };
        edit::edit(&app.state, &app.seat(), id, &raw, None).await.unwrap();
        self.model.move_to(id, email);
    }

    async fn revoke(&mut self, id: &str) {
        let app = &self.app;
        revoke::revoke(&app.state, &app.seat(), id, false, None, None).await.unwrap();
        self.model.revoke(id);
    }
}

fn newest(strings: &[NumberedString]) -> &NumberedString {
    strings.iter().max_by_key(|string| string.number).unwrap()
}

/// What the program claimed: token, number, stage, address, when.
async fn claimed(app: &TestApp) -> Vec<Claimed> {
    let url = format!("sqlite://{}?mode=ro", app.folder.path().join("latchkey.db").display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    let rows = sqlx::query_as(
        "select n.token_id, s.number, n.stage, n.address, n.claimed_at
        from notices n join token_strings s on s.id = n.string_id",
    );
    let mut rows: Vec<Claimed> = rows.fetch_all(&pool).await.unwrap();
    pool.close().await;
    rows.sort_by(|a, b| (a.4, a).cmp(&(b.4, b)));
    rows
}

#[tokio::test]
async fn each_stage_is_told_exactly_once_in_thirty_years() {
    let app = TestApp::new().await;
    let first = app.state.now().day() + 1;
    let mut world = World { app, model: Model::default(), rng: Rng(2026) };
    let mut letters = 0;
    for day in first..first + DAYS {
        let now = world.app.state.now();
        world.app.state.clock.advance(Time::of_day(day).0 - now.0);
        // Off for a day now and then, sometimes for weeks.
        if world.rng.below(10) == 0 || (day / 20) % 9 == 0 {
            continue;
        }
        if world.rng.below(TOKEN_EVERY) == 0 {
            world.issue().await;
        }
        for id in world.model.standing() {
            world.happen(&id).await;
        }
        let hour = 9 + i64::try_from(world.rng.below(12)).unwrap();
        world.app.state.clock.advance(Time::of_day(day).0 + hour * HOUR - world.app.state.now().0);
        let queued = sweep::run(&world.app.state).await.unwrap().queued;
        let told = world.model.sweep(world.app.state.now());
        assert_eq!(queued, told, "letters on day {}", day - first);
        letters += queued;
    }
    let (found, expected) = (claimed(&world.app).await, world.model.claimed());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
    assert!(letters > 300 && world.model.ends_told() > 100, "too quiet a life: {letters}");
}
