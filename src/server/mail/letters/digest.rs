//! The digest to a workgroup owner, over all workgroups that they own.

use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::mail::Letter;

/// One line of a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestLine {
    /// What the link says: owner and name of a token, or the address that could not be reached.
    pub title: String,
    /// Where it leads, without scheme and host: `/harrow/settings/tokens/…`.
    pub path: String,
    /// The second line: hint, what it can, its use; or the server's answer.
    pub detail: String,
    /// The date at the right: expiry, or when it was given up.
    pub at: Time,
    /// `Given up`, where the date is not what matters; else how far the date lies from now is said.
    pub word: Option<&'static str>,
    /// Not told before.
    pub new: bool,
}

/// What one workgroup has to tell; sections without a line are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DigestWorkgroup {
    pub name: String,
    pub slug: String,
    /// Still used after expiry or revocation.
    pub knocking: Vec<DigestLine>,
    pub undelivered: Vec<DigestLine>,
    /// May renew, are in use, have passed 70 % of their life and have not renewed.
    pub missed: Vec<DigestLine>,
    pub expired: Vec<DigestLine>,
    pub expiring: Vec<DigestLine>,
    /// How many lines were left out for length.
    pub more: usize,
}

#[derive(Clone, Debug)]
pub struct Digest<'a> {
    pub to: &'a Email,
    pub workgroups: &'a [DigestWorkgroup],
    /// How many workgroups the reader owns.
    pub owned: usize,
    /// IANA name of the reader's zone: dates are said in it.
    pub zone: &'a str,
    /// Scheme and host that every link begins with.
    pub url: &'a str,
    /// The whole address at which one click turns the digest off.
    pub unsubscribe: &'a str,
    /// The reader turned the digest off: only what could not be delivered is told, and that cannot be turned off.
    pub off: bool,
    pub now: Time,
}

impl Digest<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        let mut text = Vec::new();
        for part in self.workgroups {
            text.push(part.name.clone());
            let sections =
                [&part.knocking, &part.undelivered, &part.missed, &part.expired, &part.expiring];
            for line in sections.into_iter().flatten() {
                text.push(format!("{}\n{}\n{}{}", line.title, line.detail, self.url, line.path));
            }
        }
        let letter = Letter::plain(self.to.clone(), "Digest", text.join("\n"));
        Ok(Letter { unsubscribe: Some(self.unsubscribe.to_owned()), ..letter })
    }
}
