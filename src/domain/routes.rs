//! Route policies: what each method and path of a workgroup's API asks of a token, one line each, as its owners write them.
//!
//! ```text
//! # method        path                          kind    permissions and device
//! GET             /devices/{device}/telemetry   any     read  device={device}
//! POST            /devices/{device}/telemetry   device  telemetry.send  device={device}
//! GET|HEAD        /reports/{*name}              access  read  device=any
//! *               /admin/{*rest}                access  access.manage
//! ```
//!
//! - **method**: in capitals, several with `|` between them, or `*` for every method that no other line names for the same
//!   path. Methods compare exactly: `GET` allows no `HEAD` and no `OPTIONS`.
//! - **path**: as in axum. `{name}` is one segment, `{*name}` at the end the rest; everything else stands for itself.
//! - **kind**: `access`, `device`, or `any`.
//! - **permissions**: none or several, each of the catalogue; a token must hold all of them.
//! - **device**: `device={name}` says which part of the path is the external id of the device; `device=any` that the API
//!   filters by the returned headers itself; without it whoever is bound to a device or group is refused.
//! - From a word that begins with `#` on, a line is a comment.
//!
//! **The longest match wins**: segment by segment from the left, a segment that stands for itself goes before `{name}`; `{*name}` is
//! tried last. The path alone chooses, then the method: where the chosen path has no line for the method, the request is refused, as
//! an API that knows the path but not the method would. What no line matches is refused.

mod family;
mod line;
mod page;
mod pattern;
mod table;
mod target;
mod trial;

#[cfg(test)]
mod tests;

pub use family::Family;
pub use line::{DeviceRule, Route};
pub use page::{RoutesPage, WrittenRoutes};
pub use trial::{RawTrial, Trial, Verdict};

use super::demand::{Demand, DeviceAsked};
use super::permission::Permission;
use super::refusal::{Code, FieldError, Refusal};
use serde::{Deserialize, Serialize};
use table::Table;

/// Lines that say something, comments not counted.
pub const MOST_LINES: usize = 500;
/// Bytes of the whole text.
pub const MOST_BYTES: usize = 64 * 1024;

/// What is wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineError {
    /// Counted from 1, comments and empty lines too.
    pub line: usize,
    pub message: String,
}

/// A text of route policies that was read.
#[derive(Clone, Debug, Default)]
pub struct RoutePolicies {
    table: Table,
}

/// The line that a request matched, and the device that its path names.
#[derive(Clone, Debug)]
pub struct Matched<'a> {
    pub route: &'a Route,
    pub device: DeviceAsked,
}

impl RoutePolicies {
    /// Reads a text that somebody wants to keep, judged against the catalogue; every wrong line is told.
    pub fn parse(text: &str, catalogue: &[Permission]) -> Result<RoutePolicies, Vec<LineError>> {
        RoutePolicies::read(text, Some(catalogue))
    }

    /// Reads a text that was judged when it was kept: a permission that the catalogue has lost since is still asked for, and held
    /// by nobody.
    pub fn stored(text: &str) -> Result<RoutePolicies, Vec<LineError>> {
        RoutePolicies::read(text, None)
    }

    fn read(text: &str, catalogue: Option<&[Permission]>) -> Result<RoutePolicies, Vec<LineError>> {
        if let Some(head) = text.as_bytes().get(..MOST_BYTES).filter(|_| text.len() > MOST_BYTES) {
            let line = head.iter().filter(|byte| **byte == b'\n').count() + 1;
            let message = "Here the text is longer than 64 kB. Say more with fewer lines.";
            return Err(vec![LineError { line, message: message.to_owned() }]);
        }
        let (mut table, mut wrong) = (Table::default(), Vec::new());
        for (number, line) in (1..).zip(text.lines()) {
            let routes = table.routes().len();
            match line::parse(number, line, catalogue) {
                Ok(Some(_)) if routes == MOST_LINES => {
                    wrong.push(format!("This is more than {MOST_LINES} lines.").at(number));
                    break;
                }
                Ok(Some((route, pattern))) => {
                    if let Err(message) = table.insert(route, &pattern) {
                        wrong.push(message.at(number));
                    }
                }
                Ok(None) => {}
                Err(messages) => wrong.extend(messages.into_iter().map(|it| it.at(number))),
            }
        }
        if wrong.is_empty() { Ok(RoutePolicies { table }) } else { Err(wrong) }
    }

    /// The lines, in the order in which they were written.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        self.table.routes()
    }

    /// What this request asks of a token.
    ///
    /// `target`: path and query, as the proxy was asked (RFC 9112, section 3.2.1).
    ///
    /// # Errors
    /// [`Code::InsufficientPermissions`] where no line matches, or where servers would not agree on what the path means.
    pub fn demand(&self, method: &str, target: &str) -> Result<Demand, Refusal> {
        let Matched { route, device } = self.find(method, target)?;
        Ok(Demand { kind: route.kind, permissions: route.permissions.clone(), device })
    }

    /// The line that decides about this request.
    pub fn find(&self, method: &str, target: &str) -> Result<Matched<'_>, Refusal> {
        let refused = |why: String| {
            let detail = format!("{} {} is refused: {why}", plain(method), plain(target));
            Refusal::new(Code::InsufficientPermissions, detail)
        };
        let path = target::path(target).map_err(|why| {
            refused(format!("{why} Servers do not agree on what that means; send the plain path."))
        })?;
        self.table.find(method, &path).map_err(refused)
    }
}

/// What a proxy forwards, short enough for a sentence and without what a terminal or a header would act upon.
fn plain(sent: &str) -> String {
    const MOST: usize = 200;
    let visible = |c: char| if c.is_ascii_graphic() { c } else { '?' };
    let mut shown: String = sent.chars().take(MOST).map(visible).collect();
    if sent.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// A complaint gets the number of its line.
trait At {
    fn at(self, line: usize) -> LineError;
}

impl At for String {
    fn at(self, line: usize) -> LineError {
        LineError { line, message: self }
    }
}

/// All wrong lines as one refusal of the field `routes`.
#[must_use]
pub fn refusal(wrong: &[LineError]) -> Refusal {
    let mut lines: Vec<_> = wrong.iter().map(|error| error.line).collect();
    lines.dedup();
    let detail = match lines.as_slice() {
        [_] => "One line is not valid; nothing was changed.".to_owned(),
        lines => format!("{} lines are not valid; nothing was changed.", lines.len()),
    };
    let error = |error: &LineError| FieldError {
        field: "routes".to_owned(),
        message: format!("line {}: {}", error.line, error.message),
    };
    Refusal {
        errors: wrong.iter().map(error).collect(),
        ..Refusal::new(Code::InvalidInput, detail)
    }
}
