//! What a token opens, as mail says it: "Read and control the 12 devices of North plant".

use super::permission::Permission;
use super::sentence::{listed, verb};
use super::token::{Kind, Reach, Token};

impl Token {
    /// `devices`: how many it reaches now; `workgroup`: its workgroup's name.
    #[must_use]
    pub fn opens(&self, catalogue: &[Permission], devices: i64, workgroup: &str) -> String {
        let place = match &self.reach {
            Reach::Workgroup => devices_of(devices, workgroup),
            Reach::Group { name, .. } => devices_of(devices, name),
            Reach::Device { name, .. } => name.clone(),
        };
        if self.kind == Kind::Legacy {
            return match self.scopes.as_slice() {
                [] => format!("An imported token of {workgroup}"),
                scopes => format!("What its imported scopes allow: {}", listed(scopes)),
            };
        }
        let named =
            catalogue.iter().filter(|permission| self.permissions.contains(&permission.name));
        let (to_devices, others): (Vec<_>, Vec<_>) = named
            .map(|permission| verb(&permission.name, &permission.label))
            .partition(|(_, to_devices)| *to_devices);
        let words = |verbs: Vec<(String, bool)>| verbs.into_iter().map(|(verb, _)| verb).collect();
        let (to_devices, others): (Vec<String>, Vec<String>) = (words(to_devices), words(others));
        upper_first(&match (to_devices.as_slice(), others.as_slice()) {
            ([], []) => format!("nothing yet in {place}"),
            ([], others) => format!("{} for {place}", listed(others)),
            (verbs, []) => format!("{} {place}", listed(verbs)),
            (verbs, others) => format!("{} {place}, and {}", listed(verbs), listed(others)),
        })
    }
}

fn devices_of(count: i64, whose: &str) -> String {
    match count {
        0 => format!("the devices of {whose} (none so far)"),
        1 => format!("the one device of {whose}"),
        count => format!("the {count} devices of {whose}"),
    }
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::domain::life::tests::{string, token};
    use crate::domain::permission::catalogue_at_first_start;
    use crate::domain::token::{Kind, Reach};

    #[test]
    fn a_token_says_what_it_opens() {
        let group = || Reach::Group { id: "g".into(), name: "North plant".into() };
        let device =
            || Reach::Device { id: "d".into(), external_id: "p".into(), name: "Pump 1".into() };
        let cases: [(&[&str], Reach, i64, &str); 6] = [
            (
                &["read", "devices.control"],
                group(),
                12,
                "Read and control the 12 devices of North plant",
            ),
            (&["read"], Reach::Workgroup, 1, "Read the one device of Harrow"),
            (&["read"], group(), 0, "Read the devices of North plant (none so far)"),
            (
                &["read", "discovery"],
                Reach::Workgroup,
                3,
                "Read the 3 devices of Harrow, and discover new devices",
            ),
            (&["telemetry.send"], device(), 1, "Send telemetry for Pump 1"),
            (&["gone.away"], device(), 1, "Nothing yet in Pump 1"),
        ];
        for (permissions, reach, devices, words) in cases {
            let mut token = token(vec![string(1, 0, Some(90))]);
            token.permissions = permissions.iter().map(ToString::to_string).collect();
            token.reach = reach;
            assert_eq!(token.opens(&catalogue_at_first_start(), devices, "Harrow"), words);
        }
        let mut legacy = token(vec![string(1, 0, Some(90))]);
        legacy.kind = Kind::Legacy;
        assert_eq!(legacy.opens(&[], 4, "Harrow"), "An imported token of Harrow");
        legacy.scopes = vec!["a".into(), "b".into()];
        assert_eq!(legacy.opens(&[], 4, "Harrow"), "What its imported scopes allow: a and b");
    }
}
