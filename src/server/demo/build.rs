//! The ground of the demonstration: people, workgroups, devices with their first tokens, groups, members.

use super::SignIn;
use super::people::PEOPLE;
use super::plan::{Device, Group, Holds, Member, Site};
use super::story::{Life, Lives};
use crate::domain::rights::Seat;
use crate::domain::time::{DAY, HOUR};
use crate::domain::token_draft::RawEdit;
use crate::server::devices::groups::{self, RawGroup, RawRule};
use crate::server::devices::register::{self, RawDevice};
use crate::server::error::Result;
use crate::server::people::members::{self, RawUser, Standing};
use crate::server::state::AppState;
use crate::server::tokens;
use secrecy::SecretString;

pub async fn people(past: &AppState, password: &SecretString) -> Result<()> {
    for person in &PEOPLE {
        let raw = RawUser {
            name: person.name.to_owned(),
            email: person.email.to_owned(),
            password: password.clone(),
        };
        members::create_user(past, raw, person.administrator).await?;
        past.clock.advance(HOUR);
    }
    Ok(())
}

pub fn sign_ins() -> Vec<SignIn> {
    let sign_in = |person: &super::plan::Person| SignIn {
        name: person.name.to_owned(),
        email: person.email.to_owned(),
        administrator: person.administrator,
        workgroups: Vec::new(),
    };
    PEOPLE.iter().map(sign_in).collect()
}

/// The address that a person works from.
pub fn address_of(email: &str) -> Option<&'static str> {
    PEOPLE.iter().find(|person| person.email == email).map(|person| person.address)
}

impl Site {
    /// Who founded it, registers its devices, and does what nobody else is named for.
    pub fn founder(&self) -> &'static str {
        self.owners.first().copied().unwrap_or_default()
    }

    pub fn has(&self, email: &str) -> bool {
        self.owners.contains(&email) || self.members.iter().any(|member| member.email == email)
    }
}

/// Makes the workgroup with everything but its access tokens; gives its slug and the lives of its devices' tokens.
pub async fn workgroup(past: &AppState, site: &Site) -> Result<(String, Lives)> {
    let made = members::create_workgroup(past, site.name, site.founder(), site.time_zone).await?;
    past.clock.advance(DAY);
    for owner in site.owners {
        members::set_member(past, &made.slug, owner, Standing::Owner, None).await?;
    }
    let seat = members::seat_of(past, &made.slug, site.founder()).await?;
    let address = address_of(site.founder());
    let mut lives = Lives::new();
    for (key, device) in site.devices.iter().enumerate() {
        past.clock.advance(2 * HOUR);
        lives.insert(key, register(past, &seat, device, address).await?);
    }
    for group in site.groups {
        past.clock.advance(HOUR / 2);
        groups::create(past, &seat, &raw_group(group), address).await?;
    }
    for Member { email, permissions, group } in site.members {
        past.clock.advance(HOUR);
        let standing = Standing::Chosen(owned(permissions));
        members::set_member(past, &made.slug, email, standing, *group).await?;
    }
    Ok((made.slug, lives))
}

async fn register(
    past: &AppState,
    seat: &Seat,
    device: &Device,
    address: Option<&str>,
) -> Result<Life> {
    let pair = |text: &&str| {
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        (key.to_owned(), value.to_owned())
    };
    let raw = RawDevice {
        external_id: device.id.to_owned(),
        name: device.name.to_owned(),
        metadata: device.metadata.iter().map(pair).collect(),
        permissions: None,
    };
    let (_, issued) = register::register(past, seat, &raw, address).await?;
    let edit = RawEdit {
        version: issued.token.version,
        email: Some(device.email.to_owned()),
        ..RawEdit::default()
    };
    let id = issued.token.id.clone();
    let token = tokens::edit::edit(past, seat, &id, &edit, address).await?;
    Ok(Life { token_id: token.id, strings: vec![issued.string], used: device.used, lagging: None })
}

fn raw_group(group: &Group) -> RawGroup {
    let rule = match group.holds {
        Holds::In(ids) => RawRule::In(owned(ids)),
        Holds::NotIn(ids) => RawRule::NotIn(owned(ids)),
        Holds::Metadata(key, value) => {
            RawRule::Metadata { key: key.to_owned(), value: value.to_owned() }
        }
    };
    RawGroup { name: group.name.to_owned(), rule }
}

pub fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
