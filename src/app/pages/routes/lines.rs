//! What the lines mean, in words; and where there are none yet, what they are for.

use crate::app::components::empty::Empty;
use crate::domain::routes::Route;
use leptos::prelude::*;

#[component]
pub fn Lines(routes: Vec<Route>) -> impl IntoView {
    let rows = routes.into_iter().map(|route| {
        let request = format!("{} {}", route.methods_words(), route.path);
        view! {
            <tr class="border-b border-line align-top">
                <td class="py-2.5 pr-4 text-ink-3 tabular-nums">{route.line}</td>
                <td class="py-2.5 pr-4 font-mono text-sm wrap-anywhere" dir="ltr">
                    {request}
                </td>
                <td class="py-2.5 wrap-anywhere text-ink-2">{route.sentence()}</td>
            </tr>
        }
    });
    view! {
        <section aria-labelledby="meaning" class="mt-10">
            <h2 id="meaning" class="font-semibold">
                "What the saved lines mean"
            </h2>
            <p class="mt-0.5 text-sm text-ink-3">
                "The longest match wins: a written-out segment goes before {name}, and {*name} is tried last. What no line matches is refused."
            </p>
            <table class="mt-3 w-full text-left">
                <thead class="border-b border-line text-sm text-ink-3">
                    <tr>
                        <th scope="col" class="w-12 py-2 pr-4 font-normal">
                            "Line"
                        </th>
                        <th scope="col" class="py-2 pr-4 font-normal">
                            "Request"
                        </th>
                        <th scope="col" class="py-2 font-normal">
                            "Lets through"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </section>
    }
}

const EXAMPLE: &str = "\
# method   path                          kind    permissions and device
GET        /devices/{device}/telemetry   any     read  device={device}
POST       /devices/{device}/telemetry   device  telemetry.send  device={device}
GET|HEAD   /reports/{*name}              access  read  device=any
*          /admin/{*rest}                access  access.manage";

/// There are none yet.
#[component]
pub fn Example() -> impl IntoView {
    view! {
        <Empty title="No route policies yet">
            <p class="mt-3 text-md text-ink-2">
                "Until there are some, your proxy says itself what each path needs, in the parameters of its call. Write the table here once instead, and every path that you forget is closed. An example:"
            </p>
            <pre
                class="mt-4 overflow-x-auto rounded border border-line bg-sunken px-4 py-3 font-mono text-sm leading-5 text-ink"
                tabindex="0"
                role="group"
                aria-label="An example of route policies"
            >
                <code translate="no">{EXAMPLE}</code>
            </pre>
        </Empty>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::catalogue_at_first_start;
    use crate::domain::routes::RoutePolicies;

    #[test]
    fn the_example_can_be_saved() {
        let policies = RoutePolicies::parse(EXAMPLE, &catalogue_at_first_start()).unwrap();
        assert_eq!(policies.routes().len(), 4);
    }
}
