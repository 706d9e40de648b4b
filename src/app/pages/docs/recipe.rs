//! The parts of a page of recipes: a section that can be linked to, and a file or lines of a shell to copy.

use crate::app::components::button::{Look, Size};
use crate::app::components::copy::CopyButton;
use leptos::prelude::*;

/// Something to copy, under the name of the file that it goes into.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Of the element that holds the text.
    pub id: &'static str,
    pub title: &'static str,
    /// What its button copies, behind the word *Copy*.
    pub what: &'static str,
    /// Written for `https://tokens.example`.
    pub text: &'static str,
}

impl Recipe {
    /// The text for the installation at this public URL.
    #[must_use]
    pub fn at(&self, url: &str) -> String {
        self.text.trim_end().replace("https://tokens.example", url)
    }
}

#[component]
pub fn Section(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section id=id aria-labelledby=format!("{id}-title") class="mt-12 scroll-mt-6">
            <h2 id=format!("{id}-title") class="text-lg font-semibold">
                {title}
            </h2>
            <div class="mt-2 grid gap-4 text-md text-ink-2">{children()}</div>
        </section>
    }
}

#[component]
pub fn Copied(recipe: Recipe, url: String) -> impl IntoView {
    let label = format!("{}-label", recipe.id);
    view! {
        <div class="min-w-0">
            <div class="flex min-h-7 items-center justify-between gap-4">
                <p id=label.clone() class="font-mono text-sm wrap-anywhere text-ink-2">
                    {recipe.title}
                </p>
                <CopyButton
                    from=recipe.id
                    look=Look::Quiet
                    size=Size::Row
                    what=recipe.what
                    class="-mr-2"
                />
            </div>
            <pre
                class="mt-1 overflow-x-auto rounded border border-line bg-sunken px-4 py-3 font-mono text-sm leading-5 text-ink"
                tabindex="0"
                role="group"
                aria-labelledby=label
            >
                <code id=recipe.id translate="no">
                    {recipe.at(&url)}
                </code>
            </pre>
        </div>
    }
}

/// A name of a file, a command or a code in running text.
#[component]
pub fn Code(text: &'static str) -> impl IntoView {
    view! { <code class="font-mono text-sm wrap-anywhere text-ink">{text}</code> }
}
