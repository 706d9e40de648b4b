//! The new-token form.

use crate::domain::answers::NewTokenPage;
use crate::server::error::Result;
use crate::server::viewer::Visit;

pub async fn page(_visit: &Visit, _slug: &str, _like: Option<&str>, _device: bool) -> Result<NewTokenPage> {
    unimplemented!()
}
