//! Counts and strip: kept along with every change, they always equal a recount of the rows.

use super::{apps, engine};
use crate::test_app::TestApp;
use latchkey::domain::device::{Device, DeviceGroup};
use latchkey::domain::lifetime::Lifetime;
use latchkey::domain::notice::Stages;
use latchkey::domain::policy_draft::RawPolicy;
use latchkey::domain::rights::{Rights, Seat};
use latchkey::domain::status::TokenStatus;
use latchkey::domain::time::{DAY, Time};
use latchkey::domain::token::{Older, Reach, Token};
use latchkey::domain::token_draft::{RawDraft, RawEdit};
use latchkey::domain::token_list::{Counts, DayCount, TokenQuery};
use latchkey::domain::workgroup::Workgroup;
use latchkey::server::administration::policy;
use latchkey::server::devices::groups::{self, RawGroup, RawRule};
use latchkey::server::devices::register::{self, RawDevice};
use latchkey::server::error::{Error, Result};
use latchkey::server::store;
use latchkey::server::tokens::{edit, issue, list, reissue, renew, retire, revoke, verify};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// One thing that happens to a workgroup. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Event {
    Issue(Lifetime, usize),
    Edit(usize, Lifetime),
    Reissue(usize, Older),
    Renew(usize),
    Retire(usize, i64),
    Revoke(usize),
    Stages(Vec<i64>),
    Pass(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let lifetime = || proptest::sample::select(Lifetime::ALL.to_vec());
    let older = proptest::sample::select(Older::ALL.to_vec());
    let which = || 0..40_usize;
    // A few seconds, whole days, and most of a year: edges, and everything expired.
    let pass = prop_oneof![1..90_i64, (1..40_i64).prop_map(|days| days * DAY), 1..(300 * DAY)];
    prop_oneof![
        4 => (lifetime(), 0..4_usize).prop_map(|(lifetime, reach)| Event::Issue(lifetime, reach)),
        2 => (which(), lifetime()).prop_map(|(token, lifetime)| Event::Edit(token, lifetime)),
        4 => (which(), older).prop_map(|(token, older)| Event::Reissue(token, older)),
        3 => which().prop_map(Event::Renew),
        2 => (which(), 1..5_i64).prop_map(|(token, number)| Event::Retire(token, number)),
        1 => which().prop_map(Event::Revoke),
        2 => prop::collection::vec(1..91_i64, 1..6).prop_map(Event::Stages),
        4 => pass.prop_map(Event::Pass),
    ]
}

/// A workgroup of its own in which events happen, with two devices, one of them in a group.
struct World<'a> {
    app: &'a TestApp,
    seat: Seat,
    devices: Vec<Device>,
    group: DeviceGroup,
    /// Every string that was ever shown.
    strings: Vec<String>,
}

impl<'a> World<'a> {
    async fn new(app: &'a TestApp) -> World<'a> {
        let mut workgroup: Workgroup = app.workgroup("World", "ada@harrow.example").await;
        workgroup.policy.non_expiring = true;
        let mut world = World {
            app,
            seat: Seat { workgroup, ..app.seat() },
            devices: Vec::new(),
            group: DeviceGroup {
                id: String::new(),
                name: String::new(),
                rule: latchkey::domain::device::GroupRule::In([].into()),
            },
            strings: Vec::new(),
        };
        for id in ["inside", "outside"] {
            let raw = RawDevice { external_id: id.into(), name: id.into(), ..RawDevice::default() };
            let (device, issued) =
                register::register(&app.state, &world.seat, &raw, None).await.unwrap();
            world.devices.push(device);
            world.strings.push(issued.string.reveal().to_owned());
        }
        let raw = RawGroup { name: "Bound".into(), rule: RawRule::In(vec!["inside".into()]) };
        world.group = groups::create(&app.state, &world.seat, &raw, None).await.unwrap().group;
        world
    }

    fn bound(&self) -> Seat {
        Seat {
            rights: Rights { group: Some(self.group.clone()), ..Rights::owner() },
            ..self.seat.clone()
        }
    }

    /// Every token, read one by one: not through what the list narrows.
    async fn tokens(&self) -> Vec<Token> {
        let query = TokenQuery { revoked: true, ..TokenQuery::default() };
        list::list(&self.app.state, &self.seat, &query, 1000).await.unwrap().items
    }

    /// A refusal is an outcome like another; a fault is not.
    async fn happen(&mut self, event: &Event) {
        let outcome = self.try_to(event).await;
        if let Err(Error::Fault(fault)) = outcome {
            panic!("{event:?} on {}: {fault:#}", engine(self.app));
        }
    }

    async fn try_to(&mut self, event: &Event) -> Result<()> {
        let (state, seat) = (&self.app.state, &self.seat);
        let mut ids: Vec<_> =
            self.tokens().await.into_iter().map(|token| (token.id, token.version)).collect();
        ids.sort();
        let token = |which: &usize| &ids[which % ids.len()];
        let made = match event {
            Event::Issue(lifetime, reach) => {
                issue::issue(state, seat, &draft(*lifetime, *reach), None, None).await?.done_now()
            }
            Event::Reissue(which, older) => {
                reissue::reissue(state, seat, &token(which).0, *older, None, None).await?.done_now()
            }
            Event::Renew(which) => {
                let text = &self.strings[which % self.strings.len()];
                let presented = verify::present(state, text, "192.0.2.7").await?;
                Some(Box::new(renew::renew(state, &presented, text, "192.0.2.7").await?))
            }
            Event::Edit(which, lifetime) => {
                let (id, version) = token(which);
                let expires = Some(lifetime.code().into());
                let raw = RawEdit { version: *version, expires, ..RawEdit::default() };
                return edit::edit(state, seat, id, &raw, None).await.map(drop);
            }
            Event::Retire(which, number) => {
                return retire::retire(state, seat, &token(which).0, *number, None, None)
                    .await
                    .map(drop);
            }
            Event::Revoke(which) => {
                return revoke::revoke(state, seat, &token(which).0, false, None, None)
                    .await
                    .map(drop);
            }
            Event::Stages(days) => {
                let days: Vec<_> = days.iter().map(ToString::to_string).collect();
                let raw = RawPolicy { notice_stages: Some(days.join(",")), ..RawPolicy::default() };
                return policy::edit(state, seat, &raw, None).await.map(drop);
            }
            Event::Pass(seconds) => {
                state.clock.advance(*seconds);
                None
            }
        };
        self.strings.extend(made.map(|issued| issued.string.reveal().to_owned()));
        Ok(())
    }

    /// Holds what is kept against what is there, for an unbound and a bound seat.
    async fn check(&self, event: &Event) {
        let (state, tokens) = (&self.app.state, self.tokens().await);
        for seat in [&self.seat, &self.bound()] {
            let seen = || tokens.iter().filter(|token| seat.sees(token, self.device_of(token)));
            let answer = list::list(state, seat, &TokenQuery::default(), 1000).await.unwrap();
            let who = format!(
                "after {event:?} on {}, bound: {}",
                engine(self.app),
                seat.rights.group.is_some()
            );
            assert_eq!(answer.counts, recount(seen(), state.now()), "{who}");
            assert_eq!(answer.strip, restrip(seen(), state.now()), "{who}");
            assert_eq!(
                answer.items.len(),
                seen().filter(|token| token.revoked_at.is_none()).count(),
                "{who}"
            );
        }
        let stages = self.stages().await;
        for token in &tokens {
            assert_eq!(token.expires_at, latest_end(token), "{event:?}: {token:?}");
            if token.status(state.now()) != TokenStatus::Expired && token.revoked_at.is_none() {
                assert_eq!(token.expiring_at, nears(token, &stages), "{event:?}: {token:?}");
            }
        }
    }

    /// The notice stages as they are stored now.
    async fn stages(&self) -> Stages {
        let mut reader = self.app.state.db.read().await.unwrap();
        let found = store::workgroups::find_by_id(&mut reader, &self.seat.workgroup.id).await;
        found.unwrap().unwrap().policy.stages
    }

    fn device_of(&self, token: &Token) -> Option<&Device> {
        let Reach::Device { id, .. } = &token.reach else { return None };
        self.devices.iter().find(|device| device.id == *id)
    }
}

fn draft(lifetime: Lifetime, reach: usize) -> RawDraft {
    let (device_group, device) = [("", ""), ("Bound", ""), ("", "inside"), ("", "outside")][reach];
    RawDraft {
        owner: "North".into(),
        email: "ops@north.example".into(),
        expires: lifetime.code().into(),
        can_renew: true,
        device_group: device_group.into(),
        device: device.into(),
        ..RawDraft::default()
    }
}

fn recount<'a>(tokens: impl Iterator<Item = &'a Token>, now: Time) -> Counts {
    let mut counts = Counts::default();
    for token in tokens {
        match token.status(now) {
            TokenStatus::Active => counts.active += 1,
            TokenStatus::Expiring => counts.expiring += 1,
            TokenStatus::Expired => counts.expired += 1,
            TokenStatus::Revoked => counts.revoked += 1,
        }
        counts.never += i64::from(token.revoked_at.is_none() && token.expires_at.is_none());
    }
    counts
}

/// The days from today to 366 days on, on which something expires.
fn restrip<'a>(tokens: impl Iterator<Item = &'a Token>, now: Time) -> Vec<DayCount> {
    let standing = tokens.filter(|token| token.revoked_at.is_none());
    let mut days = std::collections::BTreeMap::new();
    for day in standing.filter_map(|token| token.expires_at).map(Time::day) {
        if (now.day()..=now.day() + 366).contains(&day) {
            *days.entry(day).or_insert(0) += 1;
        }
    }
    days.into_iter().map(|(day, tokens)| DayCount { day, tokens }).collect()
}

/// The latest end among the strings that are not retired; `None` if one never ends.
fn latest_end(token: &Token) -> Option<Time> {
    let standing: Vec<_> =
        token.strings.iter().filter(|string| string.retired_at.is_none()).collect();
    let endless = standing.iter().any(|string| string.expires_at.is_none());
    if endless { None } else { standing.iter().filter_map(|string| string.expires_at).max() }
}

/// When the first stage begins that fits the life of the string which ends last.
fn nears(token: &Token, stages: &Stages) -> Option<Time> {
    let standing = token.strings.iter().filter(|string| string.retired_at.is_none());
    let mut last: Vec<_> =
        standing.filter(|string| string.expires_at == token.expires_at).collect();
    last.sort_by_key(|string| string.number);
    token.expires_at.map(|end| stages.expiring_at(last[0].issued_at, end))
}

async fn live_through(app: &TestApp, events: &[Event]) {
    let mut world = World::new(app).await;
    for event in events {
        world.happen(event).await;
        world.check(event).await;
    }
}

/// Whatever happens, in whatever order.
#[test]
fn counts_and_strip_equal_a_recount_whatever_happens() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for app in runtime.block_on(apps()) {
        let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
        let lives = prop::collection::vec(event(), 10..30);
        let outcome = TestRunner::new(config).run(&lives, |events| {
            let lived =
                std::panic::AssertUnwindSafe(|| runtime.block_on(live_through(&app, &events)));
            lived();
            Ok(())
        });
        outcome.unwrap_or_else(|why| panic!("{}: {why}", engine(&app)));
    }
}

#[tokio::test]
async fn a_shortened_lifetime_does_not_shorten_a_token_whose_older_string_lives_longer() {
    for app in apps().await {
        let mut world = World::new(&app).await;
        let raw = draft(Lifetime::Years1, 0);
        let made = issue::issue(&app.state, &world.seat, &raw, None, None)
            .await
            .unwrap()
            .done_now()
            .unwrap();
        let (id, year) = (made.token.id.clone(), made.token.expires_at);
        let raw = RawEdit { version: 1, expires: Some("7d".into()), ..RawEdit::default() };
        edit::edit(&app.state, &world.seat, &id, &raw, None).await.unwrap();
        let reissued =
            reissue::reissue(&app.state, &world.seat, &id, Older::Keep, None, None).await.unwrap();
        assert_eq!(reissued.done_now().unwrap().token.expires_at, year, "{}", engine(&app));
        world.happen(&Event::Pass(8 * DAY)).await;
        let token = world.tokens().await.into_iter().find(|token| token.id == id).unwrap();
        assert_eq!(token.status(app.state.now()), TokenStatus::Active);
        world.check(&Event::Pass(0)).await;
    }
}
