//! Finds the columns of a result that doesn't give their types: types that fit the values of all rows. If the result
//! doesn't name its columns either, they are the keys of its first row.

use super::rows::{MAX_CELLS, own_error};
use super::value_kind::ValueKind;
use super::{Document, Kind, Misfit, SqlType};

/// Columns without types.
#[derive(Debug)]
pub(super) struct Untyped {
    columns: Vec<Column>,
    /// Whether they are the keys of the first row.
    of_first_row: bool,
    /// Whether there may be rows that weren't looked at.
    has_more: bool,
}

/// A column, and the values that were found in it.
#[derive(Debug)]
struct Column {
    name: String,
    /// Where it is in a row that is an array.
    place: usize,
    kind: ValueKind,
    /// The most characters that a value has as text.
    chars: usize,
}

/// A column whose type was found.
pub(super) struct Inferred {
    pub(super) name: String,
    pub(super) sql_type: SqlType,
    /// What it can hold, if rows are to come that weren't looked at.
    pub(super) held: Option<ValueKind>,
}

impl Untyped {
    /// Columns of these names, which are at these places of a row.
    pub(super) fn named(columns: impl IntoIterator<Item = (usize, String)>) -> Self {
        let columns = columns.into_iter();
        Self {
            columns: columns
                .map(|(place, name)| Column::new(place, name))
                .collect(),
            of_first_row: false,
            has_more: false,
        }
    }

    /// The keys of the first row.
    pub(super) fn of_first_row() -> Self {
        Self {
            of_first_row: true,
            ..Self::named([])
        }
    }

    /// Looks at all rows of an array, or at the first of those that are made as they are sent.
    pub(super) fn infer<D: Document>(
        mut self,
        doc: &mut D,
        rows: &D::Value,
    ) -> Result<Vec<Inferred>, D::Error> {
        let kind = doc.kind(rows);
        let (list, is_source) = match kind {
            Kind::Undefined => (None, false),
            Kind::Array => (Some(rows.clone()), false),
            _ => {
                let first = doc.first_rows(rows)?;
                let (list, has_more) = first.ok_or(match self.of_first_row {
                    true => Misfit::RowsWithoutColumns(kind),
                    false => Misfit::RowsWithoutTypes(kind),
                })?;
                self.has_more = has_more;
                (Some(list), true)
            }
        };
        let (mut next, mut number) = (0, 0);
        while let Some(list) = &list
            && let Some(row) = doc.next_element(list, &mut next)?
        {
            if is_source && own_error(doc, &row)?.is_some() {
                break;
            }
            number += 1;
            self.look(doc, &row, number)?;
        }
        if self.columns.is_empty() && self.of_first_row {
            return Err(Misfit::NoFirstRow.into());
        }
        let has_more = self.has_more;
        let inferred = self.columns.into_iter();
        Ok(inferred
            .filter_map(|column| column.inferred(has_more))
            .collect())
    }

    fn look<D: Document>(
        &mut self,
        doc: &mut D,
        row: &D::Value,
        number: u64,
    ) -> Result<(), D::Error> {
        match doc.kind(row) {
            Kind::Object => {}
            kind if self.of_first_row => return Err(Misfit::RowWithoutColumns(number, kind).into()),
            Kind::Array => return self.look_at_cells(doc, row, number),
            kind => return Err(Misfit::Row(kind).into()),
        }
        if self.of_first_row && number == 1 {
            let names = doc.names(row)?;
            let len = u64::try_from(names.len()).unwrap_or(u64::MAX);
            if len > MAX_CELLS {
                return Err(Misfit::RowLength(len).into());
            }
            let names = names.into_iter().enumerate();
            self.columns = names
                .map(|(place, name)| Column::new(place, name))
                .collect();
        }
        for column in &mut self.columns {
            let value = doc.member(row, &column.name)?;
            column.fit(doc, &value, number)?;
        }
        Ok(())
    }

    fn look_at_cells<D: Document>(
        &mut self,
        doc: &mut D,
        row: &D::Value,
        number: u64,
    ) -> Result<(), D::Error> {
        let len = doc.len(row)?;
        if len > MAX_CELLS {
            return Err(Misfit::RowLength(len).into());
        }
        let mut columns = self.columns.iter_mut().peekable();
        let (mut next, mut place) = (0, 0);
        while next < len
            && let Some(cell) = doc.next_element(row, &mut next)?
        {
            if let Some(column) = columns.next_if(|column| column.place == place) {
                column.fit(doc, &cell, number)?;
            }
            place += 1;
        }
        Ok(())
    }
}

impl Column {
    fn new(place: usize, name: String) -> Self {
        Self {
            name,
            place,
            kind: ValueKind::Null,
            chars: 1,
        }
    }

    fn fit<D: Document>(
        &mut self,
        doc: &mut D,
        value: &D::Value,
        row: u64,
    ) -> Result<(), D::Error> {
        let (found, chars) = ValueKind::of(doc, value)?;
        self.chars = self.chars.max(chars);
        self.kind = self.kind.and(found).ok_or_else(|| Misfit::Mixed {
            column: self.name.clone(),
            row,
        })?;
        Ok(())
    }

    fn inferred(self, has_more: bool) -> Option<Inferred> {
        let (kind, chars) = match has_more {
            true => (self.kind.with_room(), usize::MAX),
            false => (self.kind, self.chars),
        };
        Some(Inferred {
            sql_type: kind.sql_type(chars)?,
            held: has_more.then_some(kind),
            name: self.name,
        })
    }
}
