//! The path of a line: segments that stand for themselves, `{name}` for one, `{*name}` at the end for the rest.

/// A checked path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    segments: Vec<Segment>,
    /// Its parameters, from the left.
    pub names: Vec<String>,
    /// It ends in `{*name}`.
    pub ends_wide: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Itself(String),
    One,
    Rest,
}

impl Pattern {
    pub fn parse(written: &str) -> Result<Pattern, String> {
        let Some(inside) = written.strip_prefix('/') else {
            return Err(format!("The path “{written}” does not begin with a slash."));
        };
        if let Some(odd) = written.chars().find(|c| "%;?#\\".contains(*c) || c.is_control()) {
            return Err(format!(
                "No request ever matches a path with “{}” in it: paths are compared decoded and without their query.",
                odd.escape_default()
            ));
        }
        let mut pattern = Pattern { segments: Vec::new(), names: Vec::new(), ends_wide: false };
        let last = inside.split('/').count() - 1;
        for (at, segment) in inside.split('/').enumerate() {
            pattern.add(segment, at == last)?;
        }
        Ok(pattern)
    }

    fn add(&mut self, segment: &str, last: bool) -> Result<(), String> {
        if matches!(segment, "." | "..") || (segment.is_empty() && !last) {
            return Err("No request ever matches a path with //, . or .. in it.".to_owned());
        }
        if !segment.contains(['{', '}']) {
            self.segments.push(Segment::Itself(segment.to_owned()));
            return Ok(());
        }
        let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let (name, wide) = match name.map(|name| (name, name.strip_prefix('*'))) {
            Some((_, Some(name))) => (name, true),
            Some((name, None)) => (name, false),
            None => ("", false),
        };
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(letters) {
            return Err(format!(
                "“{segment}” is no part of a path. Write {{name}} for a whole segment, or {{*name}} for the rest."
            ));
        }
        if wide && !last {
            return Err(format!("{segment} stands for the rest: nothing can follow it."));
        }
        if self.names.iter().any(|known| known == name) {
            return Err(format!("The path names {{{name}}} twice."));
        }
        self.names.push(name.to_owned());
        self.ends_wide = wide;
        self.segments.push(if wide { Segment::Rest } else { Segment::One });
        Ok(())
    }

    /// The path with its parameters named by number: paths of the same shape are the same.
    pub fn shape(&self) -> String {
        self.written(str::to_owned)
    }

    /// The shape as a server reads it that cares little.
    pub fn loose_shape(&self) -> String {
        self.written(loose_segment)
    }

    fn written(&self, itself: impl Fn(&str) -> String) -> String {
        let mut shape = String::new();
        for (at, segment) in self.segments.iter().enumerate() {
            shape.push('/');
            match segment {
                Segment::Itself(text) => shape.push_str(&itself(text)),
                Segment::One => shape.push_str(&format!("{{p{at}}}")),
                Segment::Rest => shape.push_str(&format!("{{*p{at}}}")),
            }
        }
        shape
    }

    /// How wide each segment is, from the left: of two paths the smaller is the more specific. A slash at the end counts not.
    pub fn widths(&self) -> Vec<u8> {
        let width = |segment: &Segment| match segment {
            Segment::Itself(text) if text.is_empty() => None,
            Segment::Itself(_) => Some(0),
            Segment::One => Some(1),
            Segment::Rest => Some(2),
        };
        self.segments.iter().filter_map(width).collect()
    }
}

/// A path as servers may take it that ignore case, and dots and spaces at the end of a segment.
pub(super) fn loose(path: &str) -> String {
    let mut loosened = String::with_capacity(path.len() + 1);
    for segment in path.split('/').skip(1) {
        loosened.push('/');
        loosened.extend(loose_letters(segment));
    }
    loosened
}

fn loose_segment(segment: &str) -> String {
    loose_letters(segment).collect()
}

fn loose_letters(segment: &str) -> impl Iterator<Item = char> {
    segment.trim_end_matches(['.', ' ']).chars().flat_map(char::to_lowercase)
}
