//! Fields with their label, help and error. What was typed stays; an error stands below its field and is tied to it.

use super::icon::{Glyph, Icon};
use leptos::html;
use leptos::prelude::*;

const BOX: &str = "w-full rounded border bg-paper px-3 text-ink max-md:text-field";

/// The look of an input that is 40 high; `wrong` reddens its edge.
#[must_use]
pub fn box_class(wrong: bool) -> String {
    let edge = if wrong { "border-expired-mark" } else { "border-edge" };
    format!("{BOX} h-10 max-md:h-11 {edge}")
}

/// The ids of help and error that a field is described by.
pub(super) fn described_by(id: &str, help: bool, error: bool) -> Option<String> {
    let ids = [(help, "help"), (error, "error")];
    let ids: Vec<_> =
        ids.iter().filter(|(on, _)| *on).map(|(_, what)| format!("{id}-{what}")).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// A sentence below a field: what is wrong with it.
#[component]
pub fn FieldError(#[prop(into)] id: String, #[prop(into)] message: String) -> impl IntoView {
    view! {
        <p id=id class="mt-1.5 flex items-start gap-1.5 text-sm text-expired-ink">
            <Glyph icon=Icon::Warning class="mt-0.75 size-3.5 shrink-0" stroke="2" />
            <span>{message}</span>
        </p>
    }
}

#[component]
pub(super) fn LabelAndHelp(
    id: String,
    label: &'static str,
    help: Option<String>,
    #[prop(default = false)] optional: bool,
) -> impl IntoView {
    let help_id = format!("{id}-help");
    view! {
        <div class="flex items-baseline gap-2">
            <label for=id class="block font-medium">
                {label}
            </label>
            {optional.then(|| view! { <span class="text-sm text-ink-3">"Optional"</span> })}
        </div>
        {help.map(|help| view! { <p id=help_id class="mt-0.5 text-sm text-ink-3">{help}</p> })}
    }
}

/// One line of text. Its id is its name unless `id` says otherwise.
#[component]
pub fn Field(
    label: &'static str,
    name: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(into)] value: String,
    #[prop(default = None)] error: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(default = false)] required: bool,
    #[prop(default = false)] optional: bool,
    #[prop(optional)] max: Option<u32>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] list: Option<&'static str>,
    #[prop(default = false)] autofocus: bool,
    #[prop(default = None)] inputmode: Option<&'static str>,
    #[prop(default = "")] class: &'static str,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Input>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.to_owned());
    let described = described_by(&id, help.is_some(), error.is_some());
    let wrong = error.is_some();
    let error_id = format!("{id}-error");
    view! {
        <div class=class>
            <LabelAndHelp id=id.clone() label=label help=help optional=optional />
            <input
                id=id
                name=name
                type=kind
                value=value
                class=format!("mt-2 {}", box_class(wrong))
                required=required
                maxlength=max
                autocomplete=autocomplete
                autofocus=autofocus
                list=list
                inputmode=inputmode
                spellcheck="false"
                dir="auto"
                aria-describedby=described
                aria-invalid=wrong.then_some("true")
                node_ref=node_ref
            />
            {error.map(|message| view! { <FieldError id=error_id message=message /> })}
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    label: &'static str,
    name: &'static str,
    #[prop(into)] value: String,
    #[prop(default = None)] error: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(default = false)] optional: bool,
    #[prop(optional)] max: Option<u32>,
    #[prop(default = "3")] rows: &'static str,
    /// Lines that are read by a program: in letters of one width, never broken.
    #[prop(default = false)]
    code: bool,
) -> impl IntoView {
    let described = described_by(name, help.is_some(), error.is_some());
    let wrong = error.is_some();
    let edge = if wrong { "border-expired-mark" } else { "border-edge" };
    let look = if code { "overflow-x-auto font-mono text-sm whitespace-pre" } else { "" };
    let area = html::textarea()
        .id(name)
        .name(name)
        .rows(rows)
        .class(format!("mt-2 block min-h-20 py-2 {BOX} {edge} {look}"))
        .maxlength(max)
        .dir(if code { "ltr" } else { "auto" })
        .spellcheck(if code { "false" } else { "true" })
        .aria_describedby(described)
        .aria_invalid(wrong.then_some("true"));
    // An empty text is rendered as a space, which would then stand in the box.
    let area = if value.is_empty() {
        area.into_any()
    } else {
        area.inner_html(as_markup(&value)).into_any()
    };
    view! {
        <div>
            <LabelAndHelp id=name.to_owned() label=label help=help optional=optional />
            {area}
            {error
                .map(|message| {
                    view! { <FieldError id=format!("{name}-error") message=message /> }
                })}
        </div>
    }
}

/// Text that cannot end the element it stands in: leptos writes the children of a textarea as they are.
fn as_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A choice among many; `options` are value and words.
#[component]
pub fn Select(
    label: &'static str,
    name: &'static str,
    #[prop(into)] value: String,
    options: Vec<(String, String)>,
    #[prop(default = None)] error: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(default = false)] required: bool,
) -> impl IntoView {
    let described = described_by(name, help.is_some(), error.is_some());
    let wrong = error.is_some();
    let options = options
        .into_iter()
        .map(|(code, words)| {
            let chosen = code == value;
            view! {
                <option value=code selected=chosen>
                    {words}
                </option>
            }
        })
        .collect_view();
    view! {
        <div>
            <LabelAndHelp id=name.to_owned() label=label help=help />
            <div class="relative mt-2">
                <select
                    id=name
                    name=name
                    required=required
                    class=format!("appearance-none pr-9 {}", box_class(wrong))
                    aria-describedby=described
                    aria-invalid=wrong.then_some("true")
                >
                    {options}
                </select>
                <Glyph
                    icon=Icon::ChevronDown
                    class="pointer-events-none absolute right-3 top-1/2 size-4 -translate-y-1/2 shrink-0 text-ink-3"
                />
            </div>
            {error
                .map(|message| {
                    view! { <FieldError id=format!("{name}-error") message=message /> }
                })}
        </div>
    }
}

/// A box to tick; its name is the label alone, `help` its description.
#[component]
pub fn Tick(
    #[prop(into)] label: String,
    name: &'static str,
    #[prop(default = "on")] value: &'static str,
    checked: bool,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.to_owned());
    let (label_id, help_id) = (format!("{id}-label"), format!("{id}-help"));
    let described = help.is_some().then(|| help_id.clone());
    view! {
        <label class="grid grid-cols-[1rem_minmax(0,1fr)] items-start gap-x-3">
            <input
                type="checkbox"
                id=id
                name=name
                value=value
                checked=checked
                class="mt-0.5"
                aria-labelledby=label_id.clone()
                aria-describedby=described
            />
            <span>
                <span id=label_id class="block font-medium">
                    {label}
                </span>
                {help
                    .map(|help| {
                        view! {
                            <span id=help_id class="block text-sm text-ink-3">
                                {help}
                            </span>
                        }
                    })}
            </span>
        </label>
    }
}
