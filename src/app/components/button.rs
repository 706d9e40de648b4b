//! Buttons, and links that look like them. One primary on a page; what cannot be done now is off, with the reason beside it.

use super::form::Working;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// What a button weighs. `Danger` stands in dialogs, `DangerOutline` on pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    Primary,
    #[default]
    Secondary,
    Danger,
    DangerOutline,
    Quiet,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    #[default]
    Normal,
    /// In a table's row.
    Row,
    /// In a row, an icon alone.
    Icon,
}

const SHAPE: &str = "inline-flex items-center justify-center gap-1.5 rounded font-medium \
                     whitespace-nowrap transition-colors";
const OFF: &str = "border border-dashed border-line-2 bg-paper text-ink-3";

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::Primary => "bg-accent text-on-accent hover:bg-accent-hover",
            Look::Secondary => "border border-line-2 bg-paper text-ink hover:bg-hover",
            Look::Danger => "bg-danger text-on-accent hover:bg-danger-hover",
            Look::DangerOutline => {
                "border border-line-2 bg-paper text-expired-ink hover:border-expired-mark hover:bg-expired-wash"
            }
            Look::Quiet => "text-ink-2 hover:bg-chosen hover:text-ink",
        }
    }
}

impl Size {
    fn class(self) -> &'static str {
        match self {
            Size::Normal => "h-9 px-3.5 max-md:h-10",
            Size::Row => "h-7 px-2 max-md:h-9 text-sm",
            Size::Icon => "size-7 max-md:size-9",
        }
    }
}

pub fn class(look: Look, size: Size, more: &str) -> String {
    format!("{SHAPE} {} {} {more}", size.class(), look.class())
}

/// A form's button. While the form is being sent the verb changes to `working`; nothing else moves.
#[component]
pub fn Button(
    #[prop(optional)] look: Look,
    #[prop(optional)] size: Size,
    #[prop(optional, into)] icon: Option<Icon>,
    /// Sent with the form, where it has more than one button.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] aria_label: Option<String>,
    /// The verb while the form is being sent: "Generating…".
    #[prop(optional)]
    working: &'static str,
    #[prop(default = "")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let sending = use_context::<Working>();
    let busy = move || sending.is_some_and(|sending| sending.0.get()) && !working.is_empty();
    view! {
        <button
            type="submit"
            class=self::class(look, size, class)
            name=name
            value=value
            aria-label=aria_label
            aria-disabled=move || busy().then_some("true")
        >
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            <span class=("hidden", busy)>{children()}</span>
            <span class=("hidden", move || !busy())>{working}</span>
        </button>
    }
}

/// A form's button that is an icon alone; `label` is its name, shown when the pointer rests on it.
#[component]
pub fn IconButton(icon: Icon, label: &'static str) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=self::class(Look::Quiet, Size::Icon, "")
            aria-label=label
            title=label
        >
            <Glyph icon=icon />
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: String,
    #[prop(optional)] look: Look,
    #[prop(optional)] size: Size,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] aria_label: Option<String>,
    /// Leads to an address that the server answers alone, with a redirect.
    #[prop(default = false)]
    external: bool,
    #[prop(default = "")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let rel = external.then_some("external");
    view! {
        <a href=href rel=rel class=self::class(look, size, class) aria-label=aria_label>
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            {children()}
        </a>
    }
}

/// What cannot be done now: dashed, with why in words beside it.
#[component]
pub fn ButtonOff(
    #[prop(into)] label: String,
    #[prop(into)] why: String,
    #[prop(optional)] size: Size,
) -> impl IntoView {
    view! {
        <span class="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
            <button type="button" disabled class=format!("{SHAPE} {} {OFF}", size.class())>
                {label}
            </button>
            <span class="text-sm text-ink-3">{why}</span>
        </span>
    }
}

/// The look of a link inside text.
pub const LINK: &str =
    "text-accent-ink underline decoration-line-2 underline-offset-3 hover:decoration-current";
