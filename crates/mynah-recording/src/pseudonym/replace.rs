//! The pseudonyms of values, by their types.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time, date};
use mynah_expect::Number;
use openssl::error::ErrorStack;

use super::permute::{Digit, permute};
use super::prf::Prf;
use crate::Identity;

/// The pseudonym of a value.
pub(super) fn pseudonym(prf: &Prf, identity: &Identity) -> Result<Identity, ErrorStack> {
    Ok(match identity {
        Identity::Uuid(id) => Identity::Uuid(uuid(prf, *id)?),
        Identity::Moment(moment) => Identity::Moment(DateTime::from_parts(
            day(prf, moment.date())?,
            time(prf, moment.time())?,
        )),
        Identity::Date(date) => Identity::Date(day(prf, *date)?),
        Identity::Number(known) => number(prf, known)?,
        Identity::Text(known) => Identity::Text(text(prf, known)?),
        Identity::Bytes(bytes) => Identity::Bytes(self::bytes(prf, bytes)?),
    })
}

/// Another UUID of the same version. It can't be turned back, even with the key.
fn uuid(prf: &Prf, id: u128) -> Result<u128, ErrorStack> {
    let bytes = prf.bytes(&[b"uuid", &id.to_be_bytes()])?;
    let (chunks, _) = bytes.as_chunks::<16>();
    let random = chunks.first().copied().map_or(0, u128::from_be_bytes);
    Ok(random & !VERSION_AND_VARIANT | id & VERSION_AND_VARIANT)
}

/// Of texts, digits, capital and small letters become others of their kind. Letters of other scripts become those near
/// them in Unicode; punctuation stays.
fn text(prf: &Prf, text: &str) -> Result<String, ErrorStack> {
    let mut new = text.to_owned();
    // Texts that are read as a number or the like are replaced in turn, until one is none of these.
    loop {
        new = match is_hex(text) {
            true => hex(prf, &new)?,
            false => characters(prf, &new)?,
        };
        let is_text = matches!(Identity::of_text(&new), Identity::Text(_));
        if is_text && is_hex(&new) == is_hex(text) || new == text {
            return Ok(new);
        }
    }
}

fn characters(prf: &Prf, text: &str) -> Result<String, ErrorStack> {
    let digits = text.chars().filter_map(kind).map(|(_, digit)| digit);
    let mut digits: Vec<_> = digits.collect();
    permute(prf, "text", &mut digits)?;
    let mut digits = digits.into_iter();
    let new = text.chars().map(|c| match kind(c) {
        None => c,
        Some((first, _)) => {
            let value = digits.next().map_or(0, |digit| digit.value);
            char::from_u32(first + value).unwrap_or(c)
        }
    });
    Ok(new.collect())
}

/// Of hashes and the like, all is hex.
fn hex(prf: &Prf, text: &str) -> Result<String, ErrorStack> {
    let digits = text.chars().map(|c| Digit {
        value: c.to_digit(16).unwrap_or_default(),
        base: 16,
    });
    let mut digits: Vec<_> = digits.collect();
    permute(prf, "hex", &mut digits)?;
    let digits = digits.iter();
    Ok(digits
        .filter_map(|digit| char::from_digit(digit.value, 16))
        .collect())
}

fn is_hex(text: &str) -> bool {
    text.len() >= 16
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The first character of a character's kind, and which of them it is. `None` for what stays.
fn kind(c: char) -> Option<(u32, Digit)> {
    let code = u32::from(c);
    let (first, base) = match c {
        '0'..='9' => (u32::from('0'), 10),
        'a'..='z' => (u32::from('a'), 26),
        'A'..='Z' => (u32::from('A'), 26),
        '\0'..='\u{bf}' => return None,
        // Punctuation, symbols, selectors, tags.
        '\u{2000}'..='\u{2fff}' | '\u{fe00}'..='\u{feff}' | '\u{1f000}'.. => return None,
        // A block of 32 has as many bytes for each of its characters.
        _ => (code & !31, 32),
    };
    let value = code - first;
    Some((first, Digit { value, base }))
}

fn bytes(prf: &Prf, bytes: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let digits = bytes.iter().map(|byte| Digit {
        value: u32::from(*byte),
        base: 256,
    });
    let mut digits: Vec<_> = digits.collect();
    permute(prf, "bytes", &mut digits)?;
    let bytes = digits.iter().map(|digit| u8::try_from(digit.value));
    Ok(bytes.map(Result::unwrap_or_default).collect())
}

/// Of numbers, the part before the point. It has as many digits, and fits the same types.
fn number(prf: &Prf, known: &Number) -> Result<Identity, ErrorStack> {
    let written = known.to_string();
    let unsigned = written.trim_start_matches('-');
    let sign = if unsigned.len() < written.len() {
        "-"
    } else {
        ""
    };
    let (whole, fraction) = match unsigned.find('.') {
        Some(point) => unsigned.split_at(point),
        None => (unsigned, ""),
    };
    let new = match whole.parse() {
        // A 0 would lose the sign, and be the pseudonym of a positive number, too.
        Ok(number @ 1..=9) if sign == "-" && fraction.is_empty() => {
            (1 + below_nine(prf, number - 1)?).to_string()
        }
        Ok(number) if whole.len() <= MOST_DIGITS => {
            within(prf, "number", number, range(number))?.to_string()
        }
        // The first digit stays, as it must be none of 0.
        _ => {
            let (first, rest) = whole.split_at(1);
            format!("{first}{}", characters(prf, rest)?)
        }
    };
    let new = Number::parse(&format!("{sign}{new}{fraction}"));
    Ok(Identity::Number(new.unwrap_or_else(|| known.clone())))
}

fn below_nine(prf: &Prf, number: u128) -> Result<u32, ErrorStack> {
    let value = u32::try_from(number).unwrap_or_default();
    let mut digits = [Digit { value, base: 9 }];
    permute(prf, "number", &mut digits)?;
    let [digit] = digits;
    Ok(digit.value)
}

/// The numbers of as many digits that fit the same types as this one.
fn range(number: u128) -> (u128, u128) {
    let digits = number.to_string().len();
    let ten = |digits: usize| 10_u128.saturating_pow(u32::try_from(digits).unwrap_or(u32::MAX));
    let (mut first, mut last) = (ten(digits - 1), ten(digits) - 1);
    if digits == 1 {
        first = 0;
    }
    for limit in LIMITS {
        match number <= limit {
            true => last = last.min(limit),
            false => first = first.max(limit + 1),
        }
    }
    (first, last)
}

/// Another number from a range, in which different numbers become different ones.
fn within(
    prf: &Prf,
    kind: &str,
    number: u128,
    (first, last): (u128, u128),
) -> Result<u128, ErrorStack> {
    let size = last - first;
    let places = size.to_string().len();
    let mut offset = number - first;
    // Numbers out of the range are replaced in turn, until one is in it.
    loop {
        let text = format!("{offset:0places$}");
        let digits = text.bytes().map(|digit| Digit {
            value: u32::from(digit.saturating_sub(b'0')),
            base: 10,
        });
        let mut digits: Vec<_> = digits.collect();
        permute(prf, kind, &mut digits)?;
        offset = digits
            .iter()
            .fold(0, |sum, digit| 10 * sum + u128::from(digit.value));
        if offset <= size {
            return Ok(first + offset);
        }
    }
}

/// Another day, of the same century or so: of the years that TIMESTAMP has, of 1900 to 2100, or of all.
fn day(prf: &Prf, day: Date) -> Result<Date, ErrorStack> {
    let ranges = [
        (date(1970, 1, 2), date(2038, 1, 18)),
        (date(1900, 1, 1), date(1970, 1, 1)),
        (date(2038, 1, 19), date(2100, 1, 1)),
        (date(1, 1, 1), date(1899, 12, 31)),
    ];
    let range = ranges
        .into_iter()
        .find(|(first, last)| (*first..=*last).contains(&day));
    let (first, last) = range.unwrap_or((date(2100, 1, 2), date(9999, 12, 31)));
    let days = |to: Date| to.since(first).map_or(0, |span| span.get_days());
    let unsigned = |days: i32| u128::from(days.unsigned_abs());
    if day < first {
        return Ok(day);
    }
    let new = within(prf, "date", unsigned(days(day)), (0, unsigned(days(last))))?;
    let new = i32::try_from(new).unwrap_or_default();
    Ok(first.checked_add(new.days()).unwrap_or(day))
}

/// Another second of the day; a fraction stays.
fn time(prf: &Prf, time: Time) -> Result<Time, ErrorStack> {
    let clock = [time.hour(), time.minute(), time.second()].map(i64::from);
    let second = clock.iter().fold(0, |sum, part| sum * 60 + part);
    let second = u128::from(second.unsigned_abs());
    let new = within(prf, "time", second, (0, DAY - 1))?;
    let part = |unit: u128, of: u128| i8::try_from(new / unit % of).unwrap_or_default();
    let new = Time::new(
        part(3600, 24),
        part(60, 60),
        part(1, 60),
        time.subsec_nanosecond(),
    );
    Ok(new.unwrap_or(time))
}

/// The greatest numbers of MySQL's types, and those of as many bytes without a sign.
const LIMITS: [u128; 9] = [
    127,
    255,
    32_767,
    65_535,
    8_388_607,
    2_147_483_647,
    4_294_967_295,
    9_223_372_036_854_775_807,
    18_446_744_073_709_551_615,
];

/// How many digits a `u128` can have, whatever they are.
const MOST_DIGITS: usize = 38;

const DAY: u128 = 24 * 60 * 60;

const VERSION_AND_VARIANT: u128 = 0xf << 76 | 0b11 << 62;
