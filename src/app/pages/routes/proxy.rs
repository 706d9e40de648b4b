//! The lines for the proxy: everything that differs between paths stands in the policies, so they are the same for every path.

use crate::domain::routes::{Family, RoutesPage};
use leptos::prelude::*;

#[component]
pub fn Proxy(page: RoutesPage) -> impl IntoView {
    let family = page.written.family.unwrap_or(Family::Forwarded);
    let ask = format!("/api/v1/authorize?workgroup={}", page.workgroup.slug);
    let files = match family {
        Family::Original => vec![("nginx", nginx(&page.public_url, &ask))],
        Family::Forwarded => vec![
            ("Caddy", caddy(&page.public_url, &ask)),
            ("Traefik", traefik(&page.public_url, &ask)),
        ],
    };
    let files = files.into_iter().map(|(name, text)| {
        view! {
            <div class="min-w-0">
                <p class="text-sm text-ink-2">{name}</p>
                <pre
                    class="mt-1 overflow-x-auto rounded border border-line bg-sunken px-4 py-3 font-mono text-sm leading-5 text-ink"
                    tabindex="0"
                    role="group"
                    aria-label=format!("Lines for {name}")
                >
                    <code translate="no">{text}</code>
                </pre>
            </div>
        }
    });
    view! {
        <section aria-labelledby="proxy" class="mt-10 max-w-[46rem]">
            <h2 id="proxy" class="font-semibold">
                "For your proxy"
            </h2>
            <p class="mt-0.5 text-sm text-ink-3">
                "Latchkey believes these headers only from the addresses that LATCHKEY_TRUSTED_PROXIES names."
            </p>
            <div class="mt-3 grid gap-4">{files.collect_view()}</div>
        </section>
    }
}

fn nginx(url: &str, ask: &str) -> String {
    format!(
        "auth_request /_latchkey;\n\
         location = /_latchkey {{\n    \
             internal;\n    \
             proxy_pass {url}{ask};\n    \
             proxy_pass_request_body off;\n    \
             proxy_set_header Content-Length \"\";\n    \
             proxy_set_header X-Original-Method $request_method;\n    \
             proxy_set_header X-Original-URI $request_uri;\n\
         }}"
    )
}

/// Caddy sends the headers by itself.
fn caddy(url: &str, ask: &str) -> String {
    format!(
        "forward_auth {url} {{\n    \
             uri {ask}\n    \
             copy_headers X-Latchkey-Token X-Latchkey-Kind X-Latchkey-Device\n\
         }}"
    )
}

/// Traefik, too.
fn traefik(url: &str, ask: &str) -> String {
    format!("traefik.http.middlewares.latchkey.forwardauth.address={url}{ask}")
}
