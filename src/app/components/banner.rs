//! Banners: only for what is wrong now and has a next step. The error summary of a refused form is one.

use super::icon::{Glyph, Icon};
use crate::domain::refusal::Refusal;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Wrong,
    Warning,
    Plain,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Wrong => "border-expired-mark bg-expired-wash text-expired-ink",
            Tone::Warning => "border-expiring-mark bg-expiring-wash text-expiring-ink",
            Tone::Plain => "border-line-2 bg-sunken text-ink-3",
        }
    }
}

/// `lead` is the fact; the children say more and what to do.
#[component]
pub fn Banner(
    tone: Tone,
    #[prop(default = Icon::Warning)] icon: Icon,
    #[prop(into)] lead: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("flex items-start gap-3 rounded border px-4 py-3 {}", tone.class())>
            <Glyph icon=icon class="mt-0.5 size-4 shrink-0" stroke="2" />
            <div class="min-w-0 text-ink-2">
                <strong class="font-medium text-ink">{lead}</strong>
                " "
                {children()}
            </div>
        </div>
    }
}

/// Why a form was refused, with a link to each field concerned. `labels` are field and label, as the form shows them.
///
/// It takes the focus, so that it is read first also without script.
#[component]
pub fn ErrorSummary(
    refusal: Refusal,
    #[prop(default = &[])] labels: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let fields = refusal
        .errors
        .into_iter()
        .map(|error| {
            let known = labels.iter().find(|(field, _)| *field == error.field);
            let label = known.map_or(error.field.clone(), |(_, label)| (*label).to_owned());
            view! {
                <li>
                    <a
                        href=format!("#{}", error.field)
                        rel="external"
                        class=super::button::LINK
                    >
                        {label}
                    </a>
                    ": "
                    {error.message}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let list = (!fields.is_empty()).then(|| view! { <ul class="mt-1 grid gap-0.5">{fields}</ul> });
    view! {
        <div role="alert" tabindex="-1" autofocus class="mb-7 rounded">
            <Banner tone=Tone::Wrong lead=refusal.detail>
                {list}
            </Banner>
        </div>
    }
}
