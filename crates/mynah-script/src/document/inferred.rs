//! Finds the columns of a result that doesn't give their types: types that fit the values of all rows. If the result
//! doesn't name its columns either, they are the keys of its first row.

use bytes::Bytes;
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, ExtendedMetadata, NameParts};

use super::cell::encoded;
use super::rows::MAX_CELLS;
use super::{Document, Kind, Misfit, SqlType};

/// The columns of rows that are objects.
pub(super) fn inferred<D: Document>(
    doc: &mut D,
    rows: &D::Value,
) -> Result<Vec<ColumnDefinition41>, D::Error> {
    let mut next = 0;
    let first = match doc.kind(rows) {
        Kind::Array => doc.next_element(rows, &mut next)?,
        kind => return Err(Misfit::RowsWithoutColumns(kind).into()),
    };
    let names = match &first {
        Some(row) if doc.kind(row) == Kind::Object => doc.names(row)?,
        Some(row) => return Err(Misfit::RowWithoutColumns(1, doc.kind(row)).into()),
        None => Vec::new(),
    };
    if names.is_empty() {
        return Err(Misfit::NoFirstRow.into());
    }
    typed(doc, rows, names)
}

/// Columns of these names. Without rows they are texts.
pub(super) fn typed<D: Document>(
    doc: &mut D,
    rows: &D::Value,
    names: Vec<String>,
) -> Result<Vec<ColumnDefinition41>, D::Error> {
    let len = u64::try_from(names.len()).unwrap_or(u64::MAX);
    if len > MAX_CELLS {
        return Err(Misfit::RowLength(len).into());
    }
    let mut columns: Vec<_> = names.into_iter().map(Column::new).collect();
    let is_array = match doc.kind(rows) {
        Kind::Array => true,
        Kind::Undefined => false,
        kind => return Err(Misfit::RowsWithoutTypes(kind).into()),
    };
    let (mut next, mut number) = (0, 0);
    while is_array && let Some(row) = doc.next_element(rows, &mut next)? {
        number += 1;
        match doc.kind(&row) {
            Kind::Object => {
                for column in &mut columns {
                    let value = doc.member(&row, &column.name)?;
                    column.fit(doc, &value, number)?;
                }
            }
            Kind::Array => {
                let mut next = 0;
                for column in &mut columns {
                    let Some(value) = doc.next_element(&row, &mut next)? else {
                        break;
                    };
                    column.fit(doc, &value, number)?;
                }
            }
            kind => return Err(Misfit::RowWithoutColumns(number, kind).into()),
        }
    }
    Ok(columns.iter().filter_map(Column::definition).collect())
}

/// A column, and the values that were found in it.
struct Column {
    name: String,
    values: Values,
    /// The most characters that a value has as text.
    chars: usize,
}

/// What the values of a column have in common. Up to `Text`, one that is behind another can hold it, too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Values {
    Null,
    Boolean,
    Whole,
    Negative,
    /// A whole number beyond signed 64 bits.
    Large,
    Float,
    Text,
    Moment,
    Bytes,
    Json,
}

impl Column {
    fn new(name: String) -> Self {
        Self {
            name,
            values: Values::Null,
            chars: 1,
        }
    }

    fn fit<D: Document>(
        &mut self,
        doc: &mut D,
        value: &D::Value,
        row: u64,
    ) -> Result<(), D::Error> {
        let found = match doc.kind(value) {
            Kind::Undefined | Kind::Null => return Ok(()),
            Kind::Array => Values::Json,
            Kind::Object if doc.bytes(value).is_some() => Values::Bytes,
            Kind::Object if doc.moment(value).is_some() => Values::Moment,
            Kind::Object if encoded(doc, value)?.is_some() => Values::Bytes,
            Kind::Object => Values::Json,
            kind => {
                let (chars, values) = doc.text(value, |text| {
                    let text = String::from_utf8_lossy(text);
                    let values = match kind {
                        Kind::Boolean => Values::Boolean,
                        Kind::Number => Values::of_number(&text),
                        _ => Values::Text,
                    };
                    (text.chars().count(), values)
                })?;
                self.chars = self.chars.max(chars);
                values
            }
        };
        let both = self.values.and(found);
        self.values = both.ok_or_else(|| Misfit::Mixed {
            column: self.name.clone(),
            row,
        })?;
        Ok(())
    }

    fn definition(&self) -> Option<ColumnDefinition41> {
        let implied = SqlType::read(&match self.values {
            Values::Boolean => "BOOLEAN".to_owned(),
            Values::Whole | Values::Negative => "BIGINT".to_owned(),
            Values::Large => "BIGINT UNSIGNED".to_owned(),
            Values::Float => "DOUBLE".to_owned(),
            Values::Moment => "DATETIME(3)".to_owned(),
            Values::Bytes => "LONGBLOB".to_owned(),
            Values::Json => "JSON".to_owned(),
            Values::Null | Values::Text if self.chars <= LONGEST_VARCHAR => {
                format!("VARCHAR({})", self.chars)
            }
            Values::Null | Values::Text => "LONGTEXT".to_owned(),
        })?;
        Some(ColumnDefinition41 {
            names: ColumnNames::new(&NameParts {
                catalog: b"def",
                schema: &Bytes::new(),
                table: &Bytes::new(),
                org_table: &Bytes::new(),
                name: self.name.as_bytes(),
                org_name: &Bytes::new(),
            }),
            extended_metadata: ExtendedMetadata::default(),
            character_set: implied.character_set,
            column_length: implied.length,
            column_type: implied.column_type,
            flags: implied.flags,
            decimals: implied.decimals,
        })
    }
}

impl Values {
    fn of_number(text: &str) -> Self {
        if let Ok(number) = text.parse::<i64>() {
            return match number {
                0.. => Self::Whole,
                _ => Self::Negative,
            };
        }
        match (text.parse::<u64>(), text.parse::<f64>()) {
            (Ok(_), _) => Self::Large,
            (_, Ok(number)) if number.is_finite() => Self::Float,
            _ => Self::Text,
        }
    }

    /// The narrowest kind that holds both; `None` if there is none.
    fn and(self, other: Self) -> Option<Self> {
        let (less, more) = (self.min(other), self.max(other));
        match (less, more) {
            (Self::Negative, Self::Large) => Some(Self::Float),
            _ if less == more || less == Self::Null || more <= Self::Text => Some(more),
            _ => None,
        }
    }
}

/// In characters of four bytes, the longest VARCHAR that a table can have.
const LONGEST_VARCHAR: usize = 16_383;
