//! A page with nothing in it yet, or nothing found: a large line, why, and the next thing to do.

use leptos::prelude::*;

#[component]
pub fn Empty(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <section class="mt-10 max-w-[40rem] md:mt-12">
            <h2 class="text-2xl font-semibold">{title}</h2>
            {children()}
        </section>
    }
}
