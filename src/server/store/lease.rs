//! One server at a time on a SQLite file: a lock that the operating system drops with the process, however it ends.

use super::Db;
use anyhow::{Context, bail};
use std::fs::{File, TryLockError};
use std::path::PathBuf;

/// Held for as long as this process serves; on PostgreSQL several servers share the database and nothing is held.
#[derive(Debug)]
pub struct ServerLease {
    lock: Option<File>,
}

impl ServerLease {
    /// Whether no other server can be on this database while this is held.
    #[must_use]
    pub fn alone(&self) -> bool {
        self.lock.is_some()
    }

    pub fn take(db: &Db) -> anyhow::Result<ServerLease> {
        let Db::Sqlite { file, .. } = db else { return Ok(ServerLease { lock: None }) };
        let mut path = file.clone().into_os_string();
        path.push(".lock");
        let path = PathBuf::from(path);
        let lock =
            File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(ServerLease { lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => bail!(
                "another Latchkey server is already running on {}; stop it first, or use PostgreSQL for several",
                file.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }
}
