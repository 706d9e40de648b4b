//! Time zones as people type them: what the calendar knows by that name.

use jiff::tz::TimeZone;

/// The IANA name of a zone, in its own spelling.
///
/// # Errors
/// A sentence for the field, when there is no such zone.
pub fn parse(text: &str) -> Result<String, String> {
    let zone = TimeZone::get(text.trim()).ok().filter(|zone| !zone.is_unknown());
    let name = zone.as_ref().and_then(TimeZone::iana_name);
    name.map(str::to_owned).ok_or_else(|| {
        "Write a time zone by its IANA name, such as Europe/Berlin, America/New_York or UTC."
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_one_that_the_calendar_knows() {
        for (typed, name) in [
            ("UTC", "UTC"),
            (" Europe/Berlin ", "Europe/Berlin"),
            ("america/new_york", "America/New_York"),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(name));
        }
        for refused in ["", "Berlin", "UTC+2", "Europe/Atlantis", "Etc/Unknown", "../etc/passwd"] {
            assert!(parse(refused).is_err(), "{refused}");
        }
    }
}
