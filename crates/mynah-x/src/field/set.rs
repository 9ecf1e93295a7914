use std::fmt;

use bytes::{BufMut, BytesMut};
use prost::encoding::encode_varint;

use super::FieldErrorKind;
use super::varint::narrow;

/// The members of a SET column's cell, each after its length. An empty set is the byte 0x01, as an
/// empty cell is NULL.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Set<'a>(&'a [u8]);

impl<'a> Set<'a> {
    pub(super) fn new(cell: &'a [u8]) -> Result<Self, FieldErrorKind> {
        let mut rest = cell;
        if cell != EMPTY {
            while !rest.is_empty() {
                next(&mut rest)?;
            }
        }
        Ok(Self(cell))
    }

    /// The members of the set, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = if self.0 == EMPTY { &[] } else { self.0 };
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            next(&mut rest).ok()
        })
    }

    /// Appends a cell with these members, as in a row.
    pub fn put<'m>(w: &mut BytesMut, members: impl IntoIterator<Item = &'m [u8]>) {
        let start = w.len();
        for member in members {
            encode_varint(member.len() as u64, w);
            w.put_slice(member);
        }
        if w.len() == start {
            w.put_slice(EMPTY);
        }
    }

    pub(super) fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Debug for Set<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.iter().map(|member| member.escape_ascii().to_string());
        f.debug_set().entries(members).finish()
    }
}

fn next<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], FieldErrorKind> {
    let len: usize = narrow(rest)?;
    let (member, behind) = rest
        .split_at_checked(len)
        .ok_or(FieldErrorKind::Truncated)?;
    *rest = behind;
    Ok(member)
}

const EMPTY: &[u8] = &[1];
