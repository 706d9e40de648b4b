//! Random operations from two processes; after each, every verdict from memory is compared with one made from the database.

use super::beside;
use crate::api::on_each;
use crate::test_app::TestApp;
use latchkey::domain::demand::{Bound, Demand, DeviceAsked, Holder};
use latchkey::domain::legacy_row::{LegacyRow, RawLegacyRow};
use latchkey::domain::time::DAY;
use latchkey::domain::token::{Kind, Older, Reach};
use latchkey::domain::token_draft::{RawDraft, RawEdit};
use latchkey::server::devices::groups::{Consent, edit as edit_group};
use latchkey::server::devices::groups::{RawGroupEdit, RawRule};
use latchkey::server::devices::register::{RawDevice, register};
use latchkey::server::devices::remove;
use latchkey::server::secret::sha256;
use latchkey::server::state::AppState;
use latchkey::server::store;
use latchkey::server::tokens::authorize::{Asked, judge, present};
use latchkey::server::tokens::{
    edit, import, issue, purge, reissue, renew, retire, revoke, verify,
};
use std::fmt::Write;

const STEPS: u32 = 60;
const DEVICES: [&str; 3] = ["pump-1", "pump-2", "pump-3"];

/// xorshift64: the same seed makes the same run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[self.roll(of.len())])
    }
}

struct World<'a> {
    app: &'a TestApp,
    /// Every string that ever was, with those of another system.
    strings: Vec<String>,
    tokens: Vec<String>,
    groups: Vec<String>,
}

fn questions() -> Vec<Demand> {
    let named = |id: &str| DeviceAsked::Named(id.to_owned());
    let ask = |kind, permission: Option<&str>, device| Demand {
        kind,
        permissions: permission.into_iter().map(str::to_owned).collect(),
        device,
    };
    let mut all = vec![
        Demand::default(),
        ask(Some(Kind::Access), None, DeviceAsked::Any),
        ask(Some(Kind::Device), None, DeviceAsked::Any),
        ask(None, Some("read"), DeviceAsked::Any),
        ask(None, Some("tunnel"), DeviceAsked::Any),
    ];
    all.extend(DEVICES.map(|id| ask(None, None, named(id))));
    all
}

/// The verdicts on every question, from the database alone.
async fn from_database(state: &AppState, string: &str, questions: &[Demand]) -> String {
    let presented = match verify::present(state, string, "192.0.2.9").await {
        Ok(presented) => presented,
        Err(error) => return error.into_refusal().code.as_str().to_owned(),
    };
    let (token, home) = (&presented.token, &presented.workgroup.id);
    let mut reader = state.db.read().await.unwrap();
    let mut reached = Vec::new();
    for id in DEVICES {
        let found = store::devices::find_by_external_id(&mut reader, home, id).await.unwrap();
        let inside = match (&token.reach, found) {
            (Reach::Device { external_id, .. }, _) => external_id == id,
            (_, None) => false,
            (Reach::Workgroup, Some(_)) => true,
            (Reach::Group { id, .. }, Some(device)) => {
                let group = store::groups::find_by_id(&mut reader, id).await.unwrap().unwrap();
                group.contains(&device)
            }
        };
        reached.extend(inside.then_some(id));
    }
    let bound = match &token.reach {
        Reach::Workgroup => Bound::Workgroup,
        Reach::Group { name, .. } => Bound::Group(name),
        Reach::Device { external_id, .. } => Bound::Device(external_id),
    };
    let reaches = |id: &str| reached.contains(&id);
    let holder =
        Holder { kind: token.kind, permissions: &token.permissions, bound, reaches: &reaches };
    words(questions.iter().map(|demand| demand.judge(&holder).err().map(|it| it.code.as_str())))
}

/// The same from memory.
fn from_memory(state: &AppState, string: &str, questions: &[Demand]) -> String {
    let asked = Asked { text: string, address: "192.0.2.9", workgroup: None };
    match present(state, asked, state.now()) {
        Err(refusal) => refusal.code.as_str().to_owned(),
        Ok(live) => words(
            questions.iter().map(|demand| judge(&live, demand).err().map(|it| it.code.as_str())),
        ),
    }
}

fn words<'a>(verdicts: impl Iterator<Item = Option<&'a str>>) -> String {
    verdicts.fold(String::new(), |mut all, verdict| {
        write!(all, "{} ", verdict.unwrap_or("yes")).unwrap();
        all
    })
}

impl World<'_> {
    async fn create(&mut self, state: &AppState, dice: &mut Dice) -> &'static str {
        let mut raw = RawDraft {
            owner: "Somebody".into(),
            email: "ops@north.example".into(),
            expires: (*dice.one(&["7d", "14d", "1m"]).unwrap()).into(),
            can_renew: true,
            permissions: vec!["read".into()],
            ..RawDraft::default()
        };
        if dice.roll(2) == 0 {
            raw.permissions.push("tunnel".into());
        }
        if dice.roll(3) == 0 {
            raw.device_group = ["North", "South"][dice.roll(2)].into();
        }
        if let Ok(made) = issue::issue(state, &self.app.seat(), &raw, None, None).await {
            let issued = *made.done_now().unwrap();
            self.strings.push(issued.string.reveal().to_owned());
            self.tokens.push(issued.token.id);
        }
        "create"
    }

    async fn register(&mut self, state: &AppState, dice: &mut Dice) -> &'static str {
        let id = *dice.one(&DEVICES).unwrap();
        let site = ["north", "south"][dice.roll(2)];
        let metadata = vec![("site".to_owned(), site.to_owned())];
        let raw =
            RawDevice { external_id: id.into(), name: id.into(), metadata, ..Default::default() };
        if let Ok((_, issued)) = register(state, &self.app.seat(), &raw, None).await {
            self.strings.push(issued.string.reveal().to_owned());
            self.tokens.push(issued.token.id);
        }
        "register"
    }

    async fn remove_device(&self, state: &AppState, dice: &mut Dice) -> &'static str {
        let id = *dice.one(&DEVICES).unwrap();
        let mut reader = state.db.read().await.unwrap();
        let home = &self.app.harrow.id;
        let found = store::devices::find_by_external_id(&mut reader, home, id).await.unwrap();
        drop(reader);
        if let Some(device) = found {
            let _ = remove::remove(state, &self.app.seat(), &device.id, None).await;
        }
        "remove a device"
    }

    async fn edit_group(&self, state: &AppState, dice: &mut Dice) -> &'static str {
        let listed = || DEVICES.iter().take(2).map(ToString::to_string).collect();
        let rule = match dice.roll(3) {
            0 => RawRule::In(listed()),
            1 => RawRule::NotIn(listed()),
            _ => RawRule::Metadata { key: "site".into(), value: "north".into() },
        };
        let id = dice.one(&self.groups).unwrap();
        for version in 1..STEPS.into() {
            let raw = RawGroupEdit { version, name: None, rule: Some(rule.clone()) };
            let seat = self.app.seat();
            if edit_group(state, &seat, id, &raw, Consent::Given, None).await.is_ok() {
                break;
            }
        }
        "edit a group"
    }

    async fn import(&mut self, state: &AppState, dice: &mut Dice) -> &'static str {
        let text = format!("old key {}", dice.roll(3));
        let hash: String =
            sha256(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        let expires = (state.now() + 20 * DAY).rfc3339();
        let raw = RawLegacyRow {
            owner: "Old portal",
            email: "old@north.example",
            sha256: &hash,
            expires_at: &expires,
            scopes: "plant.all",
            ..RawLegacyRow::default()
        };
        let row = LegacyRow::parse(&raw, state.now()).unwrap();
        let mut tx = state.db.begin().await.unwrap();
        if let Ok(token) = import::import(state, &mut tx, &self.app.seat(), &row, None).await {
            state.commit(tx).await.unwrap();
            self.tokens.push(token.id);
        }
        self.strings.push(text);
        "import"
    }

    async fn with_string(&mut self, state: &AppState, dice: &mut Dice) -> &'static str {
        let Some(string) = dice.one(&self.strings).cloned() else { return "nothing" };
        let Ok(presented) = verify::present(state, &string, "192.0.2.9").await else {
            return "nothing";
        };
        match dice.roll(8) {
            0 => {
                let _ = revoke::revoke_by_holder(state, &presented, None).await;
                "revoke by the holder"
            }
            1 | 2 => {
                let _ = retire::retire_older(state, &presented, None).await;
                "retire older ones"
            }
            _ => {
                if let Ok(issued) = renew::renew(state, &presented, &string, "192.0.2.9").await {
                    self.strings.push(issued.string.reveal().to_owned());
                }
                "renew"
            }
        }
    }

    async fn with_token(&mut self, state: &AppState, dice: &mut Dice) -> &'static str {
        let Some(id) = dice.one(&self.tokens).cloned() else { return "nothing" };
        let seat = self.app.seat();
        match dice.roll(6) {
            0 => {
                let _ = revoke::revoke(state, &seat, &id, false, None, None).await;
                "revoke"
            }
            1 => {
                let raw =
                    RawEdit { version: 1, rate_limit: Some("7".into()), ..RawEdit::default() };
                let _ = edit::edit(state, &seat, &id, &raw, None).await;
                "edit"
            }
            2 => {
                let _ = retire::retire(state, &seat, &id, 1, None, None).await;
                "retire"
            }
            _ => {
                let older = Older::ALL[dice.roll(Older::ALL.len())];
                if let Ok(made) = reissue::reissue(state, &seat, &id, older, None, None).await {
                    let issued = made.done_now().unwrap();
                    self.strings.push(issued.string.reveal().to_owned());
                }
                "reissue"
            }
        }
    }

    async fn step(&mut self, state: &AppState, dice: &mut Dice) -> &'static str {
        match dice.roll(12) {
            0..3 => self.create(state, dice).await,
            3 => self.register(state, dice).await,
            4 => self.remove_device(state, dice).await,
            5 => self.edit_group(state, dice).await,
            6 => self.import(state, dice).await,
            7 | 8 => self.with_string(state, dice).await,
            9 | 10 => self.with_token(state, dice).await,
            _ => {
                self.app.pass_days([1, 4, 15, 29][dice.roll(4)]);
                let _ = purge::run(state).await;
                "time"
            }
        }
    }
}

#[tokio::test]
async fn what_is_said_from_memory_is_what_the_database_says() {
    for seed in [1, 77, 4_096, 987_654_321] {
        on_each(async |app| run(&app, seed).await).await;
    }
}

async fn run(app: &TestApp, seed: u64) {
    let first =
        RawDevice { external_id: "pump-1".into(), name: "One".into(), ..Default::default() };
    register(&app.state, &app.seat(), &first, None).await.unwrap();
    let mut groups = Vec::new();
    for name in ["North", "South"] {
        let rule = RawRule::In(vec!["pump-1".into()]);
        groups.push(crate::pages::device_groups::group(app, name, rule).await.id);
    }
    let other = beside(app).await;
    let mut world = World { app, strings: Vec::new(), tokens: Vec::new(), groups };
    let (mut dice, questions, mut told) =
        (Dice(seed), questions(), std::collections::BTreeSet::new());
    for step in 0..STEPS {
        let (actor, onlooker) = match dice.roll(2) {
            0 => (&app.state, &other),
            _ => (&other, &app.state),
        };
        let deed = world.step(actor, &mut dice).await;
        latchkey::server::grants::follow(&onlooker.db, &onlooker.clock, &onlooker.grants)
            .await
            .unwrap();
        for string in &world.strings {
            let truth = from_database(actor, string, &questions).await;
            for state in [actor, onlooker] {
                let said = from_memory(state, string, &questions);
                assert_eq!(said, truth, "seed {seed}, step {step}: {deed}");
            }
            told.extend(truth.split_whitespace().map(str::to_owned));
        }
    }
    assert!(told.len() >= 5, "too little happened with seed {seed}: {told:?}");
}
