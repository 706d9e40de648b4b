//! What the letters of a workgroup tell of it and of its tokens, read when they are delivered.

use crate::domain::permission::Permission;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Reach, Token};
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::mail::letters::{Contact, Sheet, TokenFacts};
use crate::server::state::AppState;
use crate::server::store::{self, Lanes};
use std::collections::BTreeMap;

pub(super) struct Facts {
    pub workgroup: Workgroup,
    pub now: Time,
    catalogue: Vec<Permission>,
    /// How many devices each reach holds, as far as it was asked for; the empty id is the whole workgroup.
    devices: BTreeMap<String, i64>,
}

impl Facts {
    /// `None` when the workgroup is gone.
    pub async fn read(
        state: &AppState,
        on: &mut impl Lanes,
        workgroup_id: &str,
    ) -> Result<Option<Facts>> {
        let Some(workgroup) = store::workgroups::find_by_id(on, workgroup_id).await? else {
            return Ok(None);
        };
        let catalogue = store::permissions::list(on).await?;
        let now = state.now();
        Ok(Some(Facts { workgroup, now, catalogue, devices: BTreeMap::new() }))
    }

    pub fn sheet<'a>(&'a self, state: &'a AppState) -> Sheet<'a> {
        Sheet {
            workgroup: &self.workgroup.name,
            zone: &self.workgroup.time_zone,
            url: state.config.public_url.as_str(),
            now: self.now,
        }
    }

    /// The workgroup's owners who can sign in, by name.
    pub async fn contacts(&self, on: &mut impl Lanes) -> Result<Vec<Contact>> {
        let owners = store::looks::list_contacts(on, &self.workgroup.id).await?;
        Ok(owners.into_iter().map(|(name, email)| Contact { name, email }).collect())
    }

    /// What the token opens, in words.
    pub async fn opens(&mut self, on: &mut impl Lanes, token: &Token) -> Result<String> {
        let devices = self.count(on, &token.reach).await?;
        Ok(token.opens(&self.catalogue, devices, &self.workgroup.name))
    }

    async fn count(&mut self, on: &mut impl Lanes, reach: &Reach) -> Result<i64> {
        let key = match reach {
            Reach::Workgroup => "",
            Reach::Group { id, .. } => id,
            Reach::Device { .. } => return Ok(1),
        };
        if let Some(count) = self.devices.get(key) {
            return Ok(*count);
        }
        let workgroup_id = &self.workgroup.id;
        let count = match store::groups::find_by_id(on, key).await? {
            Some(group) => store::groups::count_devices(on, workgroup_id, &group).await?,
            None => store::devices::count(on, workgroup_id).await?,
        };
        self.devices.insert(key.to_owned(), count);
        Ok(count)
    }

    pub async fn of_token(&mut self, on: &mut impl Lanes, token: &Token) -> Result<TokenFacts> {
        let live = token.live_strings(self.now).next().is_some();
        Ok(TokenFacts {
            owner: token.owner.clone(),
            name: token.name.clone(),
            hint: token.hint().to_owned(),
            may: self.opens(on, token).await?,
            expires_at: token.expires_at,
            renewable: token.can_renew
                && token.kind != Kind::Legacy
                && token.expires_at.is_some()
                && live,
        })
    }
}
