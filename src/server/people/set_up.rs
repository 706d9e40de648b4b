//! The first administrator and workgroup, made in the browser by a one-time link.

use crate::domain::answers::SetUpPage;
use crate::server::error::Result;
use crate::server::state::AppState;

pub async fn page(_state: &AppState, _code: &str) -> Result<SetUpPage> {
    unimplemented!()
}
