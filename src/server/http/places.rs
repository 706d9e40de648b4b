//! How many connections there may be at once: never so many that the database and the mailer are left without files to open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// However many files may be open.
const MOST: u64 = 4096;
/// Open files that are no client's: the database's, the mailer's, what is read and logged.
const KEPT: u64 = 256;
/// However few.
const LEAST: u64 = 16;

/// Lets the process open as many files as it needs, where it may decide that itself (shells and systemd begin with 1024), and says
/// how many connections fit.
#[must_use]
pub fn connections() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // The metrics may be served beside.
    let wanted = 2 * MOST + KEPT;
    let raised = maximum.map_or(wanted, |most| most.min(wanted));
    if current.is_some_and(|current| current < raised) {
        let limit = Rlimit { current: Some(raised), maximum };
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, "the limit of open files stays as it is");
        }
    }
    fitting(getrlimit(Resource::Nofile).current)
}

/// `files`: how many may be open; `None`: there is no limit.
fn fitting(files: Option<u64>) -> usize {
    let fitting = files.map_or(MOST, |files| files.saturating_sub(KEPT).clamp(LEAST, MOST));
    usize::try_from(fitting).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_keeps_its_files_however_few_there_are() {
        for (files, places) in [
            (None, 4096),
            (Some(1_000_000), 4096),
            (Some(4096), 3840),
            (Some(1024), 768),
            (Some(64), 16),
            (Some(0), 16),
        ] {
            assert_eq!(fitting(files), places, "{files:?}");
        }
    }
}
