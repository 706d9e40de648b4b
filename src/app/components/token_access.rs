//! What a token may do and where, in a cell: the gravest permission first, the rest counted.

use super::chip::{Chip, Scope};
use super::icon::{Glyph, Icon};
use crate::domain::permission::{Permission, READ};
use crate::domain::token::{Kind, Reach, Token};
use leptos::either::Either;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Two chips that are longer together do not fit beside each other.
const ROOM: usize = 26;

/// Given as context: how the permissions of the rows below are called today.
#[derive(Clone)]
pub struct Catalogue(pub Vec<Permission>);

/// A permission's label and whether it is powerful; a name that the catalogue does not know stands for itself.
type Label = (String, bool);

/// The chips to show, and the labels behind "+2". Read, which every access token has, shows only when alone.
fn chips(names: &BTreeSet<String>, catalogue: &[Permission]) -> (Vec<Label>, Vec<String>) {
    let place = |name: &str| catalogue.iter().position(|known| known.name == name);
    let label = |name: &String| match place(name) {
        Some(at) => (catalogue[at].label.clone(), catalogue[at].powerful),
        None => (name.clone(), false),
    };
    let mut named: Vec<_> = names.iter().filter(|name| *name != READ || names.len() == 1).collect();
    named.sort_by_key(|name| {
        let at = place(name);
        (!at.is_some_and(|at| catalogue[at].powerful), at.unwrap_or(usize::MAX))
    });
    let mut labels: Vec<Label> = named.into_iter().map(label).collect();
    let pair = labels.len() == 2
        && labels.iter().map(|(label, _)| label.chars().count()).sum::<usize>() <= ROOM;
    let rest = labels.split_off(labels.len().min(if pair { 2 } else { 1 }));
    (labels, rest.into_iter().map(|(label, _)| label).collect())
}

/// Its permissions as chips, or the scopes of a legacy token as they came. `tight`: a second chip waits for a wide window.
#[component]
pub fn AccessChips(token: Token, #[prop(default = false)] tight: bool) -> impl IntoView {
    if token.kind == Kind::Legacy {
        return Either::Left(scopes(token.scopes));
    }
    let catalogue = use_context::<Catalogue>().map(|known| known.0).unwrap_or_default();
    let (mut shown, rest) = chips(&token.permissions, &catalogue);
    let second = if shown.len() > 1 { shown.pop() } else { None };
    let instead = second.clone().filter(|_| tight).map(|(label, _)| {
        view! {
            <span class="contents min-[88rem]:hidden">
                <More rest=vec![label] />
            </span>
        }
    });
    let beside = if tight { "contents max-[88rem]:hidden" } else { "contents" };
    let chip = |(label, powerful): Label| view! { <Chip label=label powerful=powerful /> };
    Either::Right(view! {
        <span class="flex min-w-0 items-center gap-1">
            {shown.into_iter().map(chip).collect_view()}
            {second.map(|second| view! { <span class=beside>{chip(second)}</span> })} {instead}
            <More rest=rest />
        </span>
    })
}

fn scopes(mut scopes: Vec<String>) -> impl IntoView {
    let rest = scopes.split_off(scopes.len().min(2));
    let scope = |text: String| {
        view! {
            <span class="flex min-w-0">
                <Scope text=text />
            </span>
        }
    };
    view! {
        <span class="flex min-w-0 items-center gap-1">
            {scopes.into_iter().map(scope).collect_view()}
            <More rest=rest />
        </span>
    }
}

#[component]
fn More(rest: Vec<String>) -> impl IntoView {
    (!rest.is_empty()).then(|| {
        let names = rest.join(", ");
        view! {
            <span class="shrink-0 text-xs text-ink-3" title=names.clone()>
                <span aria-hidden="true">{format!("+{}", rest.len())}</span>
                <span class="sr-only">{format!("and {names}")}</span>
            </span>
        }
    })
}

/// What the token opens.
#[component]
pub fn ReachWords(token: Token) -> impl IntoView {
    let icon = match (&token.reach, token.kind) {
        (Reach::Group { .. }, _) => Some(Icon::Layers),
        (Reach::Device { .. }, _) => Some(Icon::Device),
        (Reach::Workgroup, _) => None,
    };
    let words = match token.kind {
        Kind::Legacy => "Scopes as imported".to_owned(),
        _ => token.reach.label().to_owned(),
    };
    view! {
        <span class="flex min-w-0 items-center gap-1.5 text-sm text-ink-3">
            {icon.map(|icon| view! { <Glyph icon=icon class="size-3.5 shrink-0 text-ink-3" /> })}
            <bdi class="truncate">{words}</bdi>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::catalogue_at_first_start;

    #[test]
    fn the_gravest_permission_stands_first_and_the_rest_is_counted() {
        let cases: [(&[&str], &[&str], &[&str]); 6] = [
            (&["read"], &["Read"], &[]),
            (&["read", "discovery"], &["Discovery"], &[]),
            (&["read", "discovery", "devices.control"], &["Control devices", "Discovery"], &[]),
            (
                &["read", "dashboards.manage", "discovery"],
                &["Discovery"],
                &["Manage searches and dashboards"],
            ),
            (
                &["access.manage", "discovery", "tunnel", "x.own"],
                &["Tunnel"],
                &["Manage access", "Discovery", "x.own"],
            ),
            (&[], &[], &[]),
        ];
        for (names, shown, rest) in cases {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            let (got, more) = chips(&names, &catalogue_at_first_start());
            let got: Vec<_> = got.iter().map(|(label, _)| label.as_str()).collect();
            assert_eq!(
                (got.as_slice(), more.as_slice()),
                (shown, &*rest.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>())
            );
        }
    }
}
