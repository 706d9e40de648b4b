//! Where the pages and the dialog of devices are: every link to one is made here.

use crate::domain::device_list::DeviceQuery;
use crate::domain::token_list::percent_encode;

#[must_use]
pub fn list(workgroup: &str, query: &DeviceQuery) -> String {
    format!("/{workgroup}/settings/devices{}", query.address())
}

#[must_use]
pub fn new(workgroup: &str) -> String {
    format!("/{workgroup}/settings/devices/new")
}

/// Many at once, from a file.
#[must_use]
pub fn import(workgroup: &str) -> String {
    format!("/{workgroup}/settings/devices/import")
}

#[must_use]
pub fn page(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/devices/{id}")
}

/// The page with a later page of the tokens that reach the device.
#[must_use]
pub fn reaching(workgroup: &str, id: &str, after: &str) -> String {
    let mut address = format!("{}?after=", page(workgroup, id));
    percent_encode(after, &mut address);
    address.push_str("#reaching");
    address
}

#[must_use]
pub fn edit(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/devices/{id}/edit")
}

/// The dialog that asks before the device is removed.
#[must_use]
pub fn remove(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/devices/{id}?dialog=remove")
}

#[must_use]
pub fn group(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/device-groups/{id}")
}

/// The form of another token for the device with this external id.
#[must_use]
pub fn another_token(workgroup: &str, external_id: &str) -> String {
    let mut address = format!("/{workgroup}/settings/tokens/new?device=1&for=");
    percent_encode(external_id, &mut address);
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_an_address_is_encoded() {
        let token = another_token("harrow", "pumpe-é/1&x=2");
        assert_eq!(token, "/harrow/settings/tokens/new?device=1&for=pumpe-%C3%A9%2F1%26x%3D2");
        assert_eq!(
            reaching("harrow", "d1", "12.a"),
            "/harrow/settings/devices/d1?after=12.a#reaching"
        );
    }
}
