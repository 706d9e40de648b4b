//! One-key shortcuts: they wait while somebody writes, chooses, or has a dialog open.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

/// Where a key means itself.
const WRITING: &str = "input, textarea, select, [contenteditable], dialog";

/// Calls `act` when `key` is pressed anywhere on the page, as long as the caller is on it.
pub fn on_key(key: &'static str, act: impl Fn() + Clone + 'static) {
    Effect::new(move || {
        let act = act.clone();
        let listener = window_event_listener(ev::keydown, move |event: ev::KeyboardEvent| {
            let held = event.ctrl_key() || event.meta_key() || event.alt_key();
            if event.key() != key || held || event.repeat() || is_writing(&event) {
                return;
            }
            event.prevent_default();
            act();
        });
        on_cleanup(move || listener.remove());
    });
}

fn is_writing(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let inside = target.and_then(|it| it.closest(WRITING).ok().flatten()).is_some();
    inside || document().query_selector("dialog[open]").ok().flatten().is_some()
}
