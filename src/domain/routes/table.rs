//! Which line a path and a method lead to.

use super::line::{DeviceRule, Route};
use super::pattern::{Pattern, loose};
use super::{DeviceAsked, Matched, plain};
use matchit::{InsertError, Router};
use std::collections::HashMap;

/// The lines by their paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    routes: Vec<Route>,
    nodes: Vec<Node>,
    /// From the path to its node.
    exact: Router<usize>,
    /// The same for servers that care less about spelling: what they would take for a stricter path is refused.
    loose: Router<usize>,
    by_shape: HashMap<String, usize>,
}

/// One path, whatever its parameters are called.
#[derive(Clone, Debug)]
struct Node {
    widths: Vec<u8>,
    lines: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    route: usize,
    /// Which parameter of the path, from the left, is the device.
    device: Option<usize>,
}

impl Table {
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// Adds a line, unless one before it has taken its path and method, or its path cannot stand beside theirs.
    pub fn insert(&mut self, route: Route, pattern: &Pattern) -> Result<(), String> {
        let node = self.node(pattern)?;
        let clash = self.nodes[node].lines.iter().map(|entry| &self.routes[entry.route]);
        let doubled = |other: &&Route| {
            let both_all = other.methods.is_empty() && route.methods.is_empty();
            both_all || other.methods.iter().any(|method| route.methods.contains(method))
        };
        if let Some(other) = clash.into_iter().find(doubled) {
            return Err(format!(
                "Line {} has the same method and path already; this one would never count.",
                other.line
            ));
        }
        let device = match &route.device {
            DeviceRule::Parameter(name) => pattern.names.iter().position(|known| known == name),
            DeviceRule::Unnamed | DeviceRule::Any => None,
        };
        self.nodes[node].lines.push(Entry { route: self.routes.len(), device });
        self.routes.push(route);
        Ok(())
    }

    fn node(&mut self, pattern: &Pattern) -> Result<usize, String> {
        let shape = pattern.shape();
        if let Some(node) = self.by_shape.get(&shape) {
            return Ok(*node);
        }
        let node = self.nodes.len();
        let against = |error: InsertError| {
            match error {
            InsertError::Conflict { .. } => {
                "A path before this one has another parameter in the same place, or differs in case alone: nobody could tell which is meant. Beside {name} there can be no {*name}."
                    .to_owned()
            }
            _ => "This path cannot be matched.".to_owned(),
        }
        };
        // A path that only one of the two took stays without lines, in a table that is thrown away with its text.
        self.exact.insert(shape.as_str(), node).map_err(against)?;
        self.loose.insert(pattern.loose_shape(), node).map_err(against)?;
        self.nodes.push(Node { widths: pattern.widths(), lines: Vec::new() });
        self.by_shape.insert(shape, node);
        Ok(node)
    }

    /// The line for a decoded path; or why there is none, as the rest of a sentence.
    pub fn find(&self, method: &str, path: &str) -> Result<Matched<'_>, String> {
        let found = self.exact.at(path).map_err(|_| "no route policy matches its path.")?;
        let node = &self.nodes[*found.value];
        if self.is_looser_than_meant(node, path) {
            return Err(
                "it differs from the path of a stricter route policy only in case or at the end of a segment."
                    .to_owned(),
            );
        }
        let lines = || node.lines.iter().map(|entry| (entry, &self.routes[entry.route]));
        let named = lines().find(|(_, route)| route.methods.iter().any(|known| known == method));
        let (entry, route) = named
            .or_else(|| lines().find(|(_, route)| route.methods.is_empty()))
            .ok_or_else(|| {
                format!("the route policies of its path do not name the method {}.", plain(method))
            })?;
        let value = entry.device.and_then(|at| found.params.iter().nth(at));
        let device = match (&route.device, value) {
            (DeviceRule::Parameter(_), Some((_, id))) => DeviceAsked::Named(id.to_owned()),
            (DeviceRule::Any, _) => DeviceAsked::Any,
            _ => DeviceAsked::Unnamed,
        };
        Ok(Matched { route, device })
    }

    /// Whether a server that ignores case, or a slash, dot or space at the end, takes the path for one that is written out more.
    fn is_looser_than_meant(&self, node: &Node, path: &str) -> bool {
        if node.widths.iter().all(|width| *width == 0) {
            return false;
        }
        let loose = loose(path);
        let turned = match loose.strip_suffix('/') {
            Some(without) => without.to_owned(),
            None => format!("{loose}/"),
        };
        [loose, turned].iter().any(|path| {
            let other = self.loose.at(path).ok().map(|found| &self.nodes[*found.value]);
            other.is_some_and(|other| other.widths < node.widths)
        })
    }
}
