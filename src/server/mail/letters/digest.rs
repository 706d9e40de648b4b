//! The digest to a workgroup owner, over all workgroups that they own.

use super::counted;
use super::page::{Block, Line, Page, Span};
use crate::domain::time::{DAY, Time};
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

/// The sections of a workgroup in the order in which they matter: what they are called, and how grave a date in them is.
#[derive(Clone, Copy)]
enum Grave {
    Broken,
    Near,
    Quiet,
}

impl DigestWorkgroup {
    fn sections(&self) -> [(&'static str, &[DigestLine], Grave); 5] {
        [
            ("Still used after its end", &self.knocking, Grave::Broken),
            ("Could not be delivered", &self.undelivered, Grave::Broken),
            ("In use, could renew, and has not", &self.missed, Grave::Near),
            ("Expired", &self.expired, Grave::Quiet),
            ("Expiring", &self.expiring, Grave::Near),
        ]
    }
}

impl Digest<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        let title = self.title();
        let page = Page {
            subject: title.clone(),
            head: "Latchkey, daily digest".to_owned(),
            title,
            preview: self.preview(),
            blocks: self.blocks(),
            foot: self.foot(),
        };
        let letter = page.letter(self.to)?;
        Ok(Letter { unsubscribe: Some(self.unsubscribe.to_owned()), ..letter })
    }

    fn count(&self, of: impl Fn(&DigestWorkgroup) -> &Vec<DigestLine>) -> usize {
        self.workgroups.iter().map(|it| of(it).len()).sum()
    }

    /// "within 14 days": how far the last of what expires lies ahead.
    fn within(&self) -> String {
        let last = self.workgroups.iter().flat_map(|it| &it.expiring).map(|line| line.at).max();
        let ahead = last.map_or(0, |at| at.0 - self.now.0).max(1);
        let days = usize::try_from((ahead + DAY - 1) / DAY).unwrap_or_default();
        format!("within {}", counted(days, "day", "days"))
    }

    /// "5 tokens expire within 14 days, 1 is used after its end": the gravest counts, in words.
    fn title(&self) -> String {
        let is = |count: usize, one: &str, many: &str| {
            if count == 1 { one.to_owned() } else { many.to_owned() }
        };
        let within = self.within();
        let (expires, expire) = (format!("expires {within}"), format!("expire {within}"));
        let counts = [
            (self.count(|it| &it.expiring), "token", "tokens", expires.as_str(), expire.as_str()),
            (self.count(|it| &it.expired), "token", "tokens", "has expired", "have expired"),
            (
                self.count(|it| &it.knocking),
                "token",
                "tokens",
                "is used after its end",
                "are used after their end",
            ),
            (
                self.count(|it| &it.undelivered),
                "notice",
                "notices",
                "could not be delivered",
                "could not be delivered",
            ),
            (self.count(|it| &it.missed), "token", "tokens", "has not renewed", "have not renewed"),
        ];
        let mut said: Vec<String> = Vec::new();
        let mut noun = "";
        for (count, one, many, verb, verbs) in counts.into_iter().filter(|it| it.0 > 0) {
            let what = if noun == one { count.to_string() } else { counted(count, one, many) };
            noun = one;
            said.push(format!("{what} {}", is(count, verb, verbs)));
        }
        match said.pop() {
            None => "Nothing to say".to_owned(),
            Some(last) if said.is_empty() => last,
            Some(last) => format!("{} and {last}", said.join(", ")),
        }
    }

    fn preview(&self) -> String {
        let of = |workgroup: &DigestWorkgroup| {
            let lines: usize = workgroup.sections().iter().map(|it| it.1.len()).sum();
            format!("{}: {}", workgroup.name, lines + workgroup.more)
        };
        self.workgroups.iter().map(of).collect::<Vec<_>>().join(" · ")
    }

    fn blocks(&self) -> Vec<Block> {
        let over = match self.owned {
            1 => "the workgroup that you own".to_owned(),
            n => format!("the {n} workgroups that you own"),
        };
        let lead = if self.off {
            format!(
                "Your digest is turned off; what could not be delivered in {over} is told all the same, for nobody else hears of it."
            )
        } else {
            format!("Your digest of {}, over {over}.", self.now.exact_in(self.zone))
        };
        let mut blocks = vec![Block::Text(vec![Span::plain(lead)])];
        for workgroup in self.workgroups {
            blocks.push(Block::Heading(super::page::line(&workgroup.name)));
            for (label, lines, grave) in workgroup.sections() {
                if lines.is_empty() {
                    continue;
                }
                blocks.push(Block::Label(label.to_owned()));
                blocks.push(Block::Lines(lines.iter().map(|it| self.line(it, grave)).collect()));
            }
            if workgroup.more > 0 {
                blocks
                    .push(Block::Text(vec![Span::plain(format!("And {} more.", workgroup.more))]));
            }
        }
        if let Some(first) = self.workgroups.first() {
            blocks.push(Block::Button {
                label: "Open the tokens".to_owned(),
                href: format!("{}/{}/settings/tokens", self.url, first.slug),
            });
        }
        blocks
    }

    fn line(&self, line: &DigestLine, grave: Grave) -> Line {
        let word = line.word.map_or_else(|| line.at.relative(self.now), str::to_owned);
        let detail = match line.new {
            true => line.detail.clone(),
            false => format!("{} · told before", line.detail.trim_end_matches('.')),
        };
        Line {
            title: Span::link(&line.title, format!("{}{}", self.url, line.path)),
            detail: super::page::line(&detail),
            word: match grave {
                Grave::Broken => Span::Red(word),
                Grave::Near => Span::Amber(word),
                Grave::Quiet => Span::strong(word),
            },
            date: line.at.short_in(self.zone, self.now),
        }
    }

    fn foot(&self) -> Vec<Span> {
        let account = format!("{}/account", self.url);
        let these = if self.owned == 1 { "this workgroup" } else { "these workgroups" };
        let mut foot = vec![Span::plain(format!(
            "Sent to {} as an owner of {these}, at most once a day and only when there is something to say. ",
            self.to
        ))];
        if !self.off {
            foot.push(Span::link("Stop the digest", self.unsubscribe));
            foot.push(Span::plain(", or "));
            foot.push(Span::link("change its zone", account));
            foot.push(Span::plain(". "));
        }
        foot.push(Span::plain(super::NO_STRING));
        foot
    }
}
