//! Who asks: a request becomes a visit of a signed-in person, and a person in a workgroup becomes a seat with rights.

use super::error::{Error, Result};
use super::state::AppState;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::user::User;

/// One request of a browser.
#[derive(Clone, Debug)]
pub struct Visit {
    pub state: AppState,
    /// The client's true address.
    pub address: String,
    pub person: Option<User>,
}

impl Visit {
    /// The visit that the page or server function runs in.
    pub fn current() -> std::result::Result<Visit, Refusal> {
        unimplemented!()
    }

    /// The signed-in person.
    pub fn person(&self) -> Result<&User> {
        unimplemented!()
    }

    /// The person's seat in a workgroup, with rights read anew; a workgroup that they are no member of does not exist.
    pub async fn seat(&self, _slug: &str) -> Result<Seat> {
        unimplemented!()
    }

    /// What the page gets; sets the status of the page that is being rendered.
    pub fn answer<T>(&self, answer: Result<T>) -> std::result::Result<T, Refusal> {
        answer.map_err(Error::into_refusal)
    }
}
