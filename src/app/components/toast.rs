//! What has just been done, said once at the bottom left. The server names it in the address that it redirects to.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::time::Duration;

const STAYS: Duration = Duration::from_secs(6);

/// The words for `?done=…`; nothing for anything else, so that an address cannot put words in our mouth.
fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "created" => "The token was made.",
        "saved" => "Your changes were saved.",
        "revoked" => "Revoked. Every string of the token stops now.",
        "retired" => "Retired. That string stops now.",
        "device-removed" => "The device was removed, and its tokens were revoked.",
        "group-created" => "The device group was made.",
        "group-removed" => "The device group was removed.",
        "password" => "Your password was changed. Other browsers were signed out.",
        "session" => "Signed out there.",
        "routes" => "The route policies were saved. They count from now on.",
        "routes-removed" => "The route policies were removed.",
        "policy" => "The policy was saved.",
        "clock-confirmed" => "Confirmed. What waited for the clock is done at the next sweep.",
        "workgroup-made" => "The workgroup was made.",
        "owner" => "You own the workgroup now. Its Activity says so.",
        "user-made" => "The user was made. A mail with a link to set their password is on its way.",
        "disabled" => "Disabled. They were signed out everywhere.",
        "enabled" => "Enabled. They can sign in again.",
        "administrator" => "They administer this installation now.",
        "no-administrator" => "They administer this installation no more.",
        "permission-added" => "The permission was added.",
        "permission-retired" => "Retired. Nobody is given it anew.",
        "permission-restored" => "Restored. It can be granted again.",
        "permission-deleted" => "The permission was deleted.",
        "import-started" => "The import was started.",
        "import-discarded" => "The file was thrown away; nothing was made.",
        "invited" => "Invited. The letter with the link is on its way.",
        "sent-again" => "Sent again. Only the link in the newest letter works.",
        "withdrawn" => "Withdrawn. The link stops working now.",
        "member-removed" => "Removed. They have lost access; the tokens that they issued live on.",
        "test-mail" => "A test mail to you is on its way. Its row says how it was taken.",
        "notice-sent-again" => "On its way again, as a letter of its own.",
        "calendar-made" => "The calendar has an address now.",
        "calendar-changed" => "Changed. The old address leads nowhere any more.",
        "calendar-stopped" => "Stopped. The calendar has no address any more.",
        "joined" => "You are a member now.",
        _ => return None,
    })
}

/// Shows the toast that the address asks for. It leaves after six seconds unless the pointer rests on it.
#[component]
pub fn Done() -> impl IntoView {
    let query = use_query_map();
    let said = Memo::new(move |_| query.read().get("done").as_deref().and_then(words));
    move || said.get().map(|words| view! { <Toast words=words /> })
}

#[component]
fn Toast(words: &'static str) -> impl IntoView {
    let gone = RwSignal::new(false);
    let alive = RwSignal::new(false);
    let rested = RwSignal::new(false);
    Effect::new(move || {
        alive.set(true);
        if !rested.get()
            && let Ok(handle) = set_timeout_with_handle(move || gone.set(true), STAYS)
        {
            on_cleanup(move || handle.clear());
        }
    });
    let close = move || {
        view! {
            <button
                type="button"
                class="grid size-7 place-items-center rounded text-ink-3 transition-colors hover:bg-chosen hover:text-ink max-md:size-9"
                aria-label="Close"
                on:click=move |_| gone.set(true)
            >
                <Glyph icon=Icon::Close />
            </button>
        }
    };
    view! {
        <div
            role="status"
            class="fixed bottom-4 left-4 z-20 flex w-fit max-w-[calc(100%-2rem)] items-center gap-3 rounded border border-line bg-raised py-2.5 pl-4 pr-2 shadow-float md:bottom-6 md:left-20 lg:left-64"
            class=("hidden", move || gone.get())
            on:pointerenter=move |_| rested.set(true)
            on:pointerleave=move |_| rested.set(false)
        >
            <Glyph icon=Icon::CheckCircle class="size-4 shrink-0 text-active-ink" stroke="2" />
            <span class="pr-2">{words}</span>
            <Show when=move || alive.get()>{close()}</Show>
        </div>
    }
}
