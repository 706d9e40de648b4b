//! The questions of the device pages.

use crate::domain::device_list::{DeviceList, DevicePage, DeviceQuery, NewDevicePage};
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// One page of the devices that the person sees.
#[server(prefix = "/rpc", endpoint = "list_devices", input = GetUrl)]
pub async fn list_devices(workgroup: String, query: DeviceQuery) -> Result<DeviceList, Refusal> {
    use crate::server::{devices, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(devices::list::for_page(&visit, &workgroup, &query).await)
}

#[server(prefix = "/rpc", endpoint = "read_new_device", input = GetUrl)]
pub async fn read_new_device(workgroup: String) -> Result<NewDevicePage, Refusal> {
    use crate::server::{devices, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(devices::show::new_page(&visit, &workgroup).await)
}

/// Everything about one device; `after` is where the page of the tokens that reach it begins.
#[server(prefix = "/rpc", endpoint = "read_device", input = GetUrl)]
pub async fn read_device(
    workgroup: String,
    id: String,
    after: Option<String>,
) -> Result<DevicePage, Refusal> {
    use crate::server::{devices, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(devices::show::page(&visit, &workgroup, &id, after.as_deref()).await)
}

/// The same for the edit form, refused to whoever cannot edit.
#[server(prefix = "/rpc", endpoint = "read_device_to_edit", input = GetUrl)]
pub async fn read_device_to_edit(workgroup: String, id: String) -> Result<DevicePage, Refusal> {
    use crate::server::{devices, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(devices::show::edit_page(&visit, &workgroup, &id).await)
}
