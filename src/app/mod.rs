//! What a person sees: the table of pages.

pub mod components;
pub mod layout;
pub mod pages;
pub mod submitted;

use layout::LastFrame;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};
use pages::account::Account;
use pages::edit_token::EditToken;
use pages::invite::Invite;
use pages::members::Members;
use pages::members::invite_member::InviteMember;
use pages::members::member::MemberDetail;
use pages::new_token::NewToken;
use pages::not_found::NotFound;
use pages::set_up::SetUp;
use pages::sign_in::SignIn;
use pages::token::TokenDetail;
use pages::tokens::Tokens;

/// Every page's title. It is written into the document as it is, so no text of a person may end it there.
pub fn title(text: String) -> String {
    format!("{} · Latchkey", text.replace('<', "\u{2039}").replace('>', "\u{203a}"))
}

/// The whole application, the same on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(LastFrame(RwSignal::new(None)));
    view! {
        <Title formatter=title />
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async />
                <Route path=path!("/setup/:code") view=SetUp ssr=SsrMode::Async />
                <Route path=path!("/invite/:code") view=Invite ssr=SsrMode::Async />
                <Route path=path!("/account") view=Account ssr=SsrMode::Async />
                <Route path=path!("/:workgroup/settings/tokens") view=Tokens ssr=SsrMode::Async />
                <Route
                    path=path!("/:workgroup/settings/tokens/new")
                    view=NewToken
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/tokens/:id")
                    view=TokenDetail
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/tokens/:id/edit")
                    view=EditToken
                    ssr=SsrMode::Async
                />
                <Route path=path!("/:workgroup/settings/members") view=Members ssr=SsrMode::Async />
                <Route
                    path=path!("/:workgroup/settings/members/invite")
                    view=InviteMember
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/members/:id")
                    view=MemberDetail
                    ssr=SsrMode::Async
                />
            </FlatRoutes>
        </Router>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_person_ends_the_title() {
        assert_eq!(
            title("</title><b>".into()),
            "\u{2039}/title\u{203a}\u{2039}b\u{203a} · Latchkey"
        );
    }
}
