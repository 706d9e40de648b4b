//! Who reads a workgroup's route policies without owning it.

use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;

impl Seat {
    /// Route policies are of the whole workgroup: its owners set them, whoever manages access in all of it reads and tries them.
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
}
