//! The protocol's basic types as nom parsers.
//!
//! They are nom's streaming parsers, although payloads are always complete: streaming parsers
//! report how many bytes are missing, and the error passes that number on.
//!
//! Documentation page: Integer Types, String Types.

use nom::bytes::streaming::{tag, take, take_until};
use nom::combinator::fail;
use nom::error::{ErrorKind, ParseError};
use nom::number::streaming::{le_u8, le_u16, le_u24, le_u64};
use nom::sequence::terminated;
use nom::{IResult, Parser};

/// A value that isn't allowed where it was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unexpected(pub(crate) u64);

impl ParseError<&[u8]> for Unexpected {
    fn from_error_kind(input: &[u8], _: ErrorKind) -> Self {
        Self(input.first().copied().map_or(0, u64::from))
    }

    fn append(_: &[u8], _: ErrorKind, other: Self) -> Self {
        other
    }
}

pub(crate) type Parsed<'a, T> = IResult<&'a [u8], T, Unexpected>;

/// An integer of 1, 3, 4 or 9 bytes. The first bytes 0xfb (NULL) and 0xff (an error packet) start
/// no integer.
pub(crate) fn lenenc_int(input: &[u8]) -> Parsed<'_, u64> {
    let (rest, first) = le_u8(input)?;
    match first {
        0xfc => le_u16.map(u64::from).parse(rest),
        0xfd => le_u24.map(u64::from).parse(rest),
        0xfe => le_u64(rest),
        0xfb | 0xff => fail().parse(input),
        small => Ok((rest, u64::from(small))),
    }
}

/// A string behind its length.
pub(crate) fn lenenc_string(input: &[u8]) -> Parsed<'_, &[u8]> {
    let (rest, len) = lenenc_int(input)?;
    // On a 32-bit machine a length may exceed any memory: then it is reported as missing, too.
    take(usize::try_from(len).unwrap_or(usize::MAX))(rest)
}

/// A string up to its NUL, which is read and not part of it.
pub(crate) fn nul_string(input: &[u8]) -> Parsed<'_, &[u8]> {
    terminated(take_until(&b"\0"[..]), tag(&b"\0"[..])).parse(input)
}
