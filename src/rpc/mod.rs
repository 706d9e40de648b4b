//! The seam: server functions only, each a public endpoint that reads. Whatever changes something is a form post (`server::http::forms`).

pub mod activity;
pub mod administration;
pub mod devices;
pub mod groups;
pub mod imports;
pub mod letters;
pub mod members;
pub mod notices;
pub mod policy;
pub mod routes;
pub mod session;
pub mod tokens;

use crate::domain::refusal::{Code, Refusal};
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    /// The transport failed, or an answer could not be read: the text of the other error stays where it was.
    fn from_server_fn_error(_: ServerFnErrorErr) -> Refusal {
        Refusal::new(
            Code::Unavailable,
            "Latchkey did not answer. What you see may be old; try again in a moment.",
        )
    }
}
