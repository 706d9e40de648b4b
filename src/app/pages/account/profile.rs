//! One's own name and time zone.

use crate::app::components::button::Button;
use crate::app::components::field::Field;
use crate::app::components::form::{Hidden, PostForm};
use crate::app::components::time_zone::TimeZoneField;
use crate::app::submitted::Filled;
use crate::domain::user::User;
use leptos::prelude::*;

#[component]
pub fn Profile(user: User) -> impl IntoView {
    let filled = Filled::of_action("profile");
    view! {
        <section aria-labelledby="profile-title" class="border-t border-line pt-6">
            <h2 id="profile-title" class="font-semibold">
                "You"
            </h2>
            <p class="mt-0.5 mb-5 text-sm text-ink-3">
                "Your name is what members of your workgroups see."
            </p>
            <PostForm action="/account" class="grid max-w-[22rem] gap-5">
                <Hidden name="action" value="profile" />
                <Field
                    label="Your name"
                    name="name"
                    autocomplete="name"
                    required=true
                    max=80
                    value=filled.value("name", &user.name)
                    error=filled.error("name")
                />
                <TimeZoneField
                    help="Mail about the workgroups that you own comes at 08:00 there."
                    value=filled.value("time_zone", &user.time_zone)
                    error=filled.error("time_zone")
                />
                <div>
                    <Button working="Saving…">"Save changes"</Button>
                </div>
            </PostForm>
        </section>
    }
}
