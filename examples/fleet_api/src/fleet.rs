//! The fleet itself, in memory: what devices sent, and what they were told to do. It knows no HTTP and no tokens.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// Readings kept of one device; older ones make room.
const MOST_READINGS: usize = 10_000;
/// Readings in one message.
const MOST_SENT: usize = 500;
/// Activations that wait for one device.
const MOST_WAITING: usize = 100;

/// What a device measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Such as `flow`.
    pub metric: String,
    pub value: f64,
}

/// What a person or a program wants a device to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Such as `open-valve`.
    pub action: String,
    #[serde(default)]
    pub value: Option<f64>,
}

/// An order as its device sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Activation {
    /// 1, 2, 3 … for each device.
    pub number: usize,
    #[serde(flatten)]
    pub order: Order,
    pub ordered_by: String,
    pub confirmed: bool,
}

#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Usage {
    pub device: String,
    pub readings: u64,
    pub activations: usize,
    pub confirmed: usize,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Analysis {
    pub count: usize,
    pub least: f64,
    pub most: f64,
    pub mean: f64,
}

/// Why not.
#[derive(Debug, PartialEq)]
pub enum Refused {
    /// Each wrong member, with what is wrong.
    Invalid(Vec<(String, String)>),
    Unknown(&'static str),
    AlreadyConfirmed,
    TooManyWaiting,
}

#[derive(Debug, Default)]
struct Device {
    readings: VecDeque<Reading>,
    sent: u64,
    activations: Vec<Activation>,
}

#[derive(Debug, Default)]
pub struct Fleet(BTreeMap<String, Device>);

impl Fleet {
    /// Keeps what a device sent, all of it or nothing.
    pub fn send(&mut self, device: &str, readings: Vec<Reading>) -> Result<usize, Refused> {
        let mut wrong = Vec::new();
        if readings.is_empty() || readings.len() > MOST_SENT {
            let sentence = format!("Send 1 to {MOST_SENT} readings; these are {}.", readings.len());
            wrong.push(("readings".to_owned(), sentence));
        }
        for (number, reading) in readings.iter().enumerate().take(MOST_SENT) {
            if let Err(sentence) = name(&reading.metric) {
                wrong.push((format!("readings[{number}].metric"), sentence));
            }
        }
        if !wrong.is_empty() {
            return Err(Refused::Invalid(wrong));
        }
        let device = self.0.entry(device.to_owned()).or_default();
        let count = readings.len();
        device.sent += count as u64;
        device.readings.extend(readings);
        let surplus = device.readings.len().saturating_sub(MOST_READINGS);
        device.readings.drain(..surplus);
        Ok(count)
    }

    /// Whatever waits to be done, oldest first.
    pub fn waiting(&self, device: &str) -> Vec<Activation> {
        let activations = self.0.get(device).map(|device| device.activations.as_slice());
        let waits = |activation: &&Activation| !activation.confirmed;
        activations.unwrap_or_default().iter().filter(waits).cloned().collect()
    }

    pub fn order(&mut self, device: &str, order: Order, by: &str) -> Result<Activation, Refused> {
        if let Err(sentence) = name(&order.action) {
            return Err(Refused::Invalid(vec![("action".to_owned(), sentence)]));
        }
        if self.waiting(device).len() >= MOST_WAITING {
            return Err(Refused::TooManyWaiting);
        }
        let activations = &mut self.0.entry(device.to_owned()).or_default().activations;
        let number = activations.len() + 1;
        let activation = Activation { number, order, ordered_by: by.to_owned(), confirmed: false };
        activations.push(activation.clone());
        Ok(activation)
    }

    pub fn confirm(&mut self, device: &str, number: usize) -> Result<Activation, Refused> {
        let activations = self.0.get_mut(device).map(|device| &mut device.activations);
        let found = activations.and_then(|all| all.get_mut(number.checked_sub(1)?));
        let activation = found.ok_or(Refused::Unknown("activation"))?;
        if activation.confirmed {
            return Err(Refused::AlreadyConfirmed);
        }
        activation.confirmed = true;
        Ok(activation.clone())
    }

    /// What each device has sent and done.
    pub fn usage(&self) -> Vec<Usage> {
        let of = |(id, device): (&String, &Device)| Usage {
            device: id.clone(),
            readings: device.sent,
            activations: device.activations.len(),
            confirmed: device.activations.iter().filter(|it| it.confirmed).count(),
        };
        self.0.iter().map(of).collect()
    }

    /// One metric of one device, over what is kept.
    pub fn analyse(&self, device: &str, metric: &str) -> Result<Analysis, Refused> {
        let readings = self.0.get(device).into_iter().flat_map(|device| &device.readings);
        let values: Vec<_> =
            readings.filter(|it| it.metric == metric).map(|reading| reading.value).collect();
        if values.is_empty() {
            return Err(Refused::Unknown("metric"));
        }
        Ok(Analysis {
            count: values.len(),
            least: values.iter().copied().fold(f64::INFINITY, f64::min),
            most: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            // Divided first: the sum of what is finite need not be.
            mean: values.iter().map(|value| value / values.len() as f64).sum(),
        })
    }

    /// Forgets what a device sent; what it was told to do stays.
    pub fn forget(&mut self, device: &str) -> Result<(), Refused> {
        let device = self.0.get_mut(device).ok_or(Refused::Unknown("telemetry"))?;
        device.readings.clear();
        Ok(())
    }
}

/// The name of a metric or an action.
fn name(text: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    if (1..=64).contains(&text.len()) && text.chars().all(fits) {
        return Ok(());
    }
    Err("Write 1 to 64 of the characters a-z, 0-9, -, _ and the full stop.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(metric: &str, value: f64) -> Reading {
        Reading { metric: metric.into(), value }
    }

    #[test]
    fn a_message_is_kept_whole_or_not_at_all() {
        let mut fleet = Fleet::default();
        let readings = vec![reading("flow", 1.0), reading("Flow!", 2.0), reading("", 3.0)];
        let Err(Refused::Invalid(wrong)) = fleet.send("pump-1", readings) else { panic!() };
        let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["readings[1].metric", "readings[2].metric"]);
        assert!(fleet.usage().is_empty());
        assert!(fleet.send("pump-1", vec![]).is_err());
        assert!(fleet.send("pump-1", vec![reading("flow", 1.0); MOST_SENT + 1]).is_err());
        for _ in 0..21 {
            assert_eq!(fleet.send("pump-1", vec![reading("flow", 1.0); MOST_SENT]), Ok(MOST_SENT));
        }
        assert_eq!(fleet.usage()[0].readings, 10_500);
        assert_eq!(fleet.analyse("pump-1", "flow").unwrap().count, MOST_READINGS);
    }

    #[test]
    fn an_order_waits_until_it_is_confirmed_once() {
        let mut fleet = Fleet::default();
        let order = || Order { action: "open-valve".into(), value: Some(0.5) };
        assert_eq!(fleet.confirm("pump-1", 1), Err(Refused::Unknown("activation")));
        assert_eq!(fleet.order("pump-1", order(), "Ops").unwrap().number, 1);
        assert_eq!(fleet.order("pump-1", order(), "Ops").unwrap().number, 2);
        assert!(fleet.waiting("pump-2").is_empty());
        assert!(fleet.confirm("pump-1", 1).unwrap().confirmed);
        assert_eq!(fleet.confirm("pump-1", 1), Err(Refused::AlreadyConfirmed));
        for number in [0, 3, usize::MAX] {
            assert_eq!(fleet.confirm("pump-1", number), Err(Refused::Unknown("activation")));
        }
        assert_eq!(fleet.waiting("pump-1").iter().map(|it| it.number).collect::<Vec<_>>(), [2]);
        for _ in 1..MOST_WAITING {
            fleet.order("pump-1", order(), "Ops").unwrap();
        }
        assert_eq!(fleet.order("pump-1", order(), "Ops"), Err(Refused::TooManyWaiting));
    }

    #[test]
    fn an_analysis_is_of_what_is_kept() {
        let mut fleet = Fleet::default();
        let readings = vec![reading("flow", 1.0), reading("heat", 9.0), reading("flow", 2.0)];
        fleet.send("pump-1", readings).unwrap();
        let wanted = Analysis { count: 2, least: 1.0, most: 2.0, mean: 1.5 };
        assert_eq!(fleet.analyse("pump-1", "flow"), Ok(wanted));
        fleet.forget("pump-1").unwrap();
        assert_eq!(fleet.analyse("pump-1", "flow"), Err(Refused::Unknown("metric")));
        assert_eq!(fleet.forget("pump-2"), Err(Refused::Unknown("telemetry")));
        fleet.send("pump-1", vec![reading("flow", f64::MAX); 2]).unwrap();
        assert_eq!(fleet.analyse("pump-1", "flow").unwrap().mean, f64::MAX);
    }
}
