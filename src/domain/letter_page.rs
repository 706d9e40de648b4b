//! One letter as its page shows it: as it was sent, how it was taken, and what it was about; and letters that are only shown.

use super::notices_list::{Delivery, NoticeToken};
use super::time::Time;
use super::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// How a letter is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// As most recipients see it; its text where it has nothing else.
    #[default]
    Html,
    Text,
    Headers,
}

impl Side {
    /// As addresses name it; empty for the first.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Side::Html => "",
            Side::Text => "text",
            Side::Headers => "headers",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Side::Html => "HTML",
            Side::Text => "Text",
            Side::Headers => "Headers",
        }
    }

    /// What is not known is as if it were not there.
    #[must_use]
    pub fn parse(code: &str) -> Side {
        let all = [Side::Text, Side::Headers];
        all.into_iter().find(|side| side.code() == code).unwrap_or_default()
    }
}

/// A token that a letter is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub token: NoticeToken,
    pub hint: String,
    /// Days before the end at which it was told; 0: the end itself; `None`: it was not about an end.
    pub stage: Option<i64>,
    /// Its notices go to another address now.
    pub moved: bool,
}

/// A letter's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterPage {
    pub workgroup: Workgroup,
    pub id: String,
    /// Its subject where that may be told, else what sort of letter it is.
    pub title: String,
    pub recipient: String,
    /// As the From header says it.
    pub sender: String,
    /// Without its angle brackets.
    pub message_id: String,
    pub created_at: Time,
    pub delivery: Delivery,
    pub attempts: i64,
    /// `None`: it holds a one-time code, or nothing of it is written yet.
    pub text: Option<String>,
    pub has_html: bool,
    /// It holds a one-time code, so no copy is kept.
    pub sealed: bool,
    /// Soonest end first; empty once they are all gone.
    pub about: Vec<About>,
    pub can_send_again: bool,
    pub now: Time,
}

/// What a token's address was told, as the token's page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeSent {
    /// Its letter, while it is kept.
    pub letter: Option<String>,
    /// Days before the end; 0: the end itself.
    pub stage: i64,
    /// The number of the string that ends.
    pub number: i64,
    pub address: String,
    /// When it was sent, or else when it was owed.
    pub at: Time,
    /// `None`: the letter is gone, or it was sent so long ago that nothing is kept of it.
    pub delivery: Option<Delivery>,
}

/// A letter that can be looked at without anything being sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    #[default]
    Expiry,
    Issued,
    Revoked,
    Renewed,
    Test,
}

impl Sample {
    pub const ALL: [Sample; 5] =
        [Sample::Expiry, Sample::Issued, Sample::Revoked, Sample::Renewed, Sample::Test];

    /// As addresses name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Sample::Expiry => "expiry",
            Sample::Issued => "issued",
            Sample::Revoked => "revoked",
            Sample::Renewed => "renewed",
            Sample::Test => "test",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Sample::Expiry => "Expiry",
            Sample::Issued => "Issued",
            Sample::Revoked => "Revoked",
            Sample::Renewed => "Renewed",
            Sample::Test => "Test",
        }
    }

    /// What is not known is the first one.
    #[must_use]
    pub fn parse(code: &str) -> Sample {
        Sample::ALL.into_iter().find(|sample| sample.code() == code).unwrap_or_default()
    }
}

/// A letter that nobody is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewPage {
    pub workgroup: Workgroup,
    pub sample: Sample,
    pub subject: String,
    pub recipient: String,
    pub sender: String,
    pub text: String,
    pub has_html: bool,
    /// The token whose facts it tells; `None`: an example, since none fits.
    pub token: Option<NoticeToken>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_and_samples_are_named_in_addresses() {
        for side in [Side::Html, Side::Text, Side::Headers] {
            assert_eq!(Side::parse(side.code()), side);
        }
        assert_eq!(Side::parse("raw"), Side::Html);
        for sample in Sample::ALL {
            assert_eq!(Sample::parse(sample.code()), sample);
        }
        assert_eq!(Sample::parse("invitation"), Sample::Expiry);
    }
}
