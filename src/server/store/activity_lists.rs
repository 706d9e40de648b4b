//! Pages of table `activity`: keyset, newest first, narrowed without ever reading more than a window of it.
//!
//! Each statement reads a window from an index that is in its order, then narrows what it read: however long the record
//! is and however rare what is looked for, an answer costs no more than its window.

use super::activity::Row;
use super::{Lanes, on, statements};
use crate::domain::activity_list::{ActivityRow, Place};
use crate::domain::activity_query::{ActivityQuery, COMMAND_LINE};
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::server::error::Result;

/// Rows that are looked through for one answer when the filters go beyond what an index is in order of.
pub const WINDOW: i64 = 10_000;
/// Actors that can be chosen from.
const MOST_ACTORS: i64 = 300;

/// `$1`: workgroup; `$2`: what the index leads with; `$3`, `$4`: the place; `$5`: the window.
///
/// The other end of the days that are asked for is no bound here: rows come in order of time, so it cuts them off later.
/// With both bounds SQLite takes the index without the leader for the better one; and it would walk a whole workgroup for
/// one subject if it were not told by `coalesce` that the workgroup is no way in.
macro_rules! window {
    ($columns:literal, $leader:literal, $compare:literal, $order:literal) => {
        concat!(
            "select ",
            $columns,
            " from activity a where ",
            $leader,
            " and (a.at, a.id) ",
            $compare,
            " ($3, $4) order by a.at ",
            $order,
            ", a.id ",
            $order,
            " limit "
        )
    };
}

/// `$6`: the other end; `$7` to `$11`: verb, actor, kind, subject, denied; empty for any, `*` for any actor. `$12`: how
/// many rows.
macro_rules! page {
    ($leader:literal, $compare:literal, $end:literal, $order:literal) => {
        concat!(
            "select w.id, w.at, w.actor_kind, w.actor_id, w.actor_name, w.verb, w.subject_kind, w.subject_id,
                w.subject_name, w.before_values, w.after_values, w.address, w.denied,
                cast(case when w.actor_kind = 'token' and exists (
                    select 1 from tokens t where t.id = w.actor_id and t.workgroup_id = w.workgroup_id)
                    then 1 else 0 end as bigint) as actor_stands,
                cast(case
                    when w.subject_kind = 'token' and exists (
                        select 1 from tokens t where t.id = w.subject_id and t.workgroup_id = w.workgroup_id)
                    or w.subject_kind = 'device' and exists (
                        select 1 from devices d where d.id = w.subject_id and d.workgroup_id = w.workgroup_id)
                    or w.subject_kind = 'device_group' and exists (
                        select 1 from device_groups g where g.id = w.subject_id and g.workgroup_id = w.workgroup_id)
                    or w.subject_kind = 'member' and exists (
                        select 1 from memberships m
                        where m.user_id = w.subject_id and m.workgroup_id = w.workgroup_id)
                    then 1 else 0 end as bigint) as subject_stands
            from (",
            window!("a.*", $leader, $compare, $order),
            "$5) w
            where w.at ",
            $end,
            " $6 and ($7 = '' or w.verb = $7) and ($8 = '*' or w.actor_id = $8) and ($9 = '' or w.subject_kind = $9)
                and ($10 = '' or w.subject_id = $10) and ($11 = '' or w.denied is not null)
            order by w.at ",
            $order,
            ", w.id ",
            $order,
            " limit $12"
        )
    };
}

/// The last place of a full window; nothing where the record, or what is asked of it, ends before.
macro_rules! edge {
    ($leader:literal, $compare:literal, $order:literal) => {
        concat!(window!("a.at, a.id", $leader, $compare, $order), "1 offset $5")
    };
}

statements! {
    ALL_OLDER = page!("a.workgroup_id = $1 and $2 = ''", "<", ">=", "desc");
    ALL_NEWER = page!("a.workgroup_id = $1 and $2 = ''", ">", "<=", "asc");
    ACTOR_OLDER = page!("a.workgroup_id = $1 and a.actor_id = $2", "<", ">=", "desc");
    ACTOR_NEWER = page!("a.workgroup_id = $1 and a.actor_id = $2", ">", "<=", "asc");
    VERB_OLDER = page!("a.workgroup_id = $1 and a.verb = $2", "<", ">=", "desc");
    VERB_NEWER = page!("a.workgroup_id = $1 and a.verb = $2", ">", "<=", "asc");
    SUBJECT_OLDER = page!("a.subject_id = $2 and coalesce(a.workgroup_id, '') = $1", "<", ">=", "desc");
    SUBJECT_NEWER = page!("a.subject_id = $2 and coalesce(a.workgroup_id, '') = $1", ">", "<=", "asc");
    EDGE_ALL_OLDER = edge!("a.workgroup_id = $1 and $2 = ''", "<", "desc");
    EDGE_ALL_NEWER = edge!("a.workgroup_id = $1 and $2 = ''", ">", "asc");
    EDGE_ACTOR_OLDER = edge!("a.workgroup_id = $1 and a.actor_id = $2", "<", "desc");
    EDGE_ACTOR_NEWER = edge!("a.workgroup_id = $1 and a.actor_id = $2", ">", "asc");
    EDGE_VERB_OLDER = edge!("a.workgroup_id = $1 and a.verb = $2", "<", "desc");
    EDGE_VERB_NEWER = edge!("a.workgroup_id = $1 and a.verb = $2", ">", "asc");
    EDGE_SUBJECT_OLDER = edge!("a.subject_id = $2 and coalesce(a.workgroup_id, '') = $1", "<", "desc");
    EDGE_SUBJECT_NEWER = edge!("a.subject_id = $2 and coalesce(a.workgroup_id, '') = $1", ">", "asc");
    // Each person costs one look into an index, however much they did.
    PEOPLE = "select u.id, u.name from users u
        where exists (select 1 from activity a where a.workgroup_id = $1 and a.actor_id = u.id)
        order by u.name, u.id limit $2";
    ACTOR_NAME = "select actor_name from activity where workgroup_id = $1 and actor_id = $2
        order by at desc, id desc limit 1";
    SUBJECT_NAME = "select subject_name from activity where coalesce(workgroup_id, '') = $1 and subject_id = $2
        order by at desc, id desc limit 1";
}

/// What is asked of a page.
pub struct Ask<'a> {
    pub workgroup_id: &'a str,
    pub query: &'a ActivityQuery,
    /// The first and last second that are wanted.
    pub since: Time,
    pub until: Time,
    pub most: i64,
}

/// What a window held.
#[derive(Debug)]
pub struct Found {
    /// Newest first.
    pub rows: Vec<ActivityRow>,
    /// The record goes on behind this place.
    pub goes_on: Option<Place>,
    /// Fewer rows than wanted were found, though it goes on: the window ended.
    pub unfilled: bool,
}

#[derive(sqlx::FromRow)]
struct Listed {
    #[sqlx(flatten)]
    row: Row,
    actor_kind: String,
    actor_id: String,
    actor_stands: i64,
    subject_stands: i64,
}

/// The rows older (`back`) or newer than a place; from either end of what is asked for without one.
pub async fn page(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    from: Option<&Place>,
    back: bool,
) -> Result<Found> {
    let leader = Leader::of(ask.query);
    let reach = Reach::of(ask, from, back, leader.is_all_of(ask.query));
    let mut rows = listed(on, ask, &leader, &reach).await?;
    if let Some(text) = ask.query.subject_text().map(fold) {
        // Here, not in SQL, whose own lower() knows ASCII alone.
        rows.retain(|listed| fold(listed.row.subject_name()).contains(&text));
    }
    let most = usize::try_from(ask.most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let looked_on =
        if more || !reach.windowed { None } else { edge(on, ask, &leader, &reach).await? };
    let last = rows.last().filter(|_| more).map(|listed| listed.row.place());
    let (goes_on, unfilled) = (last.or(looked_on.clone()), looked_on.is_some());
    if !back {
        rows.reverse();
    }
    let rows = rows.into_iter().filter_map(|listed| listed.into_row().transpose());
    Ok(Found { rows: rows.collect::<Result<_>>()?, goes_on, unfilled })
}

async fn listed(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    leader: &Leader<'_>,
    reach: &Reach<'_>,
) -> Result<Vec<Listed>> {
    let query = ask.query;
    // One more, to know whether there is another page.
    let wanted = ask.most + 1;
    let most = if query.subject_text().is_some() { WINDOW } else { wanted };
    Ok(on!(on, c => sqlx::query_as(leader.page(reach.back))
        .bind(ask.workgroup_id)
        .bind(leader.value())
        .bind(reach.at)
        .bind(reach.id)
        .bind(if reach.windowed { WINDOW } else { wanted })
        .bind(reach.end)
        .bind(query.verb.map_or("", |verb| verb.code()))
        .bind(actor_id(query).unwrap_or("*"))
        .bind(query.kind.map_or("", |kind| kind.code()))
        .bind(query.subject_id().unwrap_or_default())
        .bind(if query.denied { "1" } else { "" })
        .bind(most)
        .fetch_all(c).await)?)
}

async fn edge(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    leader: &Leader<'_>,
    reach: &Reach<'_>,
) -> Result<Option<Place>> {
    let found: Option<(i64, String)> = on!(on, c => sqlx::query_as(leader.edge(reach.back))
        .bind(ask.workgroup_id)
        .bind(leader.value())
        .bind(reach.at)
        .bind(reach.id)
        .bind(WINDOW - 1)
        .fetch_optional(c).await)?;
    let inside =
        found.filter(|(at, _)| if reach.back { *at >= reach.end } else { *at <= reach.end });
    Ok(inside.map(|(at, id)| Place { at: Time(at), id }))
}

fn actor_id(query: &ActivityQuery) -> Option<&str> {
    query.actor.as_deref().map(|actor| if actor == COMMAND_LINE { "" } else { actor })
}

/// From where to where a statement reads.
struct Reach<'a> {
    back: bool,
    at: i64,
    id: &'a str,
    end: i64,
    /// Rows are looked through that may not be wanted.
    windowed: bool,
}

impl<'a> Reach<'a> {
    fn of(ask: &Ask<'_>, from: Option<&'a Place>, back: bool, exact: bool) -> Reach<'a> {
        // No id is empty: the whole second at which it begins is inside.
        let (first, end) = if back { (ask.until + 1, ask.since) } else { (ask.since, ask.until) };
        let place = from.filter(|place| (place.at < first) == back);
        let (at, id) = place.map_or((first.0, ""), |place| (place.at.0, place.id.as_str()));
        Reach { back, at, id, end: end.0, windowed: !exact }
    }
}

/// The filter that an index leads with: the narrowest that there is.
enum Leader<'a> {
    Subject(&'a str),
    Actor(&'a str),
    Verb(&'static str),
    All,
}

impl<'a> Leader<'a> {
    fn of(query: &'a ActivityQuery) -> Leader<'a> {
        match (query.subject_id(), actor_id(query), query.verb) {
            (Some(id), ..) => Leader::Subject(id),
            (None, Some(id), _) => Leader::Actor(id),
            (None, None, Some(verb)) => Leader::Verb(verb.code()),
            (None, None, None) => Leader::All,
        }
    }

    /// Whether nothing else narrows the question but its days.
    fn is_all_of(&self, query: &ActivityQuery) -> bool {
        let more = query.kind.is_some() || query.denied || query.subject_text().is_some();
        !more
            && match self {
                Leader::Subject(_) => query.actor.is_none() && query.verb.is_none(),
                Leader::Actor(_) => query.verb.is_none(),
                Leader::Verb(_) | Leader::All => true,
            }
    }

    fn value(&self) -> &'a str {
        match self {
            Leader::Subject(value) | Leader::Actor(value) | Leader::Verb(value) => value,
            Leader::All => "",
        }
    }

    fn page(&self, back: bool) -> &'static str {
        match (self, back) {
            (Leader::Subject(_), true) => SUBJECT_OLDER,
            (Leader::Subject(_), false) => SUBJECT_NEWER,
            (Leader::Actor(_), true) => ACTOR_OLDER,
            (Leader::Actor(_), false) => ACTOR_NEWER,
            (Leader::Verb(_), true) => VERB_OLDER,
            (Leader::Verb(_), false) => VERB_NEWER,
            (Leader::All, true) => ALL_OLDER,
            (Leader::All, false) => ALL_NEWER,
        }
    }

    fn edge(&self, back: bool) -> &'static str {
        match (self, back) {
            (Leader::Subject(_), true) => EDGE_SUBJECT_OLDER,
            (Leader::Subject(_), false) => EDGE_SUBJECT_NEWER,
            (Leader::Actor(_), true) => EDGE_ACTOR_OLDER,
            (Leader::Actor(_), false) => EDGE_ACTOR_NEWER,
            (Leader::Verb(_), true) => EDGE_VERB_OLDER,
            (Leader::Verb(_), false) => EDGE_VERB_NEWER,
            (Leader::All, true) => EDGE_ALL_OLDER,
            (Leader::All, false) => EDGE_ALL_NEWER,
        }
    }
}

impl Listed {
    /// `None`: a verb that this version does not know.
    fn into_row(self) -> Result<Option<ActivityRow>> {
        let Listed { row, actor_kind, actor_id, actor_stands, subject_stands } = self;
        let done = row.into_activity()?;
        Ok(done.map(|done| ActivityRow {
            done,
            actor_kind,
            actor_id,
            actor_stands: actor_stands == 1,
            subject_stands: subject_stands == 1,
        }))
    }
}

/// The people who did something in the workgroup, by name: id and name.
pub async fn list_people(on: &mut impl Lanes, workgroup_id: &str) -> Result<Vec<(String, String)>> {
    Ok(on!(on, c => sqlx::query_as(PEOPLE)
        .bind(workgroup_id)
        .bind(MOST_ACTORS)
        .fetch_all(c).await)?)
}

/// What the record calls an actor; the command line's id is empty.
pub async fn find_actor_name(
    on: &mut impl Lanes,
    workgroup_id: &str,
    actor_id: &str,
) -> Result<Option<String>> {
    Ok(on!(on, c => sqlx::query_scalar(ACTOR_NAME)
        .bind(workgroup_id)
        .bind(actor_id)
        .fetch_optional(c).await)?)
}

/// What the record calls a subject.
pub async fn find_subject_name(
    on: &mut impl Lanes,
    workgroup_id: &str,
    subject_id: &str,
) -> Result<Option<String>> {
    Ok(on!(on, c => sqlx::query_scalar(SUBJECT_NAME)
        .bind(workgroup_id)
        .bind(subject_id)
        .fetch_optional(c).await)?)
}
