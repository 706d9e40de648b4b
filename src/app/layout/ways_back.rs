//! On pages that belong to no workgroup: the ways back to one's own.

use crate::app::components::mark::Initials;
use crate::domain::workgroup::Workgroup;
use leptos::prelude::*;

#[component]
pub fn WaysBack(workgroups: Vec<Workgroup>, in_rail: bool) -> impl IntoView {
    let (height, words) = if in_rail {
        ("h-8 px-2 max-lg:justify-center", "max-lg:sr-only")
    } else {
        ("h-11 px-3", "")
    };
    let links = workgroups
        .into_iter()
        .map(|workgroup| {
            let (name, title) = (workgroup.name.clone(), workgroup.name.clone());
            view! {
                <a
                    href=format!("/{}/settings", workgroup.slug)
                    rel="external"
                    title=in_rail.then_some(title)
                    class=format!(
                        "flex items-center gap-2.5 rounded text-ink-2 transition-colors hover:bg-chosen hover:text-ink {height}",
                    )
                >
                    <Initials name=name framed=true />
                    <bdi class=format!("min-w-0 flex-1 truncate {words}")>{workgroup.name}</bdi>
                </a>
            }
        })
        .collect::<Vec<_>>();
    (!links.is_empty()).then(|| view! { <nav aria-label="Your workgroups">{links}</nav> })
}
