//! Values before and after a change in words, and the mark of what was denied: wherever a row of the record is shown.

use super::icon::{Glyph, Icon};
use crate::domain::activity::Activity;
use leptos::either::EitherOf3;
use leptos::prelude::*;

/// More changed values than this are folded away.
const MANY: usize = 4;

/// A field and its values before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

/// What a row changed, each field once.
#[must_use]
pub fn changes(row: &Activity) -> Vec<Change> {
    let added = row.after.keys().filter(|field| !row.before.contains_key(*field));
    let fields = row.before.keys().chain(added);
    let change = |field: &String| Change {
        field: in_words(field),
        before: row.before.get(field).cloned(),
        after: row.after.get(field).cloned(),
    };
    fields.map(change).collect()
}

/// `rate_limit` as `Rate limit`.
fn in_words(field: &str) -> String {
    let mut words = field.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[component]
pub fn Changes(changes: Vec<Change>) -> impl IntoView {
    let many = (changes.len() > MANY).then(|| format!("{} values", changes.len()));
    let rows = changes.into_iter().map(|change| view! { <ChangeRow change=change /> });
    let rows: Vec<_> = rows.collect();
    match (rows.is_empty(), many) {
        (true, _) => EitherOf3::A(()),
        (false, None) => EitherOf3::B(view! { <ul class="mt-1 text-sm">{rows}</ul> }),
        (false, Some(many)) => EitherOf3::C(view! {
            <details class="mt-1 text-sm">
                <summary class="w-fit rounded text-ink-2 underline decoration-line-2 underline-offset-3 hover:decoration-current">
                    {many}
                </summary>
                <ul class="mt-1">{rows}</ul>
            </details>
        }),
    }
}

#[component]
fn ChangeRow(change: Change) -> impl IntoView {
    let Change { field, before, after } = change;
    let value = |text: String| {
        let text = if text.is_empty() { "nothing".to_owned() } else { text };
        view! { <bdi class="whitespace-pre-line wrap-anywhere text-ink-2">{text}</bdi> }
    };
    let arrow = (before.is_some() && after.is_some()).then(|| {
        view! {
            <span class="text-ink-3">
                <span aria-hidden="true">" \u{2192} "</span>
                <span class="sr-only">" became "</span>
            </span>
        }
    });
    view! {
        <li>
            <span class="text-ink-3">{field} ": "</span>
            {before.map(value)}
            {arrow}
            {after.map(value)}
        </li>
    }
}

/// What was tried in vain.
#[component]
pub fn DeniedMark() -> impl IntoView {
    view! {
        <span
            data-testid="denied"
            class="inline-flex h-5 items-center gap-1 rounded-sm bg-expired-wash px-1.5 text-xs font-medium whitespace-nowrap text-expired-ink"
        >
            <Glyph icon=Icon::Ban class="size-3 shrink-0" stroke="2.25" />
            "Denied"
        </span>
    }
}

/// Why it was denied.
#[component]
pub fn DeniedReason(reason: Option<String>) -> impl IntoView {
    reason.map(|reason| {
        view! { <bdi class="mt-0.5 block text-sm wrap-anywhere text-ink-2">{reason}</bdi> }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::activity::Verb;
    use crate::domain::time::Time;

    #[test]
    fn a_change_shows_both_sides_and_each_field_once() {
        let values = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
        };
        let row = Activity {
            id: "a".into(),
            subject_kind: "token".into(),
            subject_id: "t".into(),
            subject: "North plant".into(),
            denied: None,
            at: Time(0),
            actor: "Ines Okafor".into(),
            verb: Verb::TokenEdited,
            before: values(&[("note", "old"), ("rate_limit", "60")]),
            after: values(&[("note", "new"), ("name", "staging")]),
            address: None,
        };
        let said: Vec<_> = changes(&row)
            .into_iter()
            .map(|it| (it.field, it.before.unwrap_or_default(), it.after.unwrap_or_default()))
            .collect();
        let expected = [("Note", "old", "new"), ("Rate limit", "60", ""), ("Name", "", "staging")]
            .map(|(field, before, after)| (field.to_owned(), before.to_owned(), after.to_owned()));
        assert_eq!(said, expected);
    }
}
