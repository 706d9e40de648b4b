//! How to renew a token on a schedule: recipes for whoever holds one, with or without an account.

mod sections;

use crate::app::components::banner::ErrorSummary;
use crate::app::components::button::LINK;
use crate::app::components::mark::Keyhole;
use crate::rpc;
use leptos::prelude::*;
use leptos_meta::Title;
use sections::{Cron, Kubernetes, Once, PowerShell, Script, Systemd, Trouble};

/// The sections, in their order.
const SECTIONS: [(&str, &str); 7] = [
    ("once", "Once, by hand"),
    ("script", "The script"),
    ("cron", "cron"),
    ("systemd", "systemd timer"),
    ("kubernetes", "Kubernetes CronJob"),
    ("powershell", "PowerShell"),
    ("trouble", "When it does not work"),
];

#[component]
pub fn RenewalRecipes() -> impl IntoView {
    let url = Resource::new(|| (), |()| rpc::session::read_public_url());
    view! {
        <Title text="Renew a token on a schedule" />
        <a
            href="#main"
            rel="external"
            class="sr-only focus:not-sr-only focus:absolute focus:left-3 focus:top-3 focus:z-20 focus:rounded focus:bg-raised focus:px-3 focus:py-2 focus:shadow-float"
        >
            "Skip to the page"
        </a>
        <header class="mx-auto flex max-w-[46rem] items-center gap-2.5 px-4 pt-6 text-ink-3 md:px-6 md:pt-12">
            <Keyhole />
            "Latchkey"
        </header>
        <main id="main" tabindex="-1" class="mx-auto max-w-[46rem] px-4 pb-16 md:px-6">
            <h1 class="mt-8 text-2xl font-semibold">"Renew a token on a schedule"</h1>
            <p class="mt-3 text-md text-ink-2">
                "A token that may renew needs nobody: whoever holds it asks for the next string with one call, with the same permissions. What renews in time is sent no mail."
            </p>
            <Suspense>
                {move || Suspend::new(async move {
                    match url.await {
                        Ok(url) => view! { <Recipes url=url /> }.into_any(),
                        Err(refusal) => view! { <ErrorSummary refusal=refusal labels=&[] /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn Recipes(url: String) -> impl IntoView {
    let links = SECTIONS
        .map(|(id, title)| {
            view! {
                <li>
                    <a href=format!("#{id}") rel="external" class=LINK>
                        {title}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label="Recipes" class="mt-6">
            <ul class="flex flex-wrap gap-x-5 gap-y-2 text-md">{links}</ul>
        </nav>
        <Once url=url.clone() />
        <Script url=url.clone() />
        <Cron url=url.clone() />
        <Systemd url=url.clone() />
        <Kubernetes url=url.clone() />
        <PowerShell url=url />
        <Trouble />
    }
}
