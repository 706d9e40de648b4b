//! Chance and what is made of it: token strings, their hashes, the derivation of a successor, codes, ids. Keeps no secret.

use crate::domain::time::Time;
use crate::domain::token_string::{ALPHABET, Prefix, RANDOM, TokenString};
use anyhow::Context;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

/// SHA-256 of a secret: all that the store keeps of one.
pub type Hash = [u8; 32];
/// Random bytes beside a successor, without which the derivation cannot be repeated.
pub type Salt = [u8; 32];

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chance;

impl Chance {
    #[expect(clippy::disallowed_methods, reason = "the one source of randomness")]
    pub fn bytes<const N: usize>(self) -> anyhow::Result<[u8; N]> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).context("the operating system gave no random bytes")?;
        Ok(bytes)
    }

    /// A uuid, version 7 (RFC 9562, section 5.7), with the time of the given clock. Those of one second are ordered by a
    /// counter (section 6.2, method 1), so that what this process did in it keeps its order.
    pub fn id(self, now: Time) -> anyhow::Result<String> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let millis = u64::try_from(now.0).unwrap_or_default() * 1000;
        let count = MADE.fetch_add(1, Ordering::Relaxed);
        let mut random = self.bytes::<10>()?;
        // The version takes the upper half of the first byte, the variant two bits of the third: 26 bits are left.
        random[0] = (count >> 22) as u8 & 0x0f;
        random[1] = (count >> 14) as u8;
        random[2] = (count >> 8) as u8 & 0x3f;
        random[3] = count as u8;
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        Ok(id.to_string())
    }

    /// A new token string: 32 characters drawn evenly from the alphabet.
    pub fn token_string(self, prefix: Prefix) -> anyhow::Result<TokenString> {
        let mut random = [0; RANDOM];
        let mut filled = 0;
        while filled < RANDOM {
            // 248 is the largest multiple of 62 below 256: dropping the rest keeps the draw even.
            for byte in self.bytes::<64>()?.into_iter().filter(|byte| *byte < 248) {
                if filled == RANDOM {
                    break;
                }
                random[filled] = ALPHABET[usize::from(byte) % 62];
                filled += 1;
            }
        }
        Ok(TokenString::build(prefix, &random))
    }

    /// A one-time code, session id or form key: 32 random bytes in URL-safe base64.
    pub fn code(self) -> anyhow::Result<Code> {
        Ok(Code(BASE64_URL_SAFE_NO_PAD.encode(self.bytes::<32>()?)))
    }
}

/// A one-time code or session id. Its hash is stored, never itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// One that a browser sent back; whether it is known, its hash tells.
    #[must_use]
    pub fn received(text: &str) -> Code {
        Code(text.to_owned())
    }

    /// The secret, for the one link or cookie that carries it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn hash(&self) -> Hash {
        sha256(self.0.as_bytes())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(hidden)")
    }
}

#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// What the store finds a string by.
#[must_use]
pub fn hash(string: &TokenString) -> Hash {
    sha256(string.reveal().as_bytes())
}

/// The successor of a string: HKDF-SHA-256 (RFC 5869) over the string with the salt, info `latchkey/renew/1`, 48 bytes,
/// as a big-endian number modulo 62^32, most significant digit first. Frozen: the vectors stand in docs/DECISIONS.md.
#[must_use]
pub fn successor(parent: &TokenString, salt: &Salt) -> TokenString {
    let mut number = [0; 48];
    hkdf::Hkdf::<Sha256>::new(Some(salt), parent.reveal().as_bytes())
        .expand(b"latchkey/renew/1", &mut number)
        .expect("48 bytes are fewer than the 8160 that HKDF-SHA-256 can give");
    let mut random = [b'0'; RANDOM];
    for digit in random.iter_mut().rev() {
        *digit = ALPHABET[usize::from(divide_by_62(&mut number))];
    }
    TokenString::build(parent.prefix(), &random)
}

/// Divides a big-endian number in place and gives the remainder.
fn divide_by_62(number: &mut [u8]) -> u8 {
    let mut remainder = 0_u16;
    for byte in number {
        let value = (remainder << 8) | u16::from(*byte);
        *byte = (value / 62) as u8;
        remainder = value % 62;
    }
    remainder as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_derivation_is_frozen() {
        // The vectors of docs/DECISIONS.md, made there by another program.
        let cases = [
            (Prefix::Access, b'0', [0; 32], "lka_YckNk7s7bigvRoEr10HM4laEPTcHBRf53lavEj"),
            (Prefix::Device, b'z', [0xff; 32], "lkd_mRkb4OY03cfKSOgxxiIWncnVYKSieMpK34nUp4"),
            (
                Prefix::Access,
                b'A',
                std::array::from_fn(|i| i as u8),
                "lka_XZN3QdrMbXpceqtE74JuTvVVyxOvAl1J1FFCDZ",
            ),
        ];
        for (prefix, fill, salt, string) in cases {
            let parent = TokenString::build(prefix, &[fill; RANDOM]);
            assert_eq!(successor(&parent, &salt).reveal(), string);
        }
    }

    #[test]
    fn ids_of_one_second_keep_their_order() {
        let ids: Vec<_> = (0..2000).map(|_| Chance.id(Time(1_795_255_200)).unwrap()).collect();
        assert!(ids.is_sorted());
        assert!(ids[0] < Chance.id(Time(1_795_255_201)).unwrap());
    }

    #[test]
    fn a_string_is_drawn_evenly_and_hides_itself() {
        let mut seen = [0_u32; 128];
        for _ in 0..2000 {
            let string = Chance.token_string(Prefix::Access).unwrap();
            assert!(TokenString::parse(string.reveal()).is_ok());
            for byte in string.reveal().bytes().skip(4).take(RANDOM) {
                seen[usize::from(byte)] += 1;
            }
        }
        let counts: Vec<_> = ALPHABET.iter().map(|c| seen[usize::from(*c)]).collect();
        // 64,000 draws over 62 characters: 1032 expected, a spread of 32; eight spreads are never seen by chance.
        assert!(counts.iter().all(|count| (770..1300).contains(count)), "{counts:?}");
        assert_eq!(format!("{:?}", Chance.code().unwrap()), "Code(hidden)");
    }
}
