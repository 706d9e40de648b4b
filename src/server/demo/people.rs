//! The people of the demonstration.

use super::plan::Person;

pub const INES: &str = "ines.okafor@harrowvalley.example";
pub const TOMAS: &str = "tomas.lindqvist@harrowvalley.example";
pub const MIRJA: &str = "mirja.aaltonen@harrowvalley.example";
pub const PRIYA: &str = "priya.raman@harrowvalley.example";
pub const JONAS: &str = "jonas.weiler@harrowvalley.example";
pub const ADAEZE: &str = "adaeze.bright@harrowvalley.example";
pub const KATRIN: &str = "katrin.vogel@nordkern.example";
pub const LIOR: &str = "lior.dahan@quill.example";

const fn person(name: &'static str, email: &'static str, address: &'static str) -> Person {
    Person { name, email, address, administrator: false }
}

pub const PEOPLE: [Person; 8] = [
    Person { administrator: true, ..person("Ines Okafor", INES, "192.0.2.14") },
    person("Tomas Lindqvist", TOMAS, "192.0.2.31"),
    person("Mirja Aaltonen", MIRJA, "192.0.2.32"),
    person("Priya Raman", PRIYA, "192.0.2.40"),
    person("Jonas Weiler", JONAS, "192.0.2.77"),
    person("Adaeze Bright", ADAEZE, "192.0.2.51"),
    person("Katrin Vogel", KATRIN, "198.51.100.20"),
    person("Lior Dahan", LIOR, "203.0.113.61"),
];
