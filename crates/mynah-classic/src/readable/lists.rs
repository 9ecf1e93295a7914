use bytes::Bytes;
use mynah_wire::readable::{Hex, Text};
use mynah_wire::{Message, Reader};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::TextBytes;
use super::kept::{Kept, serde_of_kept};
use crate::connection::ConnectAttributes;
use crate::response::{SessionStateChange, SessionStateChanges};
use crate::resultset::{BinaryRow, ColumnNames, ExtendedMetadata, NameParts, TextRow};

serde_of_kept!(
    ColumnNames,
    ConnectAttributes,
    ExtendedMetadata,
    SessionStateChanges,
    TextRow,
);

impl Kept for ConnectAttributes {
    type Readable = Vec<(TextBytes, TextBytes)>;
    type Raw = Hex<Bytes>;

    fn readable(&self) -> Option<Self::Readable> {
        self.iter()
            .map(|attribute| {
                attribute
                    .ok()
                    .map(|(name, value)| (Text(name), Text(value)))
            })
            .collect()
    }

    fn raw(&self) -> Self::Raw {
        Hex(self.as_bytes().clone())
    }

    fn from_readable(attributes: &Self::Readable) -> Self {
        Self::new(
            attributes
                .iter()
                .map(|(Text(name), Text(value))| (&name[..], &value[..])),
        )
    }

    fn from_raw(Hex(bytes): Self::Raw) -> Result<Self, String> {
        Ok(Self::from_bytes(bytes))
    }
}

impl Kept for SessionStateChanges {
    type Readable = Vec<SessionStateChange>;
    type Raw = Hex<Bytes>;

    fn readable(&self) -> Option<Self::Readable> {
        self.iter().collect::<Result<_, _>>().ok()
    }

    fn raw(&self) -> Self::Raw {
        Hex(self.as_bytes().clone())
    }

    fn from_readable(changes: &Self::Readable) -> Self {
        Self::new(changes)
    }

    fn from_raw(Hex(bytes): Self::Raw) -> Result<Self, String> {
        Ok(Self::from_bytes(bytes))
    }
}

impl Kept for ExtendedMetadata {
    type Readable = Vec<(u8, TextBytes)>;
    type Raw = Hex<Bytes>;

    fn readable(&self) -> Option<Self::Readable> {
        self.iter()
            .map(|entry| entry.ok().map(|(kind, value)| (kind, Text(value))))
            .collect()
    }

    fn raw(&self) -> Self::Raw {
        Hex(self.as_bytes().clone())
    }

    fn from_readable(entries: &Self::Readable) -> Self {
        Self::new(
            entries
                .iter()
                .map(|(kind, Text(value))| (*kind, &value[..])),
        )
    }

    fn from_raw(Hex(bytes): Self::Raw) -> Result<Self, String> {
        Ok(Self::from_bytes(bytes))
    }
}

impl Kept for TextRow {
    type Readable = Vec<Option<TextBytes>>;
    type Raw = Hex<Bytes>;

    fn readable(&self) -> Option<Self::Readable> {
        let bytes = self.as_bytes();
        self.cells()
            .map(|cell| Some(cell.ok()?.map(|cell| Text(bytes.slice_ref(cell)))))
            .collect()
    }

    fn raw(&self) -> Self::Raw {
        Hex(self.as_bytes().clone())
    }

    fn from_readable(cells: &Self::Readable) -> Self {
        Self::new(
            cells
                .iter()
                .map(|cell| cell.as_ref().map(|Text(cell)| &cell[..])),
        )
    }

    fn from_raw(Hex(bytes): Self::Raw) -> Result<Self, String> {
        Ok(Self::from_bytes(bytes))
    }
}

/// The names of a column, as separate strings.
#[derive(Serialize, Deserialize)]
pub(super) struct Names {
    catalog: TextBytes,
    schema: TextBytes,
    table: TextBytes,
    org_table: TextBytes,
    name: TextBytes,
    org_name: TextBytes,
}

impl Kept for ColumnNames {
    type Readable = Names;
    type Raw = Hex<Bytes>;

    fn readable(&self) -> Option<Names> {
        let parts = self.parts();
        let text = |part| Text(self.as_bytes().slice_ref(part));
        Some(Names {
            catalog: text(parts.catalog),
            schema: text(parts.schema),
            table: text(parts.table),
            org_table: text(parts.org_table),
            name: text(parts.name),
            org_name: text(parts.org_name),
        })
    }

    fn raw(&self) -> Self::Raw {
        Hex(self.as_bytes().clone())
    }

    fn from_readable(names: &Names) -> Self {
        Self::new(&NameParts {
            catalog: &names.catalog.0,
            schema: &names.schema.0,
            table: &names.table.0,
            org_table: &names.org_table.0,
            name: &names.name.0,
            org_name: &names.org_name.0,
        })
    }

    fn from_raw(Hex(bytes): Self::Raw) -> Result<Self, String> {
        let mut r = Reader::new(&bytes);
        let names = Self::decode(&mut r).and_then(|names| r.finish("names").map(|()| names));
        names.map_err(|error| error.to_string())
    }
}

impl Serialize for BinaryRow {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Hex(self.as_bytes()).serialize(to)
    }
}

impl<'de> Deserialize<'de> for BinaryRow {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Hex(payload) = Hex::deserialize(from)?;
        Self::from_payload(&payload, ()).map_err(serde::de::Error::custom)
    }
}
