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
use pages::activity::Activity;
use pages::administration::new_user::NewUser;
use pages::administration::new_workgroup::NewWorkgroup;
use pages::administration::permission::{EditPermission, NewPermission};
use pages::administration::permissions::Permissions;
use pages::administration::record::Record;
use pages::administration::users::Users;
use pages::administration::workgroup::EditWorkgroup;
use pages::administration::workgroups::Workgroups;
use pages::device::DeviceDetail;
use pages::device_group::DeviceGroupDetail;
use pages::device_groups::DeviceGroups;
use pages::devices::Devices;
use pages::docs::renewal::RenewalRecipes;
use pages::edit_device::EditDevice;
use pages::edit_device_group::EditDeviceGroup;
use pages::edit_token::EditToken;
use pages::forgot::Forgot;
use pages::import::ImportDetail;
use pages::import_devices::ImportDevices;
use pages::import_tokens::ImportTokens;
use pages::invite::Invite;
use pages::letter::LetterDetail;
use pages::letter_preview::LetterPreview;
use pages::members::Members;
use pages::members::invite_member::InviteMember;
use pages::members::member::MemberDetail;
use pages::new_device::NewDevice;
use pages::new_device_group::NewDeviceGroup;
use pages::new_token::NewToken;
use pages::not_found::NotFound;
use pages::notices::Notices;
use pages::policy::Policy;
use pages::reset::Reset;
use pages::routes::RoutePolicies;
use pages::set_up::SetUp;
use pages::sign_in::SignIn;
use pages::token::TokenDetail;
use pages::tokens::Tokens;
use pages::unsubscribe::Unsubscribe;

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
                <Route path=path!("/reset") view=Forgot ssr=SsrMode::Async />
                <Route path=path!("/reset/:code") view=Reset ssr=SsrMode::Async />
                <Route path=path!("/unsubscribe/:code") view=Unsubscribe ssr=SsrMode::Async />
                <Route path=path!("/docs/renewal") view=RenewalRecipes ssr=SsrMode::Async />
                <Route path=path!("/account") view=Account ssr=SsrMode::Async />
                <Route path=path!("/administration") view=Workgroups ssr=SsrMode::Async />
                <Route path=path!("/administration/activity") view=Record ssr=SsrMode::Async />
                <Route
                    path=path!("/administration/permissions")
                    view=Permissions
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/administration/permissions/new")
                    view=NewPermission
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/administration/permissions/:name")
                    view=EditPermission
                    ssr=SsrMode::Async
                />
                <Route path=path!("/administration/users") view=Users ssr=SsrMode::Async />
                <Route path=path!("/administration/users/new") view=NewUser ssr=SsrMode::Async />
                <Route
                    path=path!("/administration/workgroups/new")
                    view=NewWorkgroup
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/administration/workgroups/:slug")
                    view=EditWorkgroup
                    ssr=SsrMode::Async
                />
                <Route path=path!("/:workgroup/settings/tokens") view=Tokens ssr=SsrMode::Async />
                <Route
                    path=path!("/:workgroup/settings/tokens/import")
                    view=ImportTokens
                    ssr=SsrMode::Async
                />
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
                <Route path=path!("/:workgroup/settings/devices") view=Devices ssr=SsrMode::Async />
                <Route
                    path=path!("/:workgroup/settings/devices/import")
                    view=ImportDevices
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/devices/new")
                    view=NewDevice
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/devices/:id")
                    view=DeviceDetail
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/devices/:id/edit")
                    view=EditDevice
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/device-groups")
                    view=DeviceGroups
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/device-groups/new")
                    view=NewDeviceGroup
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/device-groups/:id")
                    view=DeviceGroupDetail
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/device-groups/:id/edit")
                    view=EditDeviceGroup
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/imports/:id")
                    view=ImportDetail
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
                <Route path=path!("/:workgroup/settings/notices") view=Notices ssr=SsrMode::Async />
                <Route
                    path=path!("/:workgroup/settings/notices/preview")
                    view=LetterPreview
                    ssr=SsrMode::Async
                />
                // Where the calendar's forms are posted to: a refused one is answered by the page that has them.
                <Route
                    path=path!("/:workgroup/settings/notices/calendar")
                    view=Notices
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/notices/:id")
                    view=LetterDetail
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/:workgroup/settings/activity")
                    view=Activity
                    ssr=SsrMode::Async
                />
                <Route path=path!("/:workgroup/settings/policy") view=Policy ssr=SsrMode::Async />
                <Route
                    path=path!("/:workgroup/settings/routes")
                    view=RoutePolicies
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
