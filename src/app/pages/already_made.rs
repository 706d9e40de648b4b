//! The answer to a form that was posted a second time: the token was made once, and its string was shown then.

use crate::app::components::button::{ButtonLink, Look};
use crate::app::components::mark::Keyhole;
use crate::domain::token::Token;
use crate::domain::workgroup::Workgroup;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn AlreadyMade(
    workgroup: Workgroup,
    token: Token,
    /// The page of the device that was registered along with it.
    device: Option<String>,
) -> impl IntoView {
    let page = format!("/{}/settings/tokens/{}", workgroup.slug, token.id);
    let reissue = format!("{page}?dialog=reissue");
    let open = device.map(|href| {
        view! {
            <ButtonLink href=href look=Look::Primary>
                "Open the device"
            </ButtonLink>
        }
    });
    let token_look = if open.is_some() { Look::Secondary } else { Look::Primary };
    view! {
        <Title formatter=crate::app::title text="Already made" />
        <div class="min-h-dvh px-4 py-6 md:px-6 md:py-12">
            <main class="mx-auto max-w-[42rem]">
                <p class="flex items-center gap-2.5 text-ink-3">
                    <Keyhole />
                    <bdi>{workgroup.name}</bdi>
                </p>
                <h1 class="mt-8 text-2xl font-semibold md:mt-14">"Already made"</h1>
                <p class="mt-2 text-md text-ink-2">
                    "This form was sent before. It made one string, "
                    <code class="font-mono whitespace-nowrap">{token.hint().to_owned()}</code> " of "
                    <bdi class="font-medium text-ink">{token.title()}</bdi>
                    ", and showed it then. Nothing was made this time, and a string is never shown again."
                </p>
                <p class="mt-3 text-md text-ink-2">
                    "If it was lost, Reissue token gives a new one."
                </p>
                <div class="mt-7 flex gap-2 max-md:flex-col">
                    {open}
                    <ButtonLink href=page look=token_look>
                        "Open the token"
                    </ButtonLink>
                    <ButtonLink href=reissue>"Reissue token"</ButtonLink>
                </div>
            </main>
        </div>
    }
}
