mod date;
mod date_time;
mod time;

pub use date::Date;
pub use date_time::DateTime;
pub use time::Time;

use bytes::{BufMut, BytesMut};

use super::digits::{number, put_padded};

/// Parses a number of exactly two digits, up to `max`.
fn two_digits(text: &[u8], max: u8) -> Option<u8> {
    let number = (text.len() == 2).then(|| number(text)).flatten()?;
    u8::try_from(number).ok().filter(|&number| number <= max)
}

/// Parses up to six digits after a point as millionths.
fn fraction(text: &[u8]) -> Option<u32> {
    let missing = u32::try_from(6_usize.checked_sub(text.len())?).ok()?;
    let micros = number(text)?.checked_mul(10_u64.checked_pow(missing)?)?;
    u32::try_from(micros).ok()
}

/// Splits `12:34:56.789` into its numbers; the hours may be any number.
fn clock(text: &[u8]) -> Option<(u64, u8, u8, u32)> {
    let mut parts = text.splitn(3, |&byte| byte == b':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let (seconds, micros) = match seconds.iter().position(|&byte| byte == b'.') {
        Some(point) => (seconds.get(..point)?, fraction(seconds.get(point + 1..)?)?),
        None => (seconds, 0),
    };
    let (minutes, seconds) = (two_digits(minutes, 59)?, two_digits(seconds, 59)?);
    Some((number(hours)?, minutes, seconds, micros))
}

/// Appends a point and the first `decimals` digits of a fraction, or nothing for 0. If their number
/// varies (31), appends all six digits if there is a fraction at all.
fn put_fraction(w: &mut BytesMut, microseconds: u32, decimals: u8) {
    let shown = match decimals {
        0..=6 => decimals,
        _ if microseconds == 0 => 0,
        _ => 6,
    };
    if shown > 0 {
        let dropped = 10_u64.pow(u32::from(6 - shown));
        w.put_u8(b'.');
        put_padded(w, u64::from(microseconds) / dropped, shown.into());
    }
}
