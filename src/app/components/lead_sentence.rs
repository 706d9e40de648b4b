//! Shows a sentence of `domain::lead`: its words are made there, its markup here.

use super::status_badge::ink;
use super::time::Exact;
use super::token_links;
use crate::domain::lead::Piece;
use crate::domain::token_list::TokenQuery;
use leptos::either::EitherOf4;
use leptos::prelude::*;

const LINK: &str =
    "font-medium underline decoration-line-2 underline-offset-3 hover:decoration-current";

#[component]
pub fn LeadSentence(pieces: Vec<Piece>, #[prop(into)] workgroup: String) -> impl IntoView {
    pieces.into_iter().map(|piece| show(piece, &workgroup)).collect_view()
}

fn show(piece: Piece, workgroup: &str) -> impl IntoView + use<> {
    match piece {
        Piece::Plain(text) => EitherOf4::A(text),
        Piece::Strong(text) => {
            EitherOf4::B(view! { <strong class="font-medium text-ink">{text}</strong> })
        }
        Piece::At(at) => EitherOf4::C(view! { <Exact at=at /> }),
        Piece::Link(status, text) => {
            let query = TokenQuery { status: Some(status), ..TokenQuery::default() };
            let href = token_links::list(workgroup, &query);
            let class = format!("{LINK} {}", ink(status));
            EitherOf4::D(view! { <a href=href class=class>{text}</a> })
        }
    }
}
