//! The list of members, and the invitations that nobody has accepted yet.

use super::words::known;
use crate::domain::members::{HeldRights, InvitationRow, MemberList, MemberQuery, MemberRow};
use crate::domain::permission::Permission;
use crate::domain::rights::Seat;
use crate::domain::text::fold;
use crate::server::error::Result;
use crate::server::people::invitations;
use crate::server::state::AppState;
use crate::server::store::memberships::Listed;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;

/// Rows on a page.
const ROWS: usize = 50;

pub async fn for_page(visit: &Visit, slug: &str, query: &MemberQuery) -> Result<MemberList> {
    let seat = visit.seat(slug).await?;
    seat.manages_members()?;
    let mut reader = visit.state.db.read().await?;
    let catalogue = store::permissions::list(&mut reader).await?;
    let seen = seen(&mut reader, &seat, &catalogue).await?;
    let (total, owners) = (seen.len(), seen.iter().filter(|row| row.rights.owner).count());
    // A workgroup has people by the hundred at most: all are read, for no database folds the case of every name.
    let needle = fold(query.search.trim());
    let fits = |row: &MemberRow| {
        needle.is_empty() || fold(&row.name).contains(&needle) || fold(&row.email).contains(&needle)
    };
    let found: Vec<MemberRow> = seen.into_iter().filter(fits).collect();
    let pages = found.len().div_ceil(ROWS).max(1);
    let page = query.page.clamp(1, pages);
    let count = found.len();
    let invitations = pending(&visit.state, &mut reader, &seat, &catalogue, &needle).await?;
    Ok(MemberList {
        items: found.into_iter().skip((page - 1) * ROWS).take(ROWS).collect(),
        found: count,
        total,
        owners,
        page,
        pages,
        invitations,
        now: visit.state.now(),
        workgroup: seat.workgroup,
    })
}

/// Everybody whom the seat sees: owners first, then by name.
pub async fn all(state: &AppState, seat: &Seat) -> Result<Vec<MemberRow>> {
    seat.manages_members()?;
    let mut reader = state.db.read().await?;
    let catalogue = store::permissions::list(&mut reader).await?;
    seen(&mut reader, seat, &catalogue).await
}

async fn seen(
    on: &mut impl Lanes,
    seat: &Seat,
    catalogue: &[Permission],
) -> Result<Vec<MemberRow>> {
    let mut all = store::memberships::list(on, &seat.workgroup.id).await?;
    all.retain(|listed| {
        let group = listed.group.as_ref().map(|(id, _)| id.as_str());
        seat.sees_member(listed.owner, group)
    });
    all.sort_by_cached_key(|it| (!it.owner, fold(&it.user.name), it.user.id.clone()));
    Ok(all.into_iter().map(|listed| row(seat, listed, catalogue)).collect())
}

fn row(seat: &Seat, listed: Listed, catalogue: &[Permission]) -> MemberRow {
    MemberRow {
        you: seat.is(&listed.user.id),
        rights: HeldRights {
            owner: listed.owner,
            permissions: known(&listed.permissions, catalogue),
            group: listed.group.map(|(_, name)| name),
        },
        administrator: listed.user.administrator,
        user_id: listed.user.id,
        name: listed.user.name,
        email: listed.user.email,
        disabled: listed.disabled_at.is_some(),
        last_signed_in_at: listed.last_signed_in_at,
        joined_at: listed.joined_at,
    }
}

async fn pending(
    state: &AppState,
    on: &mut impl Lanes,
    seat: &Seat,
    catalogue: &[Permission],
    needle: &str,
) -> Result<Vec<InvitationRow>> {
    let mut rows = Vec::new();
    for invitation in store::invitations::list(on, &seat.workgroup.id).await? {
        let offered = &invitation.offered;
        let seen = seat.sees_member(offered.owner, offered.device_group_id.as_deref());
        if !seen || !fold(&invitation.email).contains(needle) {
            continue;
        }
        let opened =
            invitations::offer::judge(state, on, &seat.workgroup, invitation.clone()).await;
        let problem = invitations::offer::problem(opened)?;
        let group = match &offered.device_group_id {
            Some(id) => store::groups::find_by_id(on, id).await?.map(|group| group.name),
            None => None,
        };
        rows.push(InvitationRow {
            rights: HeldRights {
                owner: offered.owner,
                permissions: known(&offered.permissions, catalogue),
                group,
            },
            id: invitation.id,
            email: invitation.email,
            invited_by: invitation.invited_by.label(),
            expires_at: invitation.expires_at,
            problem,
        });
    }
    Ok(rows)
}
