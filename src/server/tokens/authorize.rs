//! Authorize: may this string do this? Judged from memory, without a word to the database; its use is counted beside the path.

use super::usage::Use;
use super::verify::{malformed, refusal, unknown};
use crate::domain::demand::{Demand, DeviceAsked, Holder};
use crate::domain::device::DeviceGroup;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::status::StringState;
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::domain::token_string::TokenString;
use crate::domain::tombstone::KEPT;
use crate::server::grants::{Grant, Grave, Opens, Record};
use crate::server::secret::{self, Hash};
use crate::server::state::AppState;
use std::num::NonZeroU32;
use std::sync::Arc;
use uuid::fmt::Hyphenated;

/// A string as it was presented.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What stood behind `Bearer`.
    pub text: &'a str,
    /// The client's true address.
    pub address: &'a str,
    /// Whose API it is, by its slug; `None`: the API looks at the answer itself.
    pub workgroup: Option<&'a str>,
}

/// A live string.
#[derive(Debug)]
pub struct Live {
    record: Arc<Record>,
    pub number: u32,
    /// When the string stops working; `None`: never.
    pub ends_at: Option<Time>,
    /// The group that it is bound to, as it is now.
    pub group: Option<Arc<DeviceGroup>>,
}

impl Live {
    #[must_use]
    pub fn grant(&self) -> &Grant {
        match self.record.as_ref() {
            Record::Grant(grant) => grant,
            Record::Grave(_) => unreachable!("only a grant is ever found live"),
        }
    }

    /// The external id of the device that it belongs to.
    #[must_use]
    pub fn device(&self) -> Option<&str> {
        match &self.grant().opens {
            Opens::Device(id) => Some(id),
            _ => None,
        }
    }

    /// Whether it reaches the device with this external id.
    #[must_use]
    pub fn reaches(&self, external_id: &str) -> bool {
        let grant = self.grant();
        match &grant.opens {
            Opens::Workgroup => grant.home.device(external_id).is_some(),
            Opens::Device(own) => own.as_ref() == external_id,
            Opens::Group(_) => self.group.as_ref().is_some_and(|group| {
                grant.home.device(external_id).is_some_and(|device| group.contains(&device))
            }),
        }
    }
}

/// Whether a live string may do what is demanded.
pub fn judge(live: &Live, demand: &Demand) -> Result<(), Refusal> {
    let grant = live.grant();
    demand.judge(&Holder {
        kind: grant.kind(),
        permissions: &grant.permissions.names,
        bound: grant.bound(live.group.as_ref().map(|group| group.name.as_str())),
        reaches: &|id| live.reaches(id),
    })
}

/// Why not, and what goes with it.
#[derive(Debug)]
pub struct Denied {
    pub refusal: Box<Refusal>,
    /// The string lives: when it stops working.
    pub live: Option<Option<Time>>,
    /// Requests per minute, where there were too many.
    pub quota: Option<NonZeroU32>,
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Denied {
        Denied { refusal: refusal.into(), live: None, quota: None }
    }
}

/// The verdict on what the address of the call demands. `line` is asked once the string is known to live, for what the workgroup's
/// route policies demand beside it; a call that is refused for what it asks is charged too.
pub fn authorize(
    state: &AppState,
    asked: Asked<'_>,
    own: &Demand,
    line: impl FnOnce(&Grant) -> Result<Option<Demand>, Refusal>,
) -> Result<Live, Denied> {
    let now = state.now();
    let live = present(state, asked, now)?;
    let mut wanted = [None, None];
    let policy;
    let denied = match charge(state, &live) {
        Err(denied) => Some(denied),
        Ok(()) => match line(live.grant()) {
            Err(refusal) => Some(of_live(&live, refusal)),
            Ok(found) => {
                policy = found;
                wanted = [policy.as_ref(), Some(own)];
                let refused = judge_all(&live, policy.as_ref(), own).err();
                refused.map(|refusal| of_live(&live, refusal))
            }
        },
    };
    let refusal = denied.as_ref().map(|denied| denied.refusal.as_ref());
    count(state, &live, asked, now, refusal, wanted.into_iter().flatten());
    denied.map_or(Ok(live), Err)
}

/// A line of route policies names the device; the address may only ask for more.
fn judge_all(live: &Live, line: Option<&Demand>, own: &Demand) -> Result<(), Refusal> {
    let Some(line) = line else { return judge(live, own) };
    judge(live, line)?;
    if own.device == DeviceAsked::Unnamed {
        return judge(live, &Demand { device: DeviceAsked::Any, ..own.clone() });
    }
    judge(live, own)
}

/// A string that lives, uncharged and uncounted: for whoever asks about others.
pub fn present(state: &AppState, asked: Asked<'_>, now: Time) -> Result<Live, Refusal> {
    state.grants.require_fresh(&state.clock)?;
    in_the_index(state, asked, now)
}

/// The same, where the index is known to be fresh.
pub fn in_the_index(state: &AppState, asked: Asked<'_>, now: Time) -> Result<Live, Refusal> {
    let (record, hash) = find(state, asked, now)?;
    let grant = match record.as_ref() {
        Record::Grant(grant) => grant,
        Record::Grave(grave) => {
            state.usage.knock(&hash, now, asked.address);
            return Err(refusal(grave.why, grave.number.into(), grave.expires_at));
        }
    };
    let string = grant.strings.find(&hash).ok_or_else(unknown)?;
    let (ended, number) = (grant.state(string, now), string.number.get());
    if ended != StringState::Live {
        let refusal = refusal(ended, number.into(), string.expires_at.get());
        count_string(state, grant, number, asked, now, Some(refusal.code), std::iter::empty());
        return Err(refusal);
    }
    let group = match &grant.opens {
        Opens::Group(id) => Some(grant.home.group(id).ok_or_else(Refusal::internal)?),
        _ => None,
    };
    let ends_at = string.ends_at();
    Ok(Live { number, ends_at, group, record })
}

/// What the text leads to, within the workgroup that was named: of another one's tokens nothing is told.
fn find(state: &AppState, asked: Asked<'_>, now: Time) -> Result<(Arc<Record>, Hash), Refusal> {
    let checked = TokenString::check(asked.text);
    // Also of what is none of ours: a string of another system may have been imported by its hash, whatever it looks like.
    let hash = secret::sha256(asked.text.as_bytes());
    let kind = |record: &Record| match record {
        Record::Grant(grant) => grant.kind(),
        Record::Grave(grave) => grave.kind,
    };
    let stands = |record: &Record| match record {
        Record::Grant(_) => true,
        Record::Grave(Grave { removed_at, .. }) => *removed_at + KEPT > now,
    };
    let found = state.grants.find(&hash).filter(|record| stands(record));
    match (found, checked) {
        (Some(record), Err(why)) if kind(&record) != Kind::Legacy => Err(malformed(&why)),
        (Some(record), _) => match asked.workgroup {
            Some(slug) if record.home().slug.as_ref() != slug => Err(Refusal::new(
                Code::InvalidToken,
                format!("No token of the workgroup \u{201c}{slug}\u{201d} has this string."),
            )),
            _ => Ok((record, hash)),
        },
        (None, Err(why)) => Err(malformed(&why)),
        (None, Ok(_)) => Err(unknown()),
    }
}

/// Takes a request out of the token's minute.
pub fn charge(state: &AppState, live: &Live) -> Result<(), Denied> {
    let default = u32::try_from(state.config.rate_limit).ok().and_then(NonZeroU32::new);
    let charged = live.grant().charge(default.unwrap_or(NonZeroU32::MAX));
    charged.map_err(|(wait, quota)| {
        let seconds = i64::try_from(wait.as_secs() + 1).unwrap_or(i64::MAX);
        let refusal = Refusal {
            retry_after: Some(seconds),
            ..Refusal::new(
                Code::RateLimited,
                format!("This token may make {quota} requests a minute and has made them. Try again in {seconds} s."),
            )
        };
        Denied { quota: Some(quota), ..of_live(live, refusal) }
    })
}

/// Refused although the string lives.
#[must_use]
pub fn of_live(live: &Live, refusal: Refusal) -> Denied {
    Denied { refusal: refusal.into(), live: Some(live.ends_at), quota: None }
}

/// Counts one use of a live string for what was asked of it.
pub fn count<'a>(
    state: &AppState,
    live: &Live,
    asked: Asked<'_>,
    now: Time,
    refused: Option<&Refusal>,
    demands: impl Iterator<Item = &'a Demand> + Clone,
) {
    let code = refused.map(|refusal| refusal.code);
    count_string(state, live.grant(), live.number, asked, now, code, demands);
}

fn count_string<'a>(
    state: &AppState,
    grant: &Grant,
    number: u32,
    asked: Asked<'_>,
    at: Time,
    refused: Option<Code>,
    mut demands: impl Iterator<Item = &'a Demand> + Clone,
) {
    let permissions: Vec<&str> =
        demands.clone().flat_map(|demand| &demand.permissions).map(String::as_str).collect();
    let device = demands.find_map(|demand| match &demand.device {
        DeviceAsked::Named(id) => Some(id.as_str()),
        _ => None,
    });
    let mut id = [0; Hyphenated::LENGTH];
    state.usage.count(&Use {
        token_id: grant.id.hyphenated().encode_lower(&mut id),
        number: number.into(),
        at,
        from: asked.address,
        refused,
        permissions: &permissions,
        device,
    });
}
