//! What the page of the route policies is answered with.

use super::{Family, LineError, RawTrial, Route, Verdict};
use crate::domain::activity::Activity;
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::time::Time;
use crate::domain::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// The route policies of a workgroup as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenRoutes {
    /// As it was written; `None`: the workgroup has none.
    pub text: Option<String>,
    pub family: Option<Family>,
    /// How often it was edited, as an edit names it.
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutesPage {
    pub workgroup: Workgroup,
    pub written: WrittenRoutes,
    /// What its lines mean, in their order.
    pub routes: Vec<Route>,
    /// Lines that the catalogue has made void since they were written.
    pub void: Vec<LineError>,
    pub catalogue: Vec<Permission>,
    /// The last change.
    pub last: Option<Activity>,
    pub public_url: String,
    /// What was tried, if anything was.
    pub tried: Option<(RawTrial, Result<Verdict, Refusal>)>,
    pub now: Time,
}
