use std::fmt;

use bytes::{Bytes, BytesMut};
use mynah_wire::{DecodeError, Reader, Writer};

use crate::scan;

/// The six names of a column: its catalog and schema, and its table and itself, each with and without
/// alias. They are kept as one string of bytes, so that reading them takes one reference to the payload and not six.
///
/// ```
/// use mynah_classic::resultset::{ColumnNames, NameParts};
///
/// let names = ColumnNames::new(&NameParts {
///     table: b"t",
///     name: b"id",
///     ..NameParts::default()
/// });
/// assert_eq!(names.name(), b"id");
/// assert_eq!(names.catalog(), b"def");
/// ```
///
/// Documentation page: Protocol::ColumnDefinition41.
#[derive(Clone, PartialEq, Eq)]
pub struct ColumnNames {
    /// Exactly six valid length-encoded strings.
    strings: Bytes,
}

/// The [`ColumnNames`] of one column as separate strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NameParts<'a> {
    /// The catalog, which servers send as `def`.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub catalog: &'a [u8],
    /// The schema of the column's table; empty if the column is an expression.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub schema: &'a [u8],
    /// The alias of the column's table, or the table's name if it has no alias; empty if the column is an
    /// expression.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub table: &'a [u8],
    /// The name of the column's table in its schema; empty if the column is an expression.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub org_table: &'a [u8],
    /// The alias of the column, or the column's name or expression if it has no alias.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub name: &'a [u8],
    /// The name of the column in its table; empty if the column is an expression.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub org_name: &'a [u8],
}

impl ColumnNames {
    /// Joins the names of a column into one string.
    #[must_use]
    pub fn new(parts: &NameParts<'_>) -> Self {
        let mut w = BytesMut::new();
        for part in parts.as_array() {
            w.put_lenenc_string(part);
        }
        let strings = w.freeze();
        Self { strings }
    }

    /// The names of the column as separate strings.
    #[must_use]
    pub fn parts(&self) -> NameParts<'_> {
        let rest = &mut self.strings.as_ref();
        let mut next = || scan::lenenc_string(rest).unwrap_or_default();
        NameParts {
            catalog: next(),
            schema: next(),
            table: next(),
            org_table: next(),
            name: next(),
            org_name: next(),
        }
    }

    /// The catalog, which servers send as `def`.
    #[must_use]
    pub fn catalog(&self) -> &[u8] {
        self.parts().catalog
    }

    /// The schema of the column's table; empty if the column is an expression.
    #[must_use]
    pub fn schema(&self) -> &[u8] {
        self.parts().schema
    }

    /// The alias of the column's table, or the table's name if it has no alias; empty if the column is an
    /// expression.
    #[must_use]
    pub fn table(&self) -> &[u8] {
        self.parts().table
    }

    /// The name of the column's table in its schema; empty if the column is an expression.
    #[must_use]
    pub fn org_table(&self) -> &[u8] {
        self.parts().org_table
    }

    /// The alias of the column, or the column's name or expression if it has no alias.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.parts().name
    }

    /// The name of the column in its table; empty if the column is an expression.
    #[must_use]
    pub fn org_name(&self) -> &[u8] {
        self.parts().org_name
    }

    pub(crate) fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut ahead = r.clone();
        for field in FIELDS {
            match ahead.peek() {
                Some(len @ 0..0xfb) => ahead.skip(field, 1 + usize::from(len))?,
                _ => drop(ahead.lenenc_string(field)?),
            }
        }
        let strings = r.string("names", ahead.offset() - r.offset())?;
        Ok(Self { strings })
    }

    /// The names at the start of a payload, and the bytes after them.
    #[inline]
    pub(super) fn split(payload: &Bytes) -> Option<(Self, &[u8])> {
        let rest = &mut payload.as_ref();
        for _ in FIELDS {
            scan::lenenc_string(rest)?;
        }
        let strings = payload.slice(..payload.len() - rest.len());
        Some((Self { strings }, *rest))
    }

    /// The names as in a packet.
    pub(crate) fn as_bytes(&self) -> &Bytes {
        &self.strings
    }
}

impl Default for ColumnNames {
    /// Empty names, and the catalog `def`.
    fn default() -> Self {
        Self {
            strings: Bytes::from_static(b"\x03def\0\0\0\0\0"),
        }
    }
}

impl fmt::Debug for ColumnNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = f.debug_struct("ColumnNames");
        for (field, part) in FIELDS.into_iter().zip(self.parts().as_array()) {
            names.field(field, &format_args!("{:?}", String::from_utf8_lossy(part)));
        }
        names.finish()
    }
}

impl<'a> NameParts<'a> {
    const fn as_array(&self) -> [&'a [u8]; 6] {
        let Self {
            catalog,
            schema,
            table,
            org_table,
            name,
            org_name,
        } = *self;
        [catalog, schema, table, org_table, name, org_name]
    }
}

impl Default for NameParts<'_> {
    /// Empty names, and the catalog `def`.
    fn default() -> Self {
        Self {
            catalog: b"def",
            schema: b"",
            table: b"",
            org_table: b"",
            name: b"",
            org_name: b"",
        }
    }
}

const FIELDS: [&str; 6] = [
    "catalog",
    "schema",
    "table",
    "org_table",
    "name",
    "org_name",
];
