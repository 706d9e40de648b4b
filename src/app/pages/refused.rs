//! What a page shows when its question was refused: what happened, what is missing, and the next thing to do.

use crate::app::components::button::{ButtonLink, LINK, Look};
use crate::app::layout::use_workgroup;
use crate::domain::refusal::{Code, Refusal};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use leptos_router::location::Url;

#[component]
pub fn Refused(refusal: Refusal) -> impl IntoView {
    let location = use_location();
    let here = move || {
        let search = location.search.get();
        let search = search.trim_start_matches('?');
        let query = if search.is_empty() { String::new() } else { format!("?{search}") };
        format!("{}{query}", location.pathname.get())
    };
    let sign_in = move || format!("/sign-in?next={}", Url::escape(&here()));
    let title = match refusal.code {
        Code::NotFound => "There is no such page",
        Code::InsufficientPermissions => "You cannot do this here",
        Code::SignInRequired => "Sign in first",
        code => code.title(),
    };
    let next = match refusal.code {
        Code::SignInRequired => view! {
            <ButtonLink href=sign_in() look=Look::Primary>
                "Sign in"
            </ButtonLink>
        }
        .into_any(),
        Code::NotFound | Code::InsufficientPermissions => view! { <BackToStart /> }.into_any(),
        _ => view! { <ButtonLink href=here()>"Try again"</ButtonLink> }.into_any(),
    };
    view! {
        <Title text=title />
        <h1 class="text-xl font-semibold">{title}</h1>
        <p class="mt-1.5 max-w-[40rem] text-md text-ink-2">{refusal.detail}</p>
        <div class="mt-6">{next}</div>
    }
}

#[component]
fn BackToStart() -> impl IntoView {
    let workgroup = use_workgroup();
    let start = move || {
        let slug = workgroup.get();
        if slug.is_empty() { "/".to_owned() } else { format!("/{slug}/settings") }
    };
    // The server leads on from there: no page that the browser could show by itself.
    view! {
        <p class="text-ink-2">
            <a class=LINK rel="external" href=start>
                "Back to the start"
            </a>
        </p>
    }
}
