//! What the pointer reads on a part of a drawing. An HTML `title` of the same name would say nothing there.

use leptos::prelude::*;
use leptos::svg;

/// The `title` element of SVG, which `view!` takes for that of HTML.
pub fn tooltip(text: String) -> impl IntoView {
    svg::title().child(text)
}
