//! A letter as a run of blocks, and its two faces: text that is complete on its own, and HTML by way of MJML. What people
//! wrote is put on one line and escaped here, so no letter has to think of it.

use crate::domain::user::Email;
use crate::server::mail::Letter;
use crate::server::mail::letter::one_line;
use anyhow::Context;
use askama::Template;
use mrml::prelude::render::RenderOptions;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use textwrap::WordSplitter;

/// Characters in a line of text, links and commands excepted.
const WIDTH: usize = 72;
/// The width of the labels in a table of facts.
const LABELS: usize = 12;

/// What stands in a `mailto:` address as it is (RFC 6068).
const IN_MAILTO: &AsciiSet = &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_');

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Plain(String),
    Strong(String),
    /// In a fixed width: strings' hints and addresses of machines.
    Mono(String),
    /// What comes near, and what is broken.
    Amber(String),
    Red(String),
    Link {
        text: String,
        href: String,
    },
}

/// One line of a list: what, about it, and at the right its state over its date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub title: Span,
    pub detail: String,
    pub word: Span,
    pub date: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Heading(String),
    /// Above a list, smaller than a heading.
    Label(String),
    Text(Vec<Span>),
    Facts(Vec<(&'static str, Vec<Span>)>),
    Lines(Vec<Line>),
    /// To be copied as it stands.
    Code(Vec<String>),
    /// The one thing to do.
    Button {
        label: String,
        href: String,
    },
    Rule,
}

/// A whole letter.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub subject: String,
    /// Who writes: "Latchkey, for Harrow Valley".
    pub head: String,
    pub title: String,
    /// What a list of mails shows behind the subject.
    pub preview: String,
    pub blocks: Vec<Block>,
    /// Why this mail came.
    pub foot: Vec<Span>,
}

#[derive(Template)]
#[template(path = "page.txt", escape = "none", whitespace = "preserve")]
struct TextPage<'a> {
    head: &'a str,
    title: String,
    blocks: &'a [Block],
    foot: String,
}

#[derive(Template)]
#[template(path = "page.mjml", escape = "html")]
struct MjmlPage<'a> {
    title: &'a str,
    preview: &'a str,
    head: &'a str,
    blocks: &'a [Block],
    foot: &'a [Span],
}

impl Span {
    pub(super) fn plain(text: impl AsRef<str>) -> Span {
        Span::Plain(kept(text.as_ref()))
    }

    pub(super) fn strong(text: impl AsRef<str>) -> Span {
        Span::Strong(one_line(text.as_ref()))
    }

    pub(super) fn mono(text: impl AsRef<str>) -> Span {
        Span::Mono(one_line(text.as_ref()))
    }

    pub(super) fn link(text: impl AsRef<str>, href: impl Into<String>) -> Span {
        Span::Link { text: one_line(text.as_ref()), href: href.into() }
    }

    /// An address to write to.
    pub(super) fn mail(address: &str) -> Span {
        let shown = one_line(address);
        let href = utf8_percent_encode(&shown, IN_MAILTO).to_string();
        Span::Link { text: shown, href: format!("mailto:{href}") }
    }

    fn text(&self) -> String {
        match self {
            Span::Plain(text)
            | Span::Strong(text)
            | Span::Mono(text)
            | Span::Amber(text)
            | Span::Red(text) => text.clone(),
            Span::Link { text, href } if href.starts_with("mailto:") => text.clone(),
            Span::Link { text, href } => format!("{text} ({href})"),
        }
    }
}

impl Block {
    /// With an empty line in front of it.
    fn text(&self) -> String {
        let body = match self {
            Block::Heading(text) => format!("{text}\n{}", "-".repeat(shown_width(text).min(WIDTH))),
            Block::Label(text) => format!("{text}:"),
            Block::Text(spans) => wrapped(&joined(spans), ""),
            Block::Facts(rows) => {
                let row = |(label, spans): &(&str, Vec<Span>)| {
                    let first = format!("{label:LABELS$}{}", joined(spans));
                    wrapped(&first, &" ".repeat(LABELS))
                };
                rows.iter().map(row).collect::<Vec<_>>().join("\n")
            }
            Block::Lines(lines) => lines.iter().map(Line::text).collect::<Vec<_>>().join("\n"),
            Block::Code(lines) => {
                lines.iter().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
            }
            Block::Button { label, href } => format!("{label}:\n\n{href}"),
            Block::Rule => return String::new(),
        };
        format!("\n{body}\n")
    }
}

impl Line {
    fn text(&self) -> String {
        let (title, href) = match &self.title {
            Span::Link { text, href } => (text.clone(), Some(href)),
            other => (other.text(), None),
        };
        let mut text = wrapped(&format!("* {title}: {}, {}", self.word.text(), self.date), "  ");
        if !self.detail.is_empty() {
            text += "\n";
            text += &wrapped(&format!("  {}", self.detail), "  ");
        }
        href.map_or(text.clone(), |href| format!("{text}\n  {href}"))
    }
}

impl Page {
    pub(super) fn letter(&self, to: &Email) -> anyhow::Result<Letter> {
        let (subject, title) = (one_line(&self.subject), one_line(&self.title));
        let (head, preview) = (one_line(&self.head), one_line(&self.preview));
        let text = TextPage {
            head: &head,
            title: wrapped(&title, ""),
            blocks: &self.blocks,
            foot: wrapped(&joined(&self.foot), ""),
        };
        let mjml = MjmlPage {
            title: &title,
            preview: &preview,
            head: &head,
            blocks: &self.blocks,
            foot: &self.foot,
        };
        let mjml = mrml::parse(mjml.render()?).context("a letter is not sound MJML")?;
        // No font of a stranger's server: mail is read with what its reader has.
        let options = RenderOptions { fonts: Default::default(), ..RenderOptions::default() };
        let html = mjml.element.render(&options);
        let html = html.context("a letter cannot be rendered")?;
        Ok(Letter { html: Some(html), ..Letter::plain(to.clone(), subject, text.render()? + "\n") })
    }
}

/// Text of a person on one line, for where no span is wanted.
pub(super) fn line(text: &str) -> String {
    one_line(text)
}

fn joined(spans: &[Span]) -> String {
    spans.iter().map(Span::text).collect()
}

/// One line, with the blanks at its ends: pieces stand beside each other.
fn kept(text: &str) -> String {
    let inner = one_line(text);
    let before = if text.starts_with(' ') { " " } else { "" };
    let after = if text.ends_with(' ') && !inner.is_empty() { " " } else { "" };
    format!("{before}{inner}{after}")
}

fn shown_width(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// In lines of at most [`WIDTH`]; a word that is longer, such as a link, stays whole.
fn wrapped(text: &str, indent: &str) -> String {
    let options = textwrap::Options::new(WIDTH)
        .subsequent_indent(indent)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Letter {
        let line = Line {
            title: Span::link(text, "https://tokens.example/x"),
            detail: line(text),
            word: Span::Red("now".into()),
            date: "today".into(),
        };
        let page = Page {
            subject: text.to_owned(),
            head: text.to_owned(),
            title: text.to_owned(),
            preview: text.to_owned(),
            blocks: vec![
                Block::Heading(super::line(text)),
                Block::Text(vec![
                    Span::plain(text),
                    Span::strong(text),
                    Span::mail("a&b@c.example"),
                ]),
                Block::Facts(vec![("Token", vec![Span::mono(text)])]),
                Block::Lines(vec![line]),
                Block::Code(vec![
                    "curl".into(),
                    "https://tokens.example/api/v1/token/renew".into(),
                ]),
                Block::Button {
                    label: "Open".into(),
                    href: "https://tokens.example/docs/renewal".into(),
                },
            ],
            foot: vec![Span::plain(text)],
        };
        page.letter(&Email::parse("ada@example.com").unwrap()).unwrap()
    }

    /// The elements of a page, in order.
    fn elements(html: &str) -> Vec<&str> {
        html.split('<').skip(1).map(|it| it.split([' ', '>']).next().unwrap()).collect()
    }

    #[test]
    fn hostile_text_is_neither_markup_nor_a_line_of_its_own() {
        let usual = page("Plant integrator");
        let html = usual.html.clone().unwrap();
        for text in [
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "</mj-text><mj-raw><script>alert(1)</script></mj-raw>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "{{ 7 * 7 }} {% if %}",
            "<!-- x -->",
            "]]><b>",
            "a\r\n\r\nhttps://evil.example",
            "right \u{202e}ot tfel",
            &"🔑".repeat(200),
        ] {
            let letter = page(text);
            let shown = letter.html.clone().unwrap();
            assert_eq!(elements(&shown), elements(&html), "{text}");
            assert!(
                !shown.contains("googleapis") && !shown.contains("onerror=alert(1)>"),
                "{text}"
            );
            assert!(!letter.text.lines().any(|it| it == "https://evil.example"), "{}", letter.text);
            assert!(!letter.subject.contains('\n') && !letter.text.contains('\u{202e}'));
        }
        let shown = page("<b> & \"x\"").html.unwrap();
        assert!(
            shown.contains("&lt;b&gt; &amp; ") || shown.contains("&#60;b&#62; &#38; "),
            "{shown}"
        );
    }

    #[test]
    fn a_link_stands_alone_and_whole_in_the_text() {
        let text = page("x").text;
        assert!(text.lines().any(|it| it == "https://tokens.example/docs/renewal"), "{text}");
        assert!(
            text.lines().any(|it| it == "    https://tokens.example/api/v1/token/renew"),
            "{text}"
        );
    }
}
