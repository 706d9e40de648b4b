//! The browser's entry: brings the server's HTML to life. Nothing else lives here.
#![cfg(feature = "hydrate")]

use crate::app::App;

/// Called by the small script that the document loads.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
