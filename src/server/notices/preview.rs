//! A letter looked at without anything being sent: with a token of the workgroup where one fits, else with an example.

use super::show::sender;
use super::write::sample::{self, Reader};
use crate::domain::letter_page::{PreviewPage, Sample};
use crate::domain::notices_list::NoticeToken;
use crate::domain::rights::Seat;
use crate::domain::token::Token;
use crate::server::error::Result;
use crate::server::mail::Letter;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;

pub async fn page(visit: &Visit, slug: &str, sample: Sample) -> Result<PreviewPage> {
    let (seat, letter, token) = written(visit, slug, sample).await?;
    Ok(PreviewPage {
        sample,
        recipient: letter.to.to_string(),
        sender: sender(&visit.state),
        subject: letter.subject,
        text: letter.text,
        has_html: letter.html.is_some(),
        token: token.map(|token| NoticeToken { title: token.title(), id: token.id }),
        workgroup: seat.workgroup,
    })
}

/// The letter's HTML, for a frame of its own.
pub async fn html(visit: &Visit, slug: &str, sample: Sample) -> Result<Option<String>> {
    Ok(written(visit, slug, sample).await?.1.html)
}

async fn written(
    visit: &Visit,
    slug: &str,
    sample: Sample,
) -> Result<(Seat, Letter, Option<Token>)> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    seat.reads_record()?;
    let person = visit.person()?;
    let reader = Reader { name: &person.name, email: person.email.as_str() };
    let mut on = state.db.read().await?;
    let token = fitting(&mut on, visit, &seat.workgroup.id, sample).await?;
    let workgroup_id = &seat.workgroup.id;
    let letter =
        sample::letter(state, &mut on, workgroup_id, sample, token.clone(), &reader).await?;
    Ok((seat, letter, token))
}

/// A token of which such a letter could be sent.
async fn fitting(
    on: &mut impl Lanes,
    visit: &Visit,
    workgroup_id: &str,
    sample: Sample,
) -> Result<Option<Token>> {
    let now = visit.state.now();
    match sample {
        Sample::Expiry | Sample::Issued => {
            store::letters::find_ending(on, workgroup_id, now, false).await
        }
        Sample::Renewed => store::letters::find_ending(on, workgroup_id, now, true).await,
        Sample::Revoked => store::letters::find_revoked(on, workgroup_id).await,
        Sample::Test => Ok(None),
    }
}
