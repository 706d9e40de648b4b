//! Export: the record of a workgroup as CSV, in pieces, so that a long one is never held in memory. By owners only.

use super::{Attempt, Deed, Subject, csv, list, note_denial, record, values};
use crate::domain::activity::{Values, Verb};
use crate::domain::activity_query::ActivityQuery;
use crate::domain::rights::Seat;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::state::AppState;

/// Rows that are read at a time.
pub const ROWS: i64 = 1_000;

/// An export that was allowed and recorded; [`Export::piece`] gives the file.
#[derive(Debug)]
pub struct Export {
    state: AppState,
    workgroup: Workgroup,
    query: ActivityQuery,
    at: At,
}

#[derive(Debug, PartialEq, Eq)]
enum At {
    Heading,
    Rows,
    End,
}

/// Allows and records the export of what the question finds on all pages.
pub async fn begin(
    state: &AppState,
    seat: &Seat,
    query: &ActivityQuery,
    address: Option<&str>,
) -> Result<Export> {
    let subject = Subject::workgroup(&seat.workgroup);
    let attempt = Attempt { verb: Verb::ActivityExported, subject, address };
    note_denial(state, seat, attempt, allow(state, seat, query, address).await).await
}

async fn allow(
    state: &AppState,
    seat: &Seat,
    query: &ActivityQuery,
    address: Option<&str>,
) -> Result<Export> {
    seat.reads_record()?;
    seat.owns()?;
    let query = query.first_page();
    let mut tx = state.db.begin().await?;
    let deed = Deed {
        verb: Verb::ActivityExported,
        subject: Subject::workgroup(&seat.workgroup),
        before: Values::new(),
        after: filters(&query),
        address,
    };
    record(state, &mut tx, seat, deed).await?;
    state.commit(tx).await?;
    let (state, workgroup) = (state.clone(), seat.workgroup.clone());
    Ok(Export { state, workgroup, query, at: At::Heading })
}

/// What narrowed the export, in words.
fn filters(query: &ActivityQuery) -> Values {
    let narrowings = query.narrowings().into_iter();
    let words: Vec<_> = narrowings.map(|it| format!("{}: {}", it.what, it.value)).collect();
    let words = if words.is_empty() { "none".to_owned() } else { words.join("; ") };
    values([("Filters", words)])
}

impl Export {
    /// `harrow-valley-activity-2026-11-21.csv`: ASCII, as the slug is.
    #[must_use]
    pub fn file_name(&self) -> String {
        let now = self.state.now().rfc3339();
        let day = now.split('T').next().unwrap_or_default();
        format!("{}-activity-{day}.csv", self.workgroup.slug)
    }

    /// The next piece of the file; nothing after its end. No connection is held in between.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>> {
        match self.at {
            At::End => return Ok(None),
            At::Heading => {
                self.at = At::Rows;
                return csv::heading().map(Some);
            }
            At::Rows => {}
        }
        let mut reader = self.state.db.read().await?;
        let part = list::look(&mut reader, &self.workgroup, &self.query, ROWS).await?;
        match part.older {
            Some(place) => self.query.after = Some(place.encode()),
            None => self.at = At::End,
        }
        csv::lines(&part.rows).map(Some)
    }
}
