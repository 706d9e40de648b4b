//! What there is to tell one reader over all workgroups that they own, as it is now.

use super::lines;
use crate::domain::digest::Tidings;
use crate::domain::time::Time;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::mail::letters::{DigestLine, DigestWorkgroup};
use crate::server::store::digest_facts::{self as facts, Ask};
use crate::server::store::{self, Lanes, digests::Reader};

/// Lines of a section; the others are counted.
const LINES: usize = 50;
/// Rows of a section that are looked at: all of them are told by being counted.
const ROWS: i64 = 500;

/// Everything that a digest says.
pub struct Gathered {
    /// Those that have something to tell, by name.
    pub workgroups: Vec<DigestWorkgroup>,
    /// How many workgroups the reader owns.
    pub owned: usize,
    pub tidings: Tidings,
    /// The items that the reader is told for the first time.
    pub told: Vec<String>,
}

impl Gathered {
    /// Notes what a row tells; says whether it is new.
    fn note(&mut self, item: &str, told: bool) -> bool {
        if !told {
            self.tidings.new = true;
            self.told.push(item.to_owned());
        }
        !told
    }
}

/// For a reader who turned the digest off: what could not be delivered and is new to them, nothing else.
pub async fn gather(on: &mut impl Lanes, reader: &Reader, now: Time) -> Result<Gathered> {
    let owned = store::workgroups::list_owned(on, &reader.id).await?;
    let mut gathered = Gathered {
        workgroups: Vec::new(),
        owned: owned.len(),
        tidings: Tidings::default(),
        told: Vec::new(),
    };
    for workgroup in &owned {
        let ask = Ask { workgroup, user_id: &reader.id, now, most: ROWS };
        let mut part = DigestWorkgroup {
            name: workgroup.name.clone(),
            slug: workgroup.slug.clone(),
            ..DigestWorkgroup::default()
        };
        undelivered(on, &ask, reader.off, &mut gathered, &mut part).await?;
        if !reader.off {
            knocking(on, &ask, &mut gathered, &mut part).await?;
            endings(on, &ask, &mut gathered, &mut part).await?;
        }
        if has_lines(&part) {
            gathered.workgroups.push(part);
        }
    }
    Ok(gathered)
}

fn has_lines(part: &DigestWorkgroup) -> bool {
    [&part.knocking, &part.undelivered, &part.missed, &part.expired, &part.expiring]
        .iter()
        .any(|lines| !lines.is_empty())
}

async fn undelivered(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    new_alone: bool,
    gathered: &mut Gathered,
    part: &mut DigestWorkgroup,
) -> Result<()> {
    let mut rows = facts::list_undelivered(on, ask).await?;
    rows.retain(|row| !(new_alone && row.told));
    for row in &rows {
        let new = gathered.note(&row.item, row.told);
        gathered.tidings.new_undelivered |= new;
    }
    let lines = rows.iter().map(|row| lines::undelivered(ask.workgroup, row, ask.now));
    part.undelivered = shortened(lines.collect(), rows.len(), &mut part.more);
    Ok(())
}

async fn knocking(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    gathered: &mut Gathered,
    part: &mut DigestWorkgroup,
) -> Result<()> {
    let mut rows = facts::list_knocking(on, ask).await?;
    rows.extend(facts::list_knocking_gone(on, ask).await?);
    let strings = lines::strings(on, rows.iter().take(LINES).map(|row| &row.id)).await?;
    let mut told = Vec::with_capacity(rows.len());
    for row in &rows {
        let new = gathered.note(&row.item, row.told);
        told.push(lines::knocking(ask.workgroup, row, &strings, new, ask.now));
    }
    part.knocking = shortened(told, rows.len(), &mut part.more);
    Ok(())
}

/// What ends, has ended, or should have been renewed.
async fn endings(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    gathered: &mut Gathered,
    part: &mut DigestWorkgroup,
) -> Result<()> {
    let missed = facts::list_missed(on, ask).await?;
    part.missed = told(on, ask, &missed, lines::missed, gathered, &mut part.more).await?;
    let expired = facts::list_expired(on, ask).await?;
    part.expired = told(on, ask, &expired, lines::expired, gathered, &mut part.more).await?;
    let expiring = facts::list_expiring(on, ask).await?;
    gathered.tidings.expiring |= !expiring.is_empty();
    part.expiring = told(on, ask, &expiring, lines::expiring, gathered, &mut part.more).await?;
    if expiring.len() == usize::try_from(ROWS).unwrap_or(usize::MAX) {
        let all = facts::count_expiring(on, ask).await?;
        part.more += usize::try_from(all - ROWS).unwrap_or_default();
    }
    Ok(())
}

type Say = fn(&Workgroup, &facts::Ending, &lines::Strings, bool, Time) -> DigestLine;

async fn told(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    rows: &[facts::Ending],
    say: Say,
    gathered: &mut Gathered,
    more: &mut usize,
) -> Result<Vec<DigestLine>> {
    let strings = lines::strings(on, rows.iter().take(LINES).map(|row| &row.id)).await?;
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let new = gathered.note(&row.item, row.told);
        told.push(say(ask.workgroup, row, &strings, new, ask.now));
    }
    Ok(shortened(told, rows.len(), more))
}

/// The first lines of a section; what is left out is counted.
fn shortened(mut lines: Vec<DigestLine>, rows: usize, more: &mut usize) -> Vec<DigestLine> {
    lines.truncate(LINES);
    *more += rows - lines.len();
    lines
}
