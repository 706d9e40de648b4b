//! The sweep: what has come near its end since the last one, and who is told of it. What an address is told is claimed in the
//! transaction that owes it the letter, so that two servers tell it once.

use super::{Letter, owe};
use crate::domain::notice::{self, Due, Look, Rules, Told};
use crate::domain::time::{DAY, HOUR, Time};
use crate::domain::token::Token;
use crate::domain::user::Email;
use crate::domain::workgroup::Workgroup;
use crate::server::clock_guard;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, notices::Notice};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// Tokens that are asked for at once; the others come with the next question.
const ASKED_FOR: i64 = 10_000;
/// Addresses in one transaction, and how long it may keep other writers waiting: whichever comes first ends a batch.
const ADDRESSES_AT_ONCE: usize = 50;
const NO_LONGER_THAN: Duration = Duration::from_millis(30);
/// Tokens of one address in one letter; what is beyond goes in a further one.
const TOKENS_AT_ONCE: i64 = 500;

/// What came of a sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Letters that were queued.
    pub queued: u32,
    /// Tokens that were looked at.
    pub looked_at: u32,
}

/// Looks at every token that is due for it, and owes the letters that follow. Does nothing while the clock is doubted.
pub async fn run(state: &AppState) -> Result<Swept> {
    let mut swept = Swept::default();
    let Some(now) = clock_guard::believed(state).await? else { return Ok(swept) };
    loop {
        let due = store::looks::list_due(&mut state.db.read().await?, now, ASKED_FOR).await?;
        if due.is_empty() {
            return Ok(swept);
        }
        let mut waiting = due.iter().peekable();
        while waiting.peek().is_some() {
            batch(state, now, &mut waiting, &mut swept).await?;
            tokio::task::yield_now().await;
        }
    }
}

/// Some addresses in one transaction.
async fn batch<'a>(
    state: &AppState,
    now: Time,
    waiting: &mut impl Iterator<Item = &'a (String, String)>,
    swept: &mut Swept,
) -> Result<()> {
    let (mut done, mut workgroups) = (Swept::default(), BTreeMap::new());
    let mut tx = state.db.begin().await?;
    let began = Instant::now();
    for (workgroup_id, email) in waiting.by_ref().take(ADDRESSES_AT_ONCE) {
        if !workgroups.contains_key(workgroup_id) {
            let found = store::workgroups::find_by_id(&mut tx, workgroup_id).await?;
            workgroups.insert(workgroup_id.clone(), found);
        }
        if let Some(Some(workgroup)) = workgroups.get(workgroup_id) {
            address(state, &mut tx, now, workgroup, email, &mut done).await?;
        }
        if began.elapsed() >= NO_LONGER_THAN {
            break;
        }
    }
    state.commit(tx).await?;
    swept.queued += done.queued;
    swept.looked_at += done.looked_at;
    Ok(())
}

/// A token of the address, with what it was told of it and what a look finds.
struct Seen {
    token: Token,
    look_at: Time,
    told: Vec<Told>,
    look: Look,
}

/// One plan over everything of an address that is due within a day.
async fn address(
    state: &AppState,
    tx: &mut Tx,
    now: Time,
    workgroup: &Workgroup,
    email: &str,
    swept: &mut Swept,
) -> Result<()> {
    let rules = Rules::of(workgroup);
    let seen = look_at_all(tx, now, workgroup, &rules, email).await?;
    if seen.iter().all(|seen| seen.look_at > now) {
        // Another server was here first.
        return Ok(());
    }
    let told = chosen(&seen);
    let mut given = BTreeMap::new();
    if told.iter().any(|due| !due.is_empty()) {
        let Ok(recipient) = Email::parse(email) else {
            tracing::error!(
                workgroup = workgroup.slug,
                "a token's address is none; nobody is told"
            );
            return put_off(tx, &seen, now).await;
        };
        let letter = Letter::Expiry { workgroup_id: workgroup.id.clone() };
        let id = owe(state, tx, &letter, Some(&workgroup.id), &recipient).await?;
        claim(tx, now, email, &id, &seen, &told).await?;
        swept.queued += 1;
        for (seen, due) in seen.iter().zip(&told) {
            let stages = due.iter().map(|due| (due.number, due.stage));
            given.insert(seen.token.id.as_str(), stages.collect::<Vec<_>>());
        }
    }
    for seen in &seen {
        let new = given.remove(seen.token.id.as_str()).unwrap_or_default();
        if seen.look_at > now && new.is_empty() {
            continue;
        }
        let told: Vec<_> = seen.told.iter().copied().chain(new).collect();
        let next = notice::next_look(&seen.token, &rules, &told, now);
        store::looks::mark_looked_at(tx, &seen.token.id, next).await?;
        swept.looked_at += 1;
    }
    Ok(())
}

async fn look_at_all(
    tx: &mut Tx,
    now: Time,
    workgroup: &Workgroup,
    rules: &Rules<'_>,
    email: &str,
) -> Result<Vec<Seen>> {
    let (until, most) = (now + DAY, TOKENS_AT_ONCE);
    let tokens = store::looks::list_of_address(tx, &workgroup.id, email, until, most).await?;
    let ids: Vec<_> = tokens.iter().map(|(_, token)| token.id.clone()).collect();
    let mut known: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for row in store::looks::list_told(tx, &ids).await? {
        if row.address == email {
            known.entry(row.token_id.clone()).or_default().push(row.told());
        }
    }
    let seen = |(look_at, token): (Time, Token)| {
        let told = known.remove(&token.id).unwrap_or_default();
        let look = notice::look(&token, rules, &told, now);
        Seen { look, token, look_at, told }
    };
    Ok(tokens.into_iter().map(seen).collect())
}

/// What is told of each token: with anything that is urgent goes whatever falls due within a day.
fn chosen(seen: &[Seen]) -> Vec<&[Due]> {
    let urgent = seen.iter().flat_map(|seen| &seen.look.due).any(|due| due.urgent);
    let of = |seen| {
        let Seen { look, .. }: &Seen = seen;
        if urgent { look.along.as_slice() } else { look.due.as_slice() }
    };
    seen.iter().map(of).collect()
}

async fn claim(
    tx: &mut Tx,
    now: Time,
    address: &str,
    outbox_id: &str,
    seen: &[Seen],
    told: &[&[Due]],
) -> Result<()> {
    let pairs = || seen.iter().zip(told).filter(|(_, due)| !due.is_empty());
    let ids: Vec<_> = pairs().map(|(seen, _)| seen.token.id.clone()).collect();
    let strings = store::looks::list_string_ids(tx, &ids).await?;
    let strings: BTreeMap<_, _> =
        strings.into_iter().map(|(token, number, id)| ((token, number), id)).collect();
    for (seen, due) in pairs() {
        for due in *due {
            let Some(id) = strings.get(&(seen.token.id.clone(), due.number)) else { continue };
            let notice = Notice {
                string_id: id.clone(),
                token_id: seen.token.id.clone(),
                stage: due.stage,
                address: address.to_owned(),
                settled_at: None,
            };
            store::notices::insert(tx, &notice, outbox_id, now).await?;
        }
    }
    Ok(())
}

/// Nothing can be told: asked again later, so that one address never holds up the others.
async fn put_off(tx: &mut Tx, seen: &[Seen], now: Time) -> Result<()> {
    for seen in seen.iter().filter(|seen| seen.look_at <= now) {
        store::looks::mark_looked_at(tx, &seen.token.id, Some(now + HOUR)).await?;
    }
    Ok(())
}
