//! One letter, as it was sent: for whoever reads the record of its workgroup. What holds a one-time code is never shown.

use crate::domain::letter_page::{About, LetterPage};
use crate::domain::notices_list::{
    Delivery, NoticeToken, is_repeatable, kind_words, tells_subject,
};
use crate::domain::refusal::Refusal;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::letters::Kept;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;

pub async fn page(visit: &Visit, slug: &str, id: &str) -> Result<LetterPage> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    seat.reads_record()?;
    let mut reader = state.db.read().await?;
    let found = store::letters::find(&mut reader, &seat.workgroup.id, id).await?;
    let letter = found.ok_or_else(|| Refusal::not_found("letter"))?;
    let about = about(&mut reader, &seat.workgroup.id, &letter).await?;
    let open = tells_subject(&letter.letter);
    let failed = matches!(letter.delivery, Delivery::Undelivered { again: false, .. });
    Ok(LetterPage {
        title: title(&letter),
        sender: sender(state),
        message_id: format!("{}@{}", letter.id, state.config.public_url.domain()),
        created_at: letter.created_at,
        attempts: letter.attempts,
        text: letter.text.filter(|_| open),
        has_html: letter.has_html && open,
        sealed: !open,
        can_send_again: failed && is_repeatable(&letter.letter),
        delivery: letter.delivery,
        recipient: letter.recipient,
        id: letter.id,
        about,
        workgroup: seat.workgroup,
        now: state.now(),
    })
}

/// The letter's HTML, for a frame of its own.
pub async fn html(visit: &Visit, slug: &str, id: &str) -> Result<String> {
    let seat = visit.seat(slug).await?;
    seat.reads_record()?;
    let mut reader = visit.state.db.read().await?;
    let found = store::letters::find_html(&mut reader, &seat.workgroup.id, id).await?;
    let open = found.filter(|(letter, _)| tells_subject(letter)).and_then(|(_, html)| html);
    Ok(open.ok_or_else(|| Refusal::not_found("letter"))?)
}

fn title(letter: &Kept) -> String {
    let subject = letter.subject.clone().filter(|_| tells_subject(&letter.letter));
    subject.unwrap_or_else(|| kind_words(&letter.letter).0.to_owned())
}

/// As the From header says it.
pub(super) fn sender(state: &AppState) -> String {
    let from = &state.config.mail_from;
    match &from.name {
        Some(name) => format!("{} <{}>", name.as_str(), from.address),
        None => from.address.to_string(),
    }
}

/// The tokens that it is about, as far as they still stand.
async fn about(on: &mut impl Lanes, workgroup_id: &str, letter: &Kept) -> Result<Vec<About>> {
    let Some(token_id) = &letter.token_id else {
        return store::letters::list_about(on, workgroup_id, &letter.id, &letter.recipient).await;
    };
    let token = store::tokens::find(on, workgroup_id, token_id).await?;
    let about = token.map(|token| About {
        hint: token.hint().to_owned(),
        stage: None,
        moved: token.email != letter.recipient,
        token: NoticeToken { title: token.title(), id: token.id },
    });
    Ok(about.into_iter().collect())
}
