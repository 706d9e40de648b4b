//! One line of route policies, read word by word; whatever is wrong with it is said at once.

use super::pattern::Pattern;
use crate::domain::permission::Permission;
use crate::domain::token::Kind;
use serde::{Deserialize, Serialize};

/// What one line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The number of its line.
    pub line: usize,
    /// Empty: every method that no other line names for the same path.
    pub methods: Vec<String>,
    pub path: String,
    /// `None`: any kind.
    pub kind: Option<Kind>,
    pub permissions: Vec<String>,
    pub device: DeviceRule,
}

/// How a request names its device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceRule {
    Unnamed,
    Any,
    /// The parameter of the path that is its external id.
    Parameter(String),
}

impl Route {
    /// The methods as they were written.
    #[must_use]
    pub fn methods_words(&self) -> String {
        if self.methods.is_empty() { "*".to_owned() } else { self.methods.join("|") }
    }

    #[must_use]
    pub fn kind_words(&self) -> &'static str {
        self.kind.map_or("any", Kind::code)
    }

    /// Whom the line lets through.
    #[must_use]
    pub fn sentence(&self) -> String {
        let who = match self.kind {
            Some(Kind::Access) => "Access tokens",
            Some(Kind::Device) => "Device tokens",
            Some(Kind::Legacy) | None => "Tokens of any kind",
        };
        let with = if self.permissions.is_empty() {
            String::new()
        } else {
            format!(" with {}", self.permissions.join(" and "))
        };
        let device = match &self.device {
            DeviceRule::Unnamed => "; none that is bound to a device or a device group".to_owned(),
            DeviceRule::Any => "; for whatever device, the API filters by the headers".to_owned(),
            DeviceRule::Parameter(name) => format!(", for the device {{{name}}} alone"),
        };
        format!("{who}{with}{device}.")
    }
}

/// What a line says, with its pattern; nothing for an empty line or a comment.
pub(super) fn parse(
    number: usize,
    line: &str,
    catalogue: Option<&[Permission]>,
) -> Result<Option<(Route, Pattern)>, Vec<String>> {
    let words: Vec<_> = line.split_whitespace().take_while(|word| !word.starts_with('#')).collect();
    let (method, path, kind, rest) = match words.as_slice() {
        [] => return Ok(None),
        [method, path, kind, rest @ ..] => (method, path, kind, rest),
        _ => {
            let why = "Write a method, a path and a kind, such as: GET /devices/{device} any read";
            return Err(vec![why.to_owned()]);
        }
    };
    let mut wrong = Vec::new();
    let methods = methods(method).unwrap_or_else(|why| none(&mut wrong, why));
    let pattern = Pattern::parse(path).map_err(|why| wrong.push(why)).ok();
    let kind = parse_kind(kind).unwrap_or_else(|why| none(&mut wrong, why));
    let (permissions, device) = asked(rest, &mut wrong);
    if let Some(pattern) = &pattern {
        wrong.extend(named_wrongly(pattern, &device));
    }
    wrong.extend(unheld(&permissions, kind, catalogue));
    if kind == Some(Kind::Device) && device == DeviceRule::Unnamed && wrong.is_empty() {
        wrong.push(
            "This line lets nobody in: a device token is refused where no device is named. Write device={…} or device=any."
                .to_owned(),
        );
    }
    match pattern {
        Some(pattern) if wrong.is_empty() => {
            let path = (*path).to_owned();
            Ok(Some((Route { line: number, methods, path, kind, permissions, device }, pattern)))
        }
        _ => Err(wrong),
    }
}

fn none<T: Default>(wrong: &mut Vec<String>, why: String) -> T {
    wrong.push(why);
    T::default()
}

fn methods(word: &str) -> Result<Vec<String>, String> {
    if word == "*" {
        return Ok(Vec::new());
    }
    let mut methods: Vec<String> = Vec::new();
    for method in word.split('|') {
        let capitals = method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
        if method.is_empty() || method.len() > 20 || !capitals {
            return Err(format!(
                "“{word}” is no method. Write one in capitals, such as GET, several as GET|HEAD, or * for all."
            ));
        }
        if methods.iter().any(|known| known == method) {
            return Err(format!("{method} stands here twice."));
        }
        methods.push(method.to_owned());
    }
    Ok(methods)
}

fn parse_kind(word: &str) -> Result<Option<Kind>, String> {
    match word {
        "access" => Ok(Some(Kind::Access)),
        "device" => Ok(Some(Kind::Device)),
        "any" => Ok(None),
        _ => Err(format!("“{word}” is no kind of token. Write access, device or any.")),
    }
}

/// Permissions and device, in any order.
fn asked(words: &[&str], wrong: &mut Vec<String>) -> (Vec<String>, DeviceRule) {
    let (mut permissions, mut device) = (Vec::new(), None);
    for word in words {
        let Some(named) = word.strip_prefix("device=") else {
            if permissions.iter().any(|known| known == word) {
                wrong.push(format!("{word} stands here twice."));
            }
            permissions.push((*word).to_owned());
            continue;
        };
        if device.is_some() {
            wrong.push("The device stands here twice.".to_owned());
        }
        let parameter = named.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        device = match (named, parameter) {
            ("any", _) => Some(DeviceRule::Any),
            (_, Some(name)) => Some(DeviceRule::Parameter(name.to_owned())),
            _ => {
                wrong.push(format!(
                    "“{word}” names no device. Write device={{name}}, with a part of the path, or device=any."
                ));
                Some(DeviceRule::Any)
            }
        };
    }
    (permissions, device.unwrap_or(DeviceRule::Unnamed))
}

/// A device parameter that the path has not.
fn named_wrongly(pattern: &Pattern, device: &DeviceRule) -> Option<String> {
    let DeviceRule::Parameter(name) = device else { return None };
    if pattern.names.contains(name) && (!pattern.ends_wide || pattern.names.last() != Some(name)) {
        return None;
    }
    Some(format!(
        "The path has no part {{{name}}} that is one segment, so it names no device by that."
    ))
}

/// Permissions that nobody of this kind can hold.
fn unheld(
    permissions: &[String],
    kind: Option<Kind>,
    catalogue: Option<&[Permission]>,
) -> Vec<String> {
    let Some(catalogue) = catalogue else { return Vec::new() };
    let complaint = |name: &String| match catalogue.iter().find(|entry| &entry.name == name) {
        None => Some(format!("“{name}” is no permission of the catalogue.")),
        Some(entry) if kind == Some(Kind::Device) && !entry.for_devices => {
            Some(format!("No device token can hold {name}, so this line lets nobody in."))
        }
        Some(_) => None,
    };
    permissions.iter().filter_map(complaint).collect()
}
