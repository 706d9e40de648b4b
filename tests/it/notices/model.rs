//! What the page *Mail* promises, written down a second time for one workgroup in UTC with the usual stages: naive, slow,
//! and without a line of the program.

use latchkey::domain::time::Time;
use latchkey::domain::token::NumberedString;
use std::collections::BTreeMap;

const DAY: i64 = 86_400;
const NEVER: i64 = i64::MAX;

/// Token, number, stage, address, when.
pub type Claimed = (String, i64, i64, String, i64);

/// The same dice in every run.
pub struct Rng(pub u64);

impl Rng {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

struct ModelString {
    number: i64,
    text: String,
    issued: i64,
    expires: i64,
    retired: i64,
    used: Option<i64>,
}

impl ModelString {
    fn ends(&self) -> i64 {
        self.expires.min(self.retired)
    }
}

struct ModelToken {
    email: String,
    revoked: bool,
    strings: Vec<ModelString>,
}

#[derive(Default)]
pub struct Model {
    tokens: BTreeMap<String, ModelToken>,
    claimed: Vec<Claimed>,
    /// The tightest stage told of token, number and address.
    told: BTreeMap<(String, i64, String), i64>,
}

impl Model {
    pub fn issue(&mut self, id: &str, email: &str, first: &NumberedString, text: String) {
        let token = ModelToken { email: email.into(), revoked: false, strings: Vec::new() };
        self.tokens.insert(id.into(), token);
        self.grow(id, first, text);
    }

    pub fn grow(&mut self, id: &str, string: &NumberedString, text: String) {
        let strings = &mut self.tokens.get_mut(id).unwrap().strings;
        if strings.iter().any(|known| known.number == string.number) {
            return;
        }
        strings.push(ModelString {
            number: string.number,
            text,
            issued: string.issued_at.0,
            expires: string.expires_at.unwrap().0,
            retired: NEVER,
            used: None,
        });
    }

    pub fn used(&mut self, id: &str, number: i64, now: Time) {
        let strings = &mut self.tokens.get_mut(id).unwrap().strings;
        let string = strings.iter_mut().find(|string| string.number == number).unwrap();
        string.used = Some(now.0 - now.0 % 60);
    }

    pub fn end_older(&mut self, id: &str, now: Time, end: Option<Time>) {
        let Some(end) = end else { return };
        let live = |string: &&mut ModelString| string.ends() > now.0 && string.ends() > end.0;
        for string in self.tokens.get_mut(id).unwrap().strings.iter_mut().filter(live) {
            string.retired = end.0;
        }
    }

    pub fn move_to(&mut self, id: &str, email: &str) {
        self.tokens.get_mut(id).unwrap().email = email.into();
    }

    pub fn revoke(&mut self, id: &str) {
        self.tokens.get_mut(id).unwrap().revoked = true;
    }

    /// Whatever is not revoked and has a string that is not long dead.
    pub fn standing(&self) -> Vec<String> {
        let latest = self.claimed.iter().map(|claim| claim.4).max().unwrap_or_default();
        let stands = |token: &ModelToken| {
            !token.revoked && token.strings.iter().any(|string| string.ends() > latest - 20 * DAY)
        };
        self.tokens.iter().filter(|(_, token)| stands(token)).map(|(id, _)| id.clone()).collect()
    }

    /// The newest live string, if one more may be made of it.
    pub fn usable(&self, id: &str, now: Time) -> Option<(i64, String)> {
        let live = self.live(id, now);
        let newest = live.last().filter(|_| live.len() < 10)?;
        Some((newest.number, newest.text.clone()))
    }

    pub fn any_live(&self, id: &str, now: Time, rng: &mut Rng) -> Option<(i64, String)> {
        let live = self.live(id, now);
        (!live.is_empty()).then(|| rng.of(&live)).map(|it| (it.number, it.text.clone()))
    }

    pub fn has_room(&self, id: &str, now: Time) -> bool {
        self.live(id, now).len() < 10
    }

    fn live(&self, id: &str, now: Time) -> Vec<&ModelString> {
        self.tokens[id].strings.iter().filter(|string| string.ends() > now.0).collect()
    }

    /// Tells what is due; gives how many letters that makes.
    pub fn sweep(&mut self, now: Time) -> u32 {
        let mut addresses: BTreeMap<&str, Vec<(&str, &ModelToken)>> = BTreeMap::new();
        for (id, token) in self.tokens.iter().filter(|(_, token)| !token.revoked) {
            addresses.entry(&token.email).or_default().push((id, token));
        }
        let (mut letters, mut claimed) = (0, Vec::new());
        for (email, tokens) in addresses {
            let due = |along: bool| {
                let of = |(id, token): &(&str, &ModelToken)| self.due(id, token, now.0, along);
                tokens.iter().flat_map(of).collect::<Vec<_>>()
            };
            let mut found = due(false);
            if found.iter().any(|(_, _, _, urgent)| *urgent) {
                found = due(true);
            }
            letters += u32::from(!found.is_empty());
            let claim = |(id, number, stage, _)| (id, number, stage, email.to_owned(), now.0);
            claimed.extend(found.into_iter().map(claim));
        }
        for claim in claimed {
            let key = (claim.0.clone(), claim.1, claim.3.clone());
            self.told.insert(key, claim.2);
            self.claimed.push(claim);
        }
        letters
    }

    /// Token, number, stage, and whether it would not wait for the notice hour.
    fn due(
        &self,
        id: &str,
        token: &ModelToken,
        now: i64,
        along: bool,
    ) -> Vec<(String, i64, i64, bool)> {
        let mut found = Vec::new();
        for (string, ends, whole) in ends(token, now) {
            let stages: Vec<_> =
                [14, 7, 1].into_iter().filter(|d| 2 * d * DAY <= ends - string.issued).collect();
            let mut best = None;
            for stage in &stages {
                let last = Some(stage) == stages.last();
                let morning = ends / DAY * DAY - stage * DAY + 8 * 3600;
                let at = if last { ends - stage * DAY } else { morning };
                let until = if along { now + DAY } else { now };
                if at <= until {
                    best = Some((*stage, last));
                }
            }
            if whole && ends <= now {
                best = Some((0, true));
            }
            let Some((stage, urgent)) = best else { continue };
            let key = (id.to_owned(), string.number, token.email.clone());
            if self.told.get(&key).is_none_or(|told| stage < *told) {
                found.push((id.to_owned(), string.number, stage, urgent));
            }
        }
        found
    }

    /// In the order of their telling.
    pub fn claimed(&self) -> Vec<Claimed> {
        let mut claimed = self.claimed.clone();
        claimed.sort_by(|a, b| (a.4, a).cmp(&(b.4, b)));
        claimed
    }

    pub fn ends_told(&self) -> usize {
        self.claimed.iter().filter(|claim| claim.2 == 0).count()
    }
}

/// What ends and concerns somebody: the token with its longest string, and older strings that are still used.
fn ends(token: &ModelToken, now: i64) -> Vec<(&ModelString, i64, bool)> {
    let standing = token.strings.iter().filter(|string| string.retired == NEVER);
    let longest = standing.rev().max_by_key(|string| string.expires);
    let mut found: Vec<_> =
        longest.into_iter().map(|string| (string, string.expires, true)).collect();
    let live: Vec<_> = token.strings.iter().filter(|string| string.ends() > now).collect();
    for string in &live {
        if longest.is_some_and(|longest| longest.number == string.number) {
            continue;
        }
        let newer: Vec<_> = live.iter().filter(|other| other.ends() > string.ends()).collect();
        let Some(since) = newer.iter().map(|other| other.issued).min() else { continue };
        let moved = newer.iter().any(|other| other.used.is_some());
        let in_use =
            string.used.is_some_and(|used| used >= now - 7 * DAY && (!moved || used > since));
        if in_use {
            found.push((string, string.ends(), false));
        }
    }
    found
}
