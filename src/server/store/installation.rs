//! The one row of table `installation`: what the installation knows of itself.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    FIND = "select last_seen_at, last_sweep_at, mail_alarm, mail_paused_until, clock_doubted_at, clock_doubt
        from installation where only_row = 1";
    MARK_SWEPT = "update installation set last_sweep_at = $1 where only_row = 1";
    MARK_MAIL_PAUSED = "update installation set mail_alarm = $1, mail_paused_until = $2 where only_row = 1";
    MARK_MAIL_FLOWING = "update installation set mail_alarm = null, mail_paused_until = null
        where only_row = 1 and (mail_alarm is not null or mail_paused_until is not null)";
    MARK_MAIL_TRIED = "update installation set mail_paused_until = null
        where only_row = 1 and mail_paused_until is not null";
    MARK_CLOCK_DOUBTED = "update installation set clock_doubted_at = $1, clock_doubt = $2 where only_row = 1";
    MARK_CLOCK_TRUSTED = "update installation set clock_doubted_at = null, clock_doubt = null where only_row = 1";
}

/// What the installation knows of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installation {
    /// Wall time when it was last alive; 0: never.
    pub last_seen_at: Time,
    /// When the last sweep ended; 0: never.
    pub last_sweep_at: Time,
    /// Why no mail is sent at the moment.
    pub mail_alarm: Option<String>,
    pub mail_paused_until: Option<Time>,
    /// Since when, by the wall clock itself, its time is not believed; and why.
    pub clock_doubted_at: Option<Time>,
    pub clock_doubt: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    last_seen_at: i64,
    last_sweep_at: i64,
    mail_alarm: Option<String>,
    mail_paused_until: Option<i64>,
    clock_doubted_at: Option<i64>,
    clock_doubt: Option<String>,
}

pub async fn find(on: &mut impl Lanes) -> Result<Installation> {
    let row: Row = on!(on, c => sqlx::query_as(FIND).fetch_one(c).await)?;
    Ok(Installation {
        last_seen_at: Time(row.last_seen_at),
        last_sweep_at: Time(row.last_sweep_at),
        mail_alarm: row.mail_alarm,
        mail_paused_until: row.mail_paused_until.map(Time),
        clock_doubted_at: row.clock_doubted_at.map(Time),
        clock_doubt: row.clock_doubt,
    })
}

pub async fn mark_swept(tx: &mut Tx, now: Time) -> Result<()> {
    put!(tx, MARK_SWEPT, now.0);
    Ok(())
}

/// Nothing is sent until `until`, or until it is tried and works.
pub async fn mark_mail_paused(tx: &mut Tx, alarm: &str, until: Time) -> Result<()> {
    put!(tx, MARK_MAIL_PAUSED, alarm, until.0);
    Ok(())
}

/// It is tried again at once; the alarm stands until something was taken.
pub async fn mark_mail_tried(tx: &mut Tx) -> Result<()> {
    put!(tx, MARK_MAIL_TRIED);
    Ok(())
}

/// Something was taken: there is no alarm any more.
pub async fn mark_mail_flowing(tx: &mut Tx) -> Result<()> {
    put!(tx, MARK_MAIL_FLOWING);
    Ok(())
}

pub async fn mark_clock_doubted(tx: &mut Tx, since: Time, why: &str) -> Result<()> {
    put!(tx, MARK_CLOCK_DOUBTED, since.0, why);
    Ok(())
}

pub async fn mark_clock_trusted(tx: &mut Tx) -> Result<()> {
    put!(tx, MARK_CLOCK_TRUSTED);
    Ok(())
}
