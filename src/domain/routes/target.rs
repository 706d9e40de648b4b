//! The path of a request as a proxy forwards it, decoded; refused where servers do not agree on what it means.

/// The decoded path of a target, without its query; or what about it is odd.
///
/// Nginx, proxies and APIs each clean paths in their own way. What they would all read alike is taken; what one of them may read as
/// another path is not, so that nobody gets by its spelling what the plain path does not give.
pub(super) fn path(target: &str) -> Result<String, &'static str> {
    let raw = target.split_once('?').map_or(target, |(path, _)| path);
    if !raw.starts_with('/') {
        return Err("its path does not begin with a slash.");
    }
    let mut decoded = Vec::with_capacity(raw.len());
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => escaped(bytes.next(), bytes.next())?,
            b'\\' | b';' | b'#' => return Err("its path holds a backslash, a semicolon or a #."),
            0x21..=0x7e => byte,
            _ => return Err("its path holds a space, a control or a non-ASCII character."),
        });
    }
    let path = String::from_utf8(decoded).map_err(|_| "its percent escapes are not UTF-8.")?;
    if path.chars().any(char::is_control) {
        return Err("its path holds an escaped control character.");
    }
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        match segment {
            "." | ".." => return Err("its path holds a segment . or .. ."),
            "" if segments.peek().is_some() => return Err("its path holds //."),
            "" => {}
            // To a server that ignores dots and spaces at the end of a segment it is none.
            hollow if hollow.trim_end_matches(['.', ' ']).is_empty() => {
                return Err("its path holds a segment of nothing but dots or spaces.");
            }
            _ => {}
        }
    }
    Ok(path)
}

/// The byte that two digits stand for, unless it would mean something else when it is decoded once more or once less.
fn escaped(high: Option<u8>, low: Option<u8>) -> Result<u8, &'static str> {
    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
    let byte =
        digit(high).zip(digit(low)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
    match byte.ok_or("its path holds a percent sign that is no escape.")? {
        b'/' | b'\\' | b'%' | b';' | b'?' | b'#' => {
            Err("its path holds an escaped slash, backslash, percent sign, semicolon, ? or #.")
        }
        0..=0x1f | 0x7f => Err("its path holds an escaped control character."),
        byte => Ok(byte),
    }
}
