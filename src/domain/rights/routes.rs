//! Who reads and sets a workgroup's route policies without owning it.

use crate::domain::activity::Actor;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;
use crate::domain::routes::Route;

impl Seat {
    /// Route policies are of the whole workgroup: whoever manages access in all of it reads and tries them.
    pub fn reads_routes(&self) -> Result<(), Refusal> {
        self.manages_access()?;
        let Some(group) = &self.rights.group else { return Ok(()) };
        Err(Refusal::new(
            Code::InsufficientPermissions,
            format!(
                "This is bound to the device group {}, and route policies are of the whole workgroup.",
                group.name
            ),
        ))
    }

    /// Its owners set them, and programs that manage access in all of it.
    pub fn sets_routes(&self) -> Result<(), Refusal> {
        match self.actor {
            Actor::Token { .. } => self.reads_routes(),
            Actor::Person { .. } | Actor::CommandLine | Actor::Clock => self.owns(),
        }
    }

    /// Nobody opens a path with what they do not hold: whoever sets route policies without owning the workgroup holds all that
    /// the lines ask which stood and which are to stand.
    pub fn holds_all_of<'a>(
        &self,
        lines: impl IntoIterator<Item = &'a Route>,
    ) -> Result<(), Refusal> {
        let mut asked = lines.into_iter().flat_map(|line| &line.permissions);
        let Some(missing) = asked.find(|name| !self.rights.holds(name)) else { return Ok(()) };
        Err(Refusal::missing_permission(
            missing,
            format!(
                "Route policies that ask for {missing}, before or after the change, are set by who holds it. This token does not; an owner of {} can set them.",
                self.workgroup.name
            ),
        ))
    }
}
