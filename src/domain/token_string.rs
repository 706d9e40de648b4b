//! The token string itself, the secret: its format, its checksum, and the one way to read it. Never stored, never serialised.

use std::fmt;

/// The 62 digits, in the order of their value.
pub const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Random base62 characters in a string.
pub const RANDOM: usize = 32;
const CHECKSUM: usize = 6;
/// `lk`, a kind letter, `_`, 32 random characters, 6 of checksum.
pub const LENGTH: usize = 4 + RANDOM + CHECKSUM;

/// Which kind of token a string says it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    Access,
    Device,
}

impl Prefix {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Prefix::Access => "lka_",
            Prefix::Device => "lkd_",
        }
    }
}

/// A well-formed token string. It has no `Display` and cannot be serialised; [`TokenString::reveal`] is the one way out.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenString(String);

/// Why a text is not a token string: a typo, a truncated paste, or something else altogether.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("it does not begin with lka_ or lkd_")]
    Prefix,
    #[error("it is not 42 characters long")]
    Length,
    #[error("it holds a character other than 0-9, A-Z and a-z")]
    Alphabet,
    #[error("its checksum does not fit, so a character is wrong or missing")]
    Checksum,
}

impl TokenString {
    /// Builds a string from 32 characters of [`ALPHABET`].
    ///
    /// # Panics
    /// If a byte is outside of the alphabet: the generator and the derivation only make such bytes.
    #[must_use]
    pub fn build(prefix: Prefix, random: &[u8; RANDOM]) -> TokenString {
        let mut text = String::with_capacity(LENGTH);
        text.push_str(prefix.as_str());
        for byte in random {
            assert!(ALPHABET.contains(byte), "random characters come from the alphabet");
            text.push(char::from(*byte));
        }
        text.extend(checksum(&text).map(char::from));
        TokenString(text)
    }

    /// Checks prefix, length, alphabet and checksum, without any look-up.
    pub fn parse(text: &str) -> Result<TokenString, Malformed> {
        TokenString::check(text).map(|()| TokenString(text.to_owned()))
    }

    /// The same for whoever needs no copy of the secret.
    pub fn check(text: &str) -> Result<(), Malformed> {
        if !(text.starts_with("lka_") || text.starts_with("lkd_")) {
            return Err(Malformed::Prefix);
        }
        if !text.bytes().skip(4).all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Malformed::Alphabet);
        }
        if text.len() != LENGTH {
            return Err(Malformed::Length);
        }
        let (body, sum) = text.split_at(LENGTH - CHECKSUM);
        if checksum(body) != sum.as_bytes() {
            return Err(Malformed::Checksum);
        }
        Ok(())
    }

    /// The secret. Call it only to show it once, to hash it, or to derive its successor.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn prefix(&self) -> Prefix {
        if self.0.starts_with("lkd_") { Prefix::Device } else { Prefix::Access }
    }

    /// What may be shown for ever: `lka_…9fK2`.
    #[must_use]
    pub fn hint(&self) -> String {
        format!("{}…{}", self.prefix().as_str(), &self.0[LENGTH - 4..])
    }
}

impl fmt::Debug for TokenString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenString(hidden)")
    }
}

/// CRC-32 (ISO-HDLC) of `body` as 6 base62 digits, most significant first.
fn checksum(body: &str) -> [u8; CHECKSUM] {
    let mut rest = crc32fast::hash(body.as_bytes()) as usize;
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[rest % 62];
        rest /= 62;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A million texts that are nearly ours: one is taken only if it is ours to the last character.
    #[test]
    fn a_million_texts_are_taken_or_refused_and_only_whole_ones_are_taken() {
        let mut dice = 0x2545_f491_4f6c_dd1d_u64;
        let mut roll = |sides: usize| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            (dice % sides as u64) as usize
        };
        let (mut taken, mut refused) = (0, 0);
        for _ in 0..1_000_000 {
            let prefix = [Prefix::Access, Prefix::Device][roll(2)];
            let random = std::array::from_fn(|_| ALPHABET[roll(62)]);
            let whole = TokenString::build(prefix, &random);
            let mut text = whole.reveal().as_bytes().to_vec();
            match roll(5) {
                0 => {}
                1 => text[roll(LENGTH)] = (roll(94) + 33) as u8,
                2 => text.truncate(roll(LENGTH)),
                3 => text.insert(roll(LENGTH + 1), (roll(94) + 33) as u8),
                _ => text.swap(roll(LENGTH), roll(LENGTH)),
            }
            let text = String::from_utf8(text).unwrap();
            match TokenString::parse(&text) {
                Ok(read) => {
                    assert_eq!(read.reveal(), whole.reveal());
                    taken += 1;
                }
                Err(_) => {
                    assert_ne!(text, whole.reveal());
                    refused += 1;
                }
            }
        }
        assert!(taken > 150_000 && refused > 500_000, "{taken} {refused}");
    }
    use proptest::prelude::*;

    #[test]
    fn the_format_is_frozen() {
        let string = TokenString::build(Prefix::Access, b"0123456789ABCDEFGHIJKLMNOPQRSTUV");
        assert_eq!(string.reveal(), "lka_0123456789ABCDEFGHIJKLMNOPQRSTUV1x2RhK");
        assert_eq!(string.hint(), "lka_…2RhK");
        assert_eq!(format!("{string:?}"), "TokenString(hidden)");
    }

    #[test]
    fn each_kind_of_damage_has_its_name() {
        let good = TokenString::build(Prefix::Device, &[b'z'; RANDOM]).reveal().to_owned();
        assert_eq!(TokenString::parse(&good).unwrap().prefix(), Prefix::Device);
        let cases = [
            (format!("ghp_{}", &good[4..]), Malformed::Prefix),
            (String::new(), Malformed::Prefix),
            (good[..41].to_owned(), Malformed::Length),
            (format!("{good}0"), Malformed::Length),
            (good.replacen('z', "-", 1), Malformed::Alphabet),
            (good.replacen('z', "é", 1), Malformed::Alphabet),
            (good.replacen('z', "y", 1), Malformed::Checksum),
            (good.replacen("lkd_", "lka_", 1), Malformed::Checksum),
        ];
        for (text, why) in cases {
            assert_eq!(TokenString::parse(&text), Err(why), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_single_wrong_character_is_noticed(digits in prop::array::uniform32(0usize..62), at in 4usize..LENGTH, other in 0usize..62) {
            let random = digits.map(|digit| ALPHABET[digit]);
            let good = TokenString::build(Prefix::Access, &random).reveal().to_owned();
            prop_assert!(TokenString::parse(&good).is_ok());
            let mut bytes = good.clone().into_bytes();
            bytes[at] = ALPHABET[other];
            let text = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(TokenString::parse(&text).is_ok(), text == good);
        }

        #[test]
        fn any_text_at_all_is_parsed_without_a_panic(text in "\\PC*") {
            let _ = TokenString::parse(&text);
        }
    }
}
