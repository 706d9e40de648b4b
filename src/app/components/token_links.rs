//! Where the pages and dialogs of tokens are: every link to one is made here.

use crate::domain::token_list::TokenQuery;

/// A dialog of a token's page, as its address names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    Reissue,
    Revoke,
    /// The string of this number.
    Retire(i64),
}

impl Asking {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Asking::Reissue => "reissue",
            Asking::Revoke => "revoke",
            Asking::Retire(_) => "retire",
        }
    }

    #[must_use]
    pub fn parse(code: &str, number: Option<&str>) -> Option<Asking> {
        match code {
            "reissue" => Some(Asking::Reissue),
            "revoke" => Some(Asking::Revoke),
            "retire" => number?.parse().ok().map(Asking::Retire),
            _ => None,
        }
    }
}

#[must_use]
pub fn list(workgroup: &str, query: &TokenQuery) -> String {
    format!("/{workgroup}/settings/tokens{}", query.address())
}

#[must_use]
pub fn new(workgroup: &str) -> String {
    format!("/{workgroup}/settings/tokens/new")
}

/// The new-token form, filled in from a token.
#[must_use]
pub fn like(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/tokens/new?like={id}")
}

#[must_use]
pub fn page(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/tokens/{id}")
}

#[must_use]
pub fn edit(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/tokens/{id}/edit")
}

#[must_use]
pub fn dialog(workgroup: &str, id: &str, asking: Asking) -> String {
    let page = page(workgroup, id);
    match asking {
        Asking::Retire(number) => format!("{page}?dialog=retire&number={number}"),
        _ => format!("{page}?dialog={}", asking.code()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_dialog_names_it() {
        let cases = [
            (Asking::Reissue, "/harrow/settings/tokens/t1?dialog=reissue"),
            (Asking::Revoke, "/harrow/settings/tokens/t1?dialog=revoke"),
            (Asking::Retire(2), "/harrow/settings/tokens/t1?dialog=retire&number=2"),
        ];
        for (asking, address) in cases {
            assert_eq!(dialog("harrow", "t1", asking), address);
            assert_eq!(Asking::parse(asking.code(), Some("2")), Some(asking));
        }
        assert_eq!(Asking::parse("retire", Some("two")), None);
        assert_eq!(Asking::parse("retire", None), None);
        assert_eq!(Asking::parse("burn", None), None);
    }
}
