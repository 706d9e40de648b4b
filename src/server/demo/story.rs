//! The lives of the demonstration's tokens, played by the real use cases in the order in which things happened.

use super::build::{address_of, owned};
use super::calendar::salt;
use super::plan::{Maker, Opens, Plan, Site, Turn, Used, When};
use super::{legacy, mail};
use crate::domain::answers::IssuedToken;
use crate::domain::lifetime::Lifetime;
use crate::domain::rights::Seat;
use crate::domain::time::Time;
use crate::domain::token_draft::RawDraft;
use crate::domain::token_string::TokenString;
use crate::server::error::Result;
use crate::server::people::members;
use crate::server::state::AppState;
use crate::server::tokens::once::Made;
use crate::server::tokens::verify::{self, Presented};
use crate::server::tokens::{issue, reissue, renew, revoke};
use anyhow::Context;
use std::collections::BTreeMap;

/// A token that was made, with its strings so far: its holder needs them to renew.
pub struct Life {
    pub token_id: String,
    pub strings: Vec<TokenString>,
    pub used: Option<Used>,
    pub lagging: Option<Used>,
}

/// By place in the tables: the devices' own tokens first, then the others.
pub type Lives = BTreeMap<usize, Life>;

/// What happens; `None`: the token is issued.
type Event = (Time, usize, Option<Turn>);

/// From where a holder renews whose calls are not told.
const ELSEWHERE: &str = "198.51.100.250";

struct Story<'a> {
    past: &'a AppState,
    site: &'a Site,
    slug: &'a str,
}

pub async fn play(
    past: &AppState,
    site: &Site,
    slug: &str,
    now: Time,
    lives: &mut Lives,
) -> Result<()> {
    let story = Story { past, site, slug };
    for (at, key, turn) in events(site, now) {
        mail::pass(past, now, at).await?;
        match turn {
            None => drop(lives.insert(key, story.issue(key, lives).await?)),
            Some(turn) => story.turn(key, turn, lives).await?,
        }
    }
    Ok(())
}

/// Everything that happens to any token, oldest first.
fn events(site: &Site, now: Time) -> Vec<Event> {
    let mut events = Vec::new();
    for (key, device) in site.devices.iter().enumerate() {
        events.extend(device.revoked.map(|ago| (now - ago, key, Some(Turn::Revoked))));
    }
    for (place, plan) in site.tokens.iter().enumerate() {
        let key = site.devices.len() + place;
        let at = |when: When, lifetime: Lifetime| when.at(now, lifetime, salt(plan.owner));
        events.push((at(plan.made, plan.lifetime), key, None));
        events.extend(
            plan.turns.iter().map(|(when, turn)| (at(*when, plan.lifetime), key, Some(*turn))),
        );
    }
    events.sort_by_key(|(at, key, _)| (*at, *key));
    events
}

impl Story<'_> {
    /// The plan of a token that no device was registered with.
    fn plan(&self, key: usize) -> Option<&Plan> {
        key.checked_sub(self.site.devices.len()).and_then(|place| self.site.tokens.get(place))
    }

    async fn issue(&self, key: usize, lives: &Lives) -> Result<Life> {
        let plan = self.plan(key).context("a token without a plan")?;
        let (seat, address) = match plan.maker {
            Maker::Person(email) => self.person(email).await?,
            Maker::Token(owner) => self.token(owner, lives).await?,
        };
        if !plan.scopes.is_empty() {
            return legacy::import(self.past, &seat, plan, address).await;
        }
        let made = issue::issue(self.past, &seat, &raw(plan), address, None).await?;
        let issued = new(made)?;
        Ok(Life {
            token_id: issued.token.id,
            strings: vec![issued.string],
            used: plan.used,
            lagging: plan.lagging,
        })
    }

    async fn turn(&self, key: usize, turn: Turn, lives: &mut Lives) -> Result<()> {
        let plan = self.plan(key);
        let email = match plan.map(|plan| plan.maker) {
            Some(Maker::Person(email)) => email,
            Some(Maker::Token(_)) | None => "",
        };
        let (seat, address) = self.person(email).await?;
        let life = lives.get_mut(&key).context("a turn before its token was issued")?;
        let id = &life.token_id;
        match turn {
            Turn::Revoked => {
                revoke::revoke(self.past, &seat, id, false, address, None).await?;
            }
            Turn::Reissued(older) => {
                let made = reissue::reissue(self.past, &seat, id, older, address, None).await?;
                life.strings.push(new(made)?.string);
            }
            Turn::Renewed => {
                let from = life.used.map_or(ELSEWHERE, |used| used.from);
                let presented = self.present(life, from).await?;
                let text = life.strings.last().context("a token without a string")?.reveal();
                let issued = renew::renew(self.past, &presented, text, from).await?;
                life.strings.push(issued.string);
            }
        }
        Ok(())
    }

    /// A person's seat; the founder's when nobody is named.
    async fn person(&self, email: &'static str) -> Result<(Seat, Option<&'static str>)> {
        let email = if email.is_empty() { self.site.founder() } else { email };
        Ok((members::seat_of(self.past, self.slug, email).await?, address_of(email)))
    }

    /// The seat of the token of this owner.
    async fn token(&self, owner: &str, lives: &Lives) -> Result<(Seat, Option<&'static str>)> {
        let first = self.site.devices.len();
        let place = self.site.tokens.iter().position(|plan| plan.owner == owner);
        let life = place.and_then(|place| lives.get(&(first + place)));
        let life = life.context("a token was to be made by one that does not exist yet")?;
        let from = life.used.map_or(ELSEWHERE, |used| used.from);
        let presented = self.present(life, from).await?;
        let seat = presented.seat(&mut self.past.db.read().await?).await?;
        Ok((seat, Some(from)))
    }

    async fn present(&self, life: &Life, from: &str) -> Result<Presented> {
        let string = life.strings.last().context("a token without a string")?;
        verify::present(self.past, string.reveal(), from).await
    }
}

fn raw(plan: &Plan) -> RawDraft {
    let (device_group, device) = match plan.opens {
        Opens::Everything => ("", ""),
        Opens::Group(name) => (name, ""),
        Opens::Device(id) => ("", id),
    };
    RawDraft {
        owner: plan.owner.to_owned(),
        email: plan.email.to_owned(),
        name: plan.name.to_owned(),
        expires: plan.lifetime.code().to_owned(),
        can_renew: plan.can_renew,
        permissions: owned(plan.permissions),
        device_group: device_group.to_owned(),
        device: device.to_owned(),
        note: plan.note.to_owned(),
        rate_limit: String::new(),
    }
}

fn new(made: Made) -> Result<IssuedToken> {
    let issued = made.done_now().context("nothing was made, though no key was given")?;
    Ok(*issued)
}
