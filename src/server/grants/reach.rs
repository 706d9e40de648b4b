//! How the index learns: whole at the start, then change by change in the order of the commits. One at a time reads and puts in, so
//! that nothing older ever replaces something newer; whoever committed waits until their own change is in.

use super::grant::{Grant, Grave, Held, Opens, Rare, Record, Strings, When};
use super::index::Index;
use crate::domain::device::{Device, DeviceGroup};
use crate::domain::status::StringState;
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::server::clock::Clock;
use crate::server::error::Result;
use crate::server::store::grants::{GraveRow, Row};
use crate::server::store::{self, Db, Reader};
use anyhow::{Context, anyhow};
use once_cell::race::OnceBox;
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use uuid::Uuid;

/// Tokens, and tombstones, that are read at once when everything is read.
const READ_AT_ONCE: i64 = 2_000;
/// Changes that are taken up at once.
const CHANGES_AT_ONCE: i64 = 5_000;
/// Behind every id, however a database sorts letters and digits.
const END: &str = "zzzzzzzz";

/// Reads everything. From then on the index is kept up to date by [`reach`] and [`follow`].
pub async fn fill(db: &Db, clock: &Clock, index: &Index) -> Result<()> {
    let mut at = index.at.lock().await;
    read_all(db, clock, index, &mut at).await
}

/// A round of hearing from the database: takes up what others changed.
pub async fn follow(db: &Db, clock: &Clock, index: &Index) -> Result<()> {
    let mut at = index.at.lock().await;
    if at.is_none() {
        return Ok(());
    }
    catch_up(db, clock, index, &mut at).await
}

/// Waits until the index holds the change with this number. If that cannot be read, the index says nothing any more until it
/// can: what was committed stays committed, and is never contradicted.
pub async fn reach(db: &Db, clock: &Clock, index: &Index, changed: i64) {
    let mut at = index.at.lock().await;
    if at.is_none_or(|at| at >= changed) {
        return;
    }
    if let Err(error) = catch_up(db, clock, index, &mut at).await {
        tracing::error!(%error, "a change could not be read back; nothing is allowed until it can");
        index.doubt();
    }
}

async fn catch_up(db: &Db, clock: &Clock, index: &Index, at: &mut Option<i64>) -> Result<()> {
    let began = clock.awake();
    let mut reader = db.read().await?;
    let last = store::changes::last(&mut reader).await?;
    let mut known = at.unwrap_or_default();
    // Asked before the changes are read: what is committed meanwhile is among them, and higher than `last`.
    if last < known {
        drop(reader);
        tracing::warn!("the database is older than it was; everything is read anew");
        return read_all(db, clock, index, at).await;
    }
    while known < last {
        let changes = store::changes::list_since(&mut reader, known, CHANGES_AT_ONCE).await?;
        if changes.first().is_none_or(|(number, ..)| *number != known + 1) {
            drop(reader);
            tracing::warn!("changes are missing; everything is read anew");
            return read_all(db, clock, index, at).await;
        }
        let mut touched = Touched::default();
        for (number, kind, id) in changes {
            touched.add(&kind, id);
            known = number;
        }
        touched.take_up(&mut reader, index).await?;
        *at = Some(known);
    }
    index.heard(began);
    Ok(())
}

/// What a run of changes names, each once.
#[derive(Default)]
struct Touched {
    tokens: BTreeSet<String>,
    devices: BTreeSet<String>,
    groups: BTreeSet<String>,
    workgroups: bool,
}

impl Touched {
    fn add(&mut self, kind: &str, id: String) {
        match kind {
            "token" => drop(self.tokens.insert(id)),
            "device" => drop(self.devices.insert(id)),
            "device_group" => drop(self.groups.insert(id)),
            "workgroup" => self.workgroups = true,
            // The catalogue: what a token holds does not depend on it.
            _ => {}
        }
    }

    async fn take_up(self, reader: &mut Reader, index: &Index) -> Result<()> {
        if self.workgroups {
            workgroups(reader, index).await?;
        }
        for id in self.devices {
            put_device(index, &id, store::grants::find_device(reader, &id).await?);
        }
        for id in self.groups {
            put_group(index, &id, store::grants::find_group(reader, &id).await?);
        }
        let ids: Vec<_> = self.tokens.into_iter().collect();
        for ids in ids.chunks(store::strings::AT_ONCE) {
            let graves = store::grants::list_graves_of(reader, ids).await?;
            put_graves(index, graves);
            let rows = store::grants::list_of(reader, ids).await?;
            let there: BTreeSet<_> = rows.iter().map(|row| row.0.clone()).collect();
            put_tokens(index, rows);
            let gone = ids.iter().filter(|id| !there.contains(*id));
            gone.filter_map(|id| uuid(id).ok()).for_each(|id| index.remove_token(id));
        }
        Ok(())
    }
}

async fn workgroups(reader: &mut Reader, index: &Index) -> Result<()> {
    for (id, slug, routes, family) in store::grants::list_workgroups(reader).await? {
        index.put_home(&id, &slug).put_routes(routes, family);
    }
    Ok(())
}

fn put_device(index: &Index, id: &str, found: Option<(String, Device)>) {
    match found {
        Some((home, device)) => {
            if let Some(home) = index.home(&home) {
                home.put_device(id, Some(device));
            }
        }
        None => index.each_home(|home| home.put_device(id, None)),
    }
}

fn put_group(index: &Index, id: &str, found: Option<(String, DeviceGroup)>) {
    match found {
        Some((home, group)) => {
            if let Some(home) = index.home(&home) {
                home.put_group(id, Some(group));
            }
        }
        None => index.each_home(|home| home.put_group(id, None)),
    }
}

async fn read_all(db: &Db, clock: &Clock, index: &Index, at: &mut Option<i64>) -> Result<()> {
    let began = clock.awake();
    index.clear();
    let mut reader = db.read().await?;
    // Read first: what changes while everything is read is read once more afterwards.
    let last = store::changes::last(&mut reader).await?;
    workgroups(&mut reader, index).await?;
    for (home, device) in store::grants::list_devices(&mut reader).await? {
        let id = device.id.clone();
        put_device(index, &id, Some((home, device)));
    }
    for (home, group) in store::grants::list_groups(&mut reader).await? {
        let id = group.id.clone();
        put_group(index, &id, Some((home, group)));
    }
    let (tokens, strings) = store::grants::count(&mut reader).await?;
    index.reserve(tokens, strings);
    read_graves(&mut reader, index).await?;
    let middle = store::grants::find_middle(&mut reader).await?.unwrap_or_else(|| END.to_owned());
    drop(reader);
    tokio::try_join!(
        read_tokens(db, index, String::new(), &middle),
        read_tokens(db, index, middle.clone(), END)
    )?;
    *at = Some(last);
    index.heard(began);
    Ok(())
}

async fn read_graves(reader: &mut Reader, index: &Index) -> Result<()> {
    let mut after = Vec::new();
    loop {
        let rows = store::grants::list_graves_after(reader, &after, READ_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after.clone_from(&last.0);
        put_graves(index, rows);
    }
}

async fn read_tokens(db: &Db, index: &Index, mut after: String, until: &str) -> Result<()> {
    let mut reader = db.read().await?;
    loop {
        let rows = store::grants::list_after(&mut reader, (&after, until), READ_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after.clone_from(&last.0);
        put_tokens(index, rows);
    }
}

/// Rows of one token lie side by side.
fn put_tokens(index: &Index, rows: Vec<Row>) {
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        let (id, mut strings) = (row.0.clone(), vec![held(&row)]);
        while let Some(next) = rows.next_if(|next| next.0 == id) {
            strings.push(held(&next));
        }
        let strings: Result<Vec<_>> = strings.into_iter().collect();
        match strings.and_then(|strings| grant(index, row, strings)) {
            Ok(grant) => index.put_token(grant),
            // One row that is not understood opens nothing, and closes nothing else.
            Err(error) => {
                tracing::error!(%error, token = id, "a token cannot be taken into the verify index");
                if let Ok(id) = uuid(&id) {
                    index.remove_token(id);
                }
            }
        }
    }
}

fn held(row: &Row) -> Result<Held> {
    let (.., number, hash, expires_at, retired_at) = row;
    Ok(Held {
        hash: hash.as_slice().try_into().context("a hash is not of 32 bytes")?,
        number: u32::try_from(*number)
            .ok()
            .and_then(NonZeroU32::new)
            .context("a string's number")?,
        expires_at: When::from(*expires_at),
        retired_at: When::from(*retired_at),
    })
}

fn grant(index: &Index, row: Row, mut strings: Vec<Held>) -> Result<Grant> {
    let (id, home, kind, owner, permissions, scopes, group, device, limit, revoked_at, ..) = row;
    let kind = Kind::parse(&kind).with_context(|| format!("token {id} has an unknown kind"))?;
    let opens = match (kind, group, device) {
        (Kind::Device, None, Some(external_id)) => Opens::Device(external_id.into()),
        (_, Some(group), None) => Opens::Group(group.into()),
        (Kind::Access | Kind::Legacy, None, None) => Opens::Workgroup,
        // What is not understood must not be taken for the whole workgroup.
        _ => return Err(anyhow!("token {id} opens something unknown").into()),
    };
    let strings = match strings.pop() {
        Some(only) if strings.is_empty() => Strings::One(only),
        last => {
            strings.extend(last);
            Strings::Many(strings.into())
        }
    };
    let scopes: Vec<String> = if kind == Kind::Legacy {
        serde_json::from_str(&scopes).context("scopes of a legacy token")?
    } else {
        Vec::new()
    };
    let limit = limit.and_then(|limit| NonZeroU32::new(u32::try_from(limit).ok()?));
    let rare = Rare { scopes, revoked_at: revoked_at.map(Time), limit };
    Ok(Grant {
        id: uuid(&id)?,
        home: index.home(&home).with_context(|| format!("token {id} belongs to no workgroup"))?,
        owner: owner.into(),
        permissions: index.permissions(kind, permissions)?,
        opens,
        rare: (rare != Rare::default()).then(|| Box::new(rare)),
        strings,
        meter: OnceBox::new(),
    })
}

fn put_graves(index: &Index, rows: Vec<GraveRow>) {
    for row in rows {
        let id = row.1.clone();
        match grave(index, row) {
            Ok(grave) => index.put_grave(Arc::new(Record::Grave(grave))),
            Err(error) => {
                tracing::error!(%error, token = id, "a tombstone cannot be taken into the verify index");
            }
        }
    }
}

fn grave(index: &Index, row: GraveRow) -> Result<Grave> {
    let (hash, token_id, home, kind, number, why, expires_at, removed_at) = row;
    Ok(Grave {
        hash: hash.as_slice().try_into().context("a hash is not of 32 bytes")?,
        token_id: uuid(&token_id)?,
        home: index.home(&home).context("it belongs to no workgroup")?,
        kind: Kind::parse(&kind).context("it has an unknown kind")?,
        number: u32::try_from(number).context("a string's number")?,
        why: StringState::parse(&why).context("it has an unknown end")?,
        expires_at: expires_at.map(Time),
        removed_at: Time(removed_at),
    })
}

fn uuid(id: &str) -> Result<Uuid> {
    Ok(Uuid::try_parse(id).with_context(|| format!("{id} is no id of a token"))?)
}
