//! What stands round a person's pages.

use crate::domain::answers::{AccountPage, Frame, SignInPage};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::viewer::Visit;

pub async fn show(_visit: &Visit, _workgroup: Option<&str>) -> Result<Frame> {
    unimplemented!()
}

pub async fn sign_in_page(_state: &AppState) -> Result<SignInPage> {
    unimplemented!()
}

pub async fn account_page(_visit: &Visit) -> Result<AccountPage> {
    unimplemented!()
}
