//! The field of a time zone: any IANA name can be typed, the usual ones are offered.

use super::field::Field;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::js_sys;

/// The zones that most people look for; any other IANA name can be typed.
const ZONES: [&str; 40] = [
    "UTC",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "America/Vancouver",
    "Asia/Bangkok",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Jakarta",
    "Asia/Jerusalem",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Sydney",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Warsaw",
    "Pacific/Auckland",
];

/// The field `time_zone`. With `guess`, a UTC that nobody chose becomes the browser's own zone once the page is alive.
#[component]
pub fn TimeZoneField(
    #[prop(into)] value: String,
    #[prop(into)] help: String,
    #[prop(default = None)] error: Option<String>,
    #[prop(default = false)] guess: bool,
) -> impl IntoView {
    let zone = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let (true, Some(input), Some(own)) = (guess, zone.get(), browser_zone())
            && input.value() == "UTC"
        {
            input.set_value(&own);
        }
    });
    view! {
        <div>
            <Field
                label="Time zone"
                name="time_zone"
                required=true
                list="zones"
                help=help
                value=value
                error=error
                node_ref=zone
            />
            <datalist id="zones">
                {ZONES.map(|zone| view! { <option value=zone></option> }).collect_view()}
            </datalist>
        </div>
    }
}

/// The zone that the browser's own clock follows.
fn browser_zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let options = format.resolved_options();
    js_sys::Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?.as_string()
}
