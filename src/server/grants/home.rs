//! What the tokens of a workgroup share: its slug, its devices, its groups.

use crate::domain::device::{Device, DeviceGroup};
use crate::domain::routes::{Family, RoutePolicies};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

#[derive(Debug)]
pub struct Home {
    pub id: Box<str>,
    /// Kept for ever, also when the workgroup is renamed.
    pub slug: Box<str>,
    devices: RwLock<Devices>,
    groups: RwLock<HashMap<String, Arc<DeviceGroup>>>,
    routes: RwLock<Option<Arc<Routes>>>,
}

/// The route policies of a workgroup, as they were kept.
#[derive(Debug)]
pub struct Routes {
    text: String,
    family: Option<String>,
    /// `None`: what was kept is not understood, so nothing is let through.
    pub read: Option<(Family, RoutePolicies)>,
}

impl Routes {
    fn read(text: String, family: Option<String>) -> Routes {
        let known = family.as_deref().and_then(Family::parse);
        let read = known.zip(RoutePolicies::stored(&text).ok());
        Routes { text, family, read }
    }
}

#[derive(Debug, Default)]
struct Devices {
    by_external_id: HashMap<String, Arc<Device>>,
    /// The external id of each, for the day on which it is gone or has another.
    external_ids: HashMap<String, String>,
}

impl Home {
    #[must_use]
    pub fn new(id: &str, slug: &str) -> Home {
        Home {
            id: id.into(),
            slug: slug.into(),
            devices: RwLock::default(),
            groups: RwLock::default(),
            routes: RwLock::default(),
        }
    }

    /// A device by its external id.
    #[must_use]
    pub fn device(&self, external_id: &str) -> Option<Arc<Device>> {
        let devices = self.devices.read().unwrap_or_else(PoisonError::into_inner);
        devices.by_external_id.get(external_id).cloned()
    }

    #[must_use]
    pub fn group(&self, id: &str) -> Option<Arc<DeviceGroup>> {
        self.groups.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// `None`: there are none, and the question alone says what is asked.
    #[must_use]
    pub fn routes(&self) -> Option<Arc<Routes>> {
        self.routes.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn put_routes(&self, text: Option<String>, family: Option<String>) {
        let known = self.routes();
        let same = |old: &Routes| Some(&old.text) == text.as_ref() && old.family == family;
        if known.as_deref().map_or(text.is_none(), same) {
            return;
        }
        let routes = text.map(|text| Arc::new(Routes::read(text, family)));
        *self.routes.write().unwrap_or_else(PoisonError::into_inner) = routes;
    }

    /// The device with this id as it now is; `None`: it is gone.
    pub(super) fn put_device(&self, id: &str, device: Option<Device>) {
        let mut devices = self.devices.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = devices.external_ids.remove(id) {
            devices.by_external_id.remove(&old);
        }
        if let Some(device) = device {
            devices.external_ids.insert(id.to_owned(), device.external_id.clone());
            devices.by_external_id.insert(device.external_id.clone(), Arc::new(device));
        }
    }

    pub(super) fn put_group(&self, id: &str, group: Option<DeviceGroup>) {
        let mut groups = self.groups.write().unwrap_or_else(PoisonError::into_inner);
        match group {
            Some(group) => groups.insert(id.to_owned(), Arc::new(group)),
            None => groups.remove(id),
        };
    }
}
