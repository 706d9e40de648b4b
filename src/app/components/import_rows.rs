//! What an import would make: a few facts about the whole file, and its first rows as they were read.

use crate::domain::import::{ImportKind, Preview};
use crate::domain::usage::grouped;
use leptos::prelude::*;

/// Metadata keys and how many rows have them; ends that are out of the ordinary.
#[component]
pub fn Facts(kind: ImportKind, facts: Vec<(String, String)>) -> impl IntoView {
    let title = match kind {
        ImportKind::Devices => "Metadata",
        ImportKind::LegacyTokens => "Expiry",
    };
    (!facts.is_empty()).then(|| {
        let facts = facts.into_iter().map(|(name, value)| {
            view! {
                <div class="flex items-baseline justify-between gap-4 border-b border-line py-2">
                    <dt class="min-w-0 wrap-anywhere text-ink-2">
                        <bdi>{name}</bdi>
                    </dt>
                    <dd class="shrink-0 tabular-nums">{value}</dd>
                </div>
            }
        });
        view! {
            <section aria-labelledby="facts" class="mt-9 max-w-[30rem]">
                <h2 id="facts" class="border-b border-line pb-2 font-semibold">
                    {title}
                </h2>
                <dl>{facts.collect_view()}</dl>
            </section>
        }
    })
}

/// The first rows, as they were read.
#[component]
pub fn Rows(preview: Preview, total: i64) -> impl IntoView {
    let shown = preview.rows.len();
    let heads = preview.columns.into_iter().map(|column| {
        view! {
            <th scope="col" class="px-3 py-2 text-left text-sm font-medium whitespace-nowrap text-ink-3">
                <bdi>{column}</bdi>
            </th>
        }
    });
    let heads = heads.collect_view();
    let rows = preview.rows.into_iter().map(|(line, cells)| view! { <Row line cells /> });
    view! {
        <div class="mt-9">
            <h2 id="rows-title" class="font-semibold">
                {format!("The first {shown} of {} rows", grouped(total))}
            </h2>
            <div
                class="mt-3 overflow-x-auto rounded border border-line"
                tabindex="0"
                role="region"
                aria-labelledby="rows-title"
            >
                <table class="w-full text-sm">
                    <thead>
                        <tr>
                            <th
                                scope="col"
                                class="px-3 py-2 text-left text-sm font-medium text-ink-3"
                            >
                                "Line"
                            </th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
}

#[component]
fn Row(line: i64, cells: Vec<String>) -> impl IntoView {
    let cells = cells.into_iter().map(|cell| {
        let whole = cell.clone();
        view! {
            <td class="max-w-[20rem] truncate px-3 py-2" title=whole>
                <bdi>{cell}</bdi>
            </td>
        }
    });
    view! {
        <tr class="border-t border-line">
            <td class="px-3 py-2 text-ink-3 tabular-nums">{line}</td>
            {cells.collect_view()}
        </tr>
    }
}
