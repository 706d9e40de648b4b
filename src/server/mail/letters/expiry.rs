//! The letter to a token owner about what ends: everything of one address in one workgroup.

use super::page::{Block, Page, Span};
use super::{Contact, NO_STRING, Sheet, ask_after, counted, numbered};
use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::mail::Letter;

/// So many are told in full.
const MOST: usize = 20;

/// One token, or one string of a token, that ends or has ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The token owner, and the token's name if it has one.
    pub owner: String,
    pub name: Option<String>,
    /// `#2`: which string ends, and its hint `lka_…9fK2`.
    pub number: i64,
    pub hint: String,
    /// Past `now`: it has expired.
    pub ends_at: Time,
    /// What it opens in words: "Read and control the 12 devices of North plant".
    pub may: String,
    pub last_used: Option<(Time, String)>,
    /// The holder can renew it now: renewal is on, it is live, not legacy.
    pub renewable: bool,
    /// The lifetime of a renewed string in words, such as `3 months`, clamped to today's policy.
    pub lifetime: String,
    /// Set: the token lives on, this one string ends though it is still in use.
    pub newer: Option<Newer>,
    /// Days before the end at which the next notice comes; `None`: this was the last one before the end.
    pub next_stage: Option<i64>,
}

/// The string of the same token that outlives the one that ends.
#[derive(Clone, Debug)]
pub struct Newer {
    pub number: i64,
    pub hint: String,
    pub ends_at: Option<Time>,
    pub last_used_at: Option<Time>,
}

/// What ends for one address in one workgroup, soonest first; never empty.
#[derive(Clone, Debug)]
pub struct Expiry<'a> {
    pub to: &'a Email,
    pub sheet: Sheet<'a>,
    pub endings: &'a [Ending],
    /// The workgroup's owners, for what cannot renew.
    pub contacts: &'a [Contact],
}

/// What can be done about an ending, and the words over those alike.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Renew,
    Switch,
    Ask,
}

impl Ending {
    fn way(&self) -> Way {
        match (&self.newer, self.renewable) {
            (Some(_), _) => Way::Switch,
            (None, true) => Way::Renew,
            (None, false) => Way::Ask,
        }
    }
}

impl Expiry<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        let page = Page {
            subject: self.subject(),
            head: self.sheet.head(),
            title: self.subject(),
            preview: self.preview(),
            blocks: self.blocks(),
            foot: vec![Span::plain(format!(
                "Sent to {} because {} issued to it. {}{NO_STRING}",
                self.to,
                if self.endings.len() == 1 { "this token is" } else { "these tokens are" },
                self.next()
            ))],
        };
        page.letter(self.to)
    }

    fn ended(&self, ending: &Ending) -> bool {
        ending.ends_at <= self.sheet.now
    }

    /// "1 API token has expired, 2 expire by 3 December".
    fn subject(&self) -> String {
        let tokens: Vec<_> = self.endings.iter().filter(|it| it.newer.is_none()).collect();
        let gone = tokens.iter().filter(|it| self.ended(it)).count();
        let ahead: Vec<_> =
            tokens.iter().filter(|it| !self.ended(it)).map(|it| it.ends_at).collect();
        let strings: Vec<_> =
            self.endings.iter().filter(|it| it.newer.is_some()).map(|it| it.ends_at).collect();
        let mut parts = Vec::new();
        if gone > 0 {
            let verb = if gone == 1 { "has" } else { "have" };
            parts.push(format!("{} {verb} expired", counted(gone, "API token", "API tokens")));
        }
        if !ahead.is_empty() {
            let what = match gone {
                0 => counted(ahead.len(), "API token", "API tokens"),
                _ => ahead.len().to_string(),
            };
            parts.push(format!("{what} {}", self.by("expires", "expire", &ahead)));
        }
        if !strings.is_empty() {
            let what = counted(strings.len(), "token string", "token strings");
            parts.push(format!("{what} still in use {}", self.by("ends", "end", &strings)));
        }
        parts.join(", ")
    }

    fn by(&self, one: &str, many: &str, ends: &[Time]) -> String {
        let last = ends.iter().max().copied().unwrap_or_default();
        let day = last.day_in(self.sheet.zone, self.sheet.now);
        if ends.len() == 1 { format!("{one} on {day}") } else { format!("{many} by {day}") }
    }

    fn preview(&self) -> String {
        let Some(first) = self.endings.first() else { return String::new() };
        let at = first.ends_at.exact_in(self.sheet.zone);
        let renewable = self.endings.iter().filter(|it| it.way() == Way::Renew).count();
        let first = if self.ended(first) { "stopped" } else { "stops" };
        match renewable {
            0 => format!("The first {first} on {at}."),
            1 => format!("The first {first} on {at}. One you can renew now, with one call."),
            n => format!("The first {first} on {at}. {n} you can renew now, with one call each."),
        }
    }

    fn next(&self) -> String {
        let ahead = self.endings.iter().filter(|it| !self.ended(it));
        match ahead.clone().filter_map(|it| it.next_stage).max() {
            Some(days) => format!(
                "The next mail comes {} before the end, unless it is renewed or replaced before. ",
                counted(usize::try_from(days).unwrap_or_default(), "day", "days")
            ),
            None if ahead.clone().next().is_some() => {
                "This is the last mail before the end. ".to_owned()
            }
            None => String::new(),
        }
    }

    /// The one owner of everything here, if it is one.
    fn owner(&self) -> Option<&str> {
        let first = self.endings.first()?.owner.as_str();
        self.endings.iter().all(|it| it.owner == first).then_some(first)
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![self.lead()];
        for way in [Way::Renew, Way::Switch, Way::Ask] {
            let of_way: Vec<_> =
                self.endings.iter().take(MOST).filter(|it| it.way() == way).collect();
            if of_way.is_empty() {
                continue;
            }
            if blocks.len() > 1 {
                blocks.push(Block::Rule);
            }
            blocks.push(Block::Heading(self.heading(way, &of_way)));
            blocks.extend(of_way.iter().map(|it| Block::Facts(self.facts(it))));
            blocks.extend(self.what_to_do(way, &of_way));
        }
        if let Some(more) = self.endings.len().checked_sub(MOST).filter(|more| *more > 0) {
            blocks.push(Block::Text(vec![Span::plain(format!(
                "And {more} more, none of which ends before these."
            ))]));
        }
        blocks
    }

    fn lead(&self) -> Block {
        let one = self.endings.len() == 1;
        let who = match self.owner() {
            Some(owner) => vec![
                Span::plain(if one { "It was issued to " } else { "They were issued to " }),
                Span::strong(owner),
                Span::plain(". "),
            ],
            None => Vec::new(),
        };
        let all_gone = self.endings.iter().all(|it| self.ended(it));
        let then = match (all_gone, one) {
            (true, true) => "It is refused now, and whatever uses it has stopped.",
            (true, false) => "Each is refused now, and whatever uses it has stopped.",
            (false, true) => "After the time below it is refused, and whatever uses it stops.",
            (false, false) => {
                "After the time below each one is refused, and whatever uses it stops."
            }
        };
        Block::Text(who.into_iter().chain([Span::plain(then)]).collect())
    }

    fn heading(&self, way: Way, of_way: &[&Ending]) -> String {
        let (one, count) = (of_way.len() == 1, of_way.len());
        let alone = self.endings.len() == 1;
        match way {
            Way::Renew if alone => "You can renew it now".to_owned(),
            Way::Renew if one => "One you can renew now".to_owned(),
            Way::Renew => format!("{count} you can renew now"),
            Way::Switch if one => "A string to be replaced by one that you have".to_owned(),
            Way::Switch => format!("{count} strings to be replaced by ones that you have"),
            Way::Ask if alone => "Somebody must replace it".to_owned(),
            Way::Ask if one => "One that somebody must replace".to_owned(),
            Way::Ask => format!("{count} that somebody must replace"),
        }
    }

    fn facts(&self, ending: &Ending) -> Vec<(&'static str, Vec<Span>)> {
        let mut token = vec![Span::mono(&ending.hint)];
        if let Some(name) = &ending.name {
            token.push(Span::plain(" · "));
            token.push(Span::strong(name));
        }
        let mut facts = vec![("Token", token)];
        if self.owner().is_none() {
            facts.push(("Issued to", vec![Span::strong(&ending.owner)]));
        }
        let end = match (self.ended(ending), &ending.newer) {
            (true, _) => "Expired",
            (false, Some(_)) => "Ends",
            (false, None) => "Expires",
        };
        facts.push((end, self.sheet.when(ending.ends_at)));
        facts.push(("May", vec![Span::plain(&ending.may)]));
        facts.push(("Last used", self.sheet.used(ending.last_used.as_ref())));
        facts
    }

    fn what_to_do(&self, way: Way, of_way: &[&Ending]) -> Vec<Block> {
        let text = |text: String| Block::Text(vec![Span::plain(text)]);
        match way {
            Way::Renew => {
                let lifetime = match of_way {
                    [one] => format!(", good for {}", one.lifetime),
                    _ => String::new(),
                };
                let run = format!(
                    "Run this with the token string that you have. The answer holds the next one{lifetime}, with the same permissions."
                );
                std::iter::once(text(run)).chain(self.sheet.renewal()).collect()
            }
            Way::Switch => of_way.iter().map(|it| text(self.switch(it))).collect(),
            Way::Ask => {
                let gone = of_way.iter().any(|it| self.ended(it));
                let sentence = match (of_way.len(), gone) {
                    (1, true) => "If you still need it, ask for a new one: ",
                    (1, false) => {
                        "This one cannot renew. If you still need it, ask for a new one: "
                    }
                    _ => "These cannot renew. If you still need them, ask for new ones: ",
                };
                vec![ask_after(sentence, self.contacts, self.sheet.url)]
            }
        }
    }

    /// "#1 (lka_…9fK2) is still in use and ends on …; #2 (lka_…) has never been used."
    fn switch(&self, ending: &Ending) -> String {
        let Some(newer) = &ending.newer else { return String::new() };
        let at = ending.ends_at.exact_in(self.sheet.zone);
        let used = match newer.last_used_at {
            None => "has never been used".to_owned(),
            Some(used) => format!("was last used {}", used.relative(self.sheet.now)),
        };
        let until = newer.ends_at.map_or_else(
            || "does not expire".to_owned(),
            |end| format!("works until {}", end.exact_in(self.sheet.zone)),
        );
        format!(
            "{} is still in use and ends on {at}; {} {used}. It {until}: put it where {} is used now.",
            numbered(ending.number, &ending.hint),
            numbered(newer.number, &newer.hint),
            numbered(ending.number, &ending.hint),
        )
    }
}
