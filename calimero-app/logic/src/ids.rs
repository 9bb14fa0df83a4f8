//! The forms of ids and of bytes in arguments. What passes here is canonical: equal things have equal strings.

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use calimero_storage::env;

use crate::errors::Error;

/// The largest name (record, round, key, tag) in bytes.
pub(crate) const MAX_NAME_BYTES: usize = 128;

/// A node: the 32 bytes of its ed25519 key in this context.
pub(crate) type Executor = [u8; 32];

/// The node that runs this call.
pub(crate) fn me() -> Executor {
    env::executor_id()
}

/// The node's clock in seconds. A claim: nobody else can verify it.
pub(crate) fn now_s() -> u64 {
    env::time_now() / 1_000_000_000
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)] as char);
        text.push(DIGITS[usize::from(byte & 15)] as char);
    }
    text
}

/// An executor id: exactly 64 hexadecimal digits.
pub(crate) fn executor(field: &str, text: &str) -> Result<Executor, Error> {
    thirty_two(text).ok_or_else(|| Error::bad(field, "the 64 lower-case hexadecimal digits of an executor id"))
}

/// 32 bytes of a hash: exactly 64 hexadecimal digits.
pub(crate) fn digest(field: &str, text: &str) -> Result<[u8; 32], Error> {
    thirty_two(text).ok_or_else(|| Error::bad(field, "64 lower-case hexadecimal digits"))
}

fn thirty_two(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0u8; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0]).zip(digit(pair[1])).map(|(high, low)| high << 4 | low)?;
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

/// A felt (organisation, patient, commitment): `0x` and up to 64 hexadecimal digits, returned in lower case without leading zeros.
pub(crate) fn felt(field: &str, text: &str) -> Result<String, Error> {
    let wrong = || Error::bad(field, "0x and 1 to 64 hexadecimal digits");
    let digits = text.strip_prefix("0x").ok_or_else(wrong)?;
    if digits.is_empty() || digits.len() > 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let digits = digits.trim_start_matches('0').to_ascii_lowercase();
    Ok(if digits.is_empty() { "0x0".to_owned() } else { format!("0x{digits}") })
}

/// A name of the caller's choice: 1 to 128 printable ASCII characters without spaces.
pub(crate) fn name(field: &str, text: &str) -> Result<(), Error> {
    Error::limit(field, text.len(), MAX_NAME_BYTES)?;
    if text.is_empty() || !text.bytes().all(|character| character.is_ascii_graphic()) {
        return Err(Error::bad(field, "1 to 128 printable ASCII characters without spaces"));
    }
    Ok(())
}

/// Bytes from base64 (standard alphabet, padded), at most `limit` of them.
pub(crate) fn bytes(field: &str, text: &str, limit: usize) -> Result<Vec<u8>, Error> {
    Error::limit(field, text.len() / 4 * 3, limit + 3)?;
    let bytes = STANDARD.decode(text).map_err(|_| Error::bad(field, "base64 with padding"))?;
    Error::limit(field, bytes.len(), limit)?;
    Ok(bytes)
}

/// Base64 (standard alphabet, padded).
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// How many entries one answer may hold: 1 to 200, 50 when not said.
pub(crate) fn limit(limit: Option<u32>) -> Result<usize, Error> {
    match limit.unwrap_or(50) {
        limit @ 1..=200 => Ok(limit as usize),
        _ => Err(Error::bad("limit", "a whole number from 1 to 200")),
    }
}
