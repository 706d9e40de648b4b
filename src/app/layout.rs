//! The frame round every page of a signed-in person: rail, top bar, skip link, and how an answer is waited for.

mod alarms;
mod rail;
mod top_bar;
mod ways_back;

use crate::app::components::shortcut::on_key;
use crate::app::components::skeleton::Skeleton;
use crate::app::components::time::Ticks;
use crate::app::components::toast::Done;
use crate::app::pages::refused::Refused;
use crate::domain::answers::Frame;
use crate::domain::refusal::Refusal;
use crate::rpc;
use alarms::Alarms;
use leptos::prelude::*;
use leptos::web_sys::js_sys;
use leptos_router::hooks::{use_navigate, use_params_map};
use rail::Rail;
use std::time::Duration;
use top_bar::TopBar;

/// Which page the frame stands round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Tokens,
    Devices,
    DeviceGroups,
    /// Of devices or of tokens: no link of the rail leads to one.
    Imports,
    Members,
    Notices,
    Activity,
    Policy,
    Routes,
    Account,
    Administration,
}

/// The frame that was shown last: a page that is opened by a link keeps it until its own has come.
#[derive(Clone, Copy)]
pub struct LastFrame(pub RwSignal<Option<Frame>>);

/// The workgroup that the address names.
#[must_use]
pub fn use_workgroup() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("workgroup").unwrap_or_default())
}

/// A page of a signed-in person.
#[component]
pub fn Page(section: Section, children: Children) -> impl IntoView {
    let workgroup = use_workgroup();
    let named = move || Some(workgroup.get()).filter(|slug| !slug.is_empty());
    let frame = Resource::new(named, rpc::session::read_frame);
    let last = use_context::<LastFrame>().map(|last| last.0);
    Effect::new(move || {
        if let (Some(last), Some(Ok(frame))) = (last, frame.get()) {
            last.set(Some(frame));
        }
    });
    tick();
    shortcuts(workgroup);
    let wrong = move |frame: Frame| view! { <Alarms frame=frame section=section /> };
    let wrong_before = move || last.and_then(|last| last.get_untracked()).map(wrong);
    let before = move || bars(last.and_then(|last| last.get_untracked()), section);
    view! {
        <div class="min-h-dvh md:grid md:grid-cols-[3.5rem_minmax(0,1fr)] lg:grid-cols-[14.5rem_minmax(0,1fr)]">
            <a
                href="#main"
                rel="external"
                class="sr-only focus:not-sr-only focus:absolute focus:left-3 focus:top-3 focus:z-20 focus:rounded focus:bg-raised focus:px-3 focus:py-2 focus:shadow-float"
            >
                "Skip to the page"
            </a>
            <Suspense fallback=before>
                {move || Suspend::new(async move { bars(frame.await.ok(), section) })}
            </Suspense>
            <main
                id="main"
                tabindex="-1"
                class="min-w-0 px-4 py-5 md:px-6 md:py-7 xl:px-8 xl:py-8 2xl:px-10"
            >
                <div class="mx-auto max-w-[72rem]">
                    <Suspense fallback=wrong_before>
                        {move || Suspend::new(async move { frame.await.ok().map(wrong) })}
                    </Suspense>
                    {children()}
                </div>
            </main>
            <Done />
        </div>
    }
}

/// Top bar and rail; their grounds alone while, or if, nothing is known about the person.
fn bars(frame: Option<Frame>, section: Section) -> impl IntoView {
    view! {
        <TopBar frame=frame.clone() section=section />
        <Rail frame=frame section=section />
    }
}

/// What was asked for once it is there, the old answer meanwhile, or why it was refused.
#[component]
pub fn Answer<T, V, F>(of: Resource<Result<T, Refusal>>, show: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match of.await {
                        Ok(answer) => show(answer).into_any(),
                        Err(refusal) => view! { <Refused refusal=refusal /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// Raises [`Ticks`] twice a minute, by the wall clock: a laptop that slept catches up.
fn tick() {
    let ticks = RwSignal::new(0);
    provide_context(Ticks(ticks.read_only()));
    Effect::new(move || {
        let start = js_sys::Date::now();
        let raise = move || ticks.set(((js_sys::Date::now() - start) / 1000.0) as i64);
        if let Ok(handle) = set_interval_with_handle(raise, Duration::from_secs(30)) {
            on_cleanup(move || handle.clear());
        }
    });
}

/// `n` opens the new-token form of the workgroup.
fn shortcuts(workgroup: Memo<String>) {
    let navigate = use_navigate();
    on_key("n", move || {
        let slug = workgroup.get_untracked();
        if !slug.is_empty() {
            navigate(&format!("/{slug}/settings/tokens/new"), Default::default());
        }
    });
}
