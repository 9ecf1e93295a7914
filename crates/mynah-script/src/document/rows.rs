//! The rows of a `result`.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use mynah_session::{Failure, Rows, RowsBuilder};

use super::cell::read_cell;
use super::cell_type::CellType;
use super::failure::failure;
use super::value_kind::ValueKind;
use super::{Document, Kind, Misfit, keys};

/// What of a result's columns decides how its rows are read.
#[derive(Clone, Debug)]
pub(crate) struct RowColumn {
    pub(crate) name: Bytes,
    pub(crate) cell_type: CellType,
    /// How many times each cell is written.
    pub(crate) repeat: usize,
    /// What it can hold, if the type was found by other rows.
    pub(crate) held: Option<ValueKind>,
}

/// The `rows` of a `result`: an array, or where they come from.
pub(super) fn rows<D: Document>(
    doc: &mut D,
    rows: &D::Value,
    columns: Vec<RowColumn>,
) -> Result<Rows, D::Error> {
    let columns = Arc::from(columns);
    match doc.kind(rows) {
        Kind::Undefined => return Ok(Rows::default()),
        Kind::Array => {}
        kind => {
            let source = doc.row_source(rows, &columns)?;
            let source = source.ok_or(Misfit::Rows(kind))?;
            return Ok(Rows::default().continued(source));
        }
    }
    let mut reader = RowReader::new(columns);
    let mut next = 0;
    while let Some(row) = doc.next_element(rows, &mut next)? {
        reader.row(doc, &row)?;
    }
    Ok(reader.take())
}

/// The error that ends a result in place of a row, if the value is one: `{error: {…}}`.
pub(crate) fn own_error<D: Document>(
    doc: &mut D,
    value: &D::Value,
) -> Result<Option<Failure>, D::Error> {
    let kind = doc.kind(value);
    // A list is a row, so an object with `error` can't be mistaken for one.
    if kind == Kind::Array || !kind.is_object() {
        return Ok(None);
    }
    let error = doc.get(value, keys::ERROR)?;
    match doc.kind(&error) {
        Kind::Undefined => Ok(None),
        _ => failure(doc, &error).map(Some),
    }
}

/// Reads rows, one after the other.
#[derive(Debug)]
pub(crate) struct RowReader {
    columns: Arc<[RowColumn]>,
    builder: RowsBuilder,
    /// How many were read.
    count: u64,
    /// The columns' names, once a row asked for them.
    names: Option<HashSet<Bytes>>,
}

impl RowReader {
    pub(crate) fn new(columns: Arc<[RowColumn]>) -> Self {
        Self {
            columns,
            builder: RowsBuilder::default(),
            count: 0,
            names: None,
        }
    }

    /// Reads one more.
    pub(crate) fn row<D: Document>(&mut self, doc: &mut D, row: &D::Value) -> Result<(), D::Error> {
        let kind = doc.kind(row);
        if kind == Kind::Object && !doc.is_compatible() {
            return self.row_of_names(doc, row);
        }
        if kind != Kind::Array {
            return Err(Misfit::Row(kind).into());
        }
        let len = doc.len(row)?;
        if len > MAX_CELLS {
            return Err(Misfit::RowLength(len).into());
        }
        self.count += 1;
        let number = self.count;
        let builder = &mut self.builder;
        let mut columns = self.columns.iter();
        let (mut next, mut cells) = (0, 0);
        while next < len
            && let Some(cell) = doc.next_element(row, &mut next)?
        {
            cells += 1;
            let position = Position { row: number, cells };
            add_cell(builder, doc, &cell, columns.next(), position)?;
        }
        builder.end_row();
        Ok(())
    }

    /// Reads an object, whose keys are names of columns; what is missing is NULL.
    fn row_of_names<D: Document>(&mut self, doc: &mut D, row: &D::Value) -> Result<(), D::Error> {
        self.count += 1;
        let number = self.count;
        let columns = self.columns.clone();
        let known = self
            .names
            .get_or_insert_with(|| columns.iter().map(|column| column.name.clone()).collect());
        let mut names = doc.names(row)?.into_iter();
        if let Some(key) = names.find(|name| !known.contains(name.as_bytes())) {
            return Err(Misfit::UnknownColumn { row: number, key }.into());
        }
        for (column, cells) in columns.iter().zip(1..) {
            let value = doc.member(row, &String::from_utf8_lossy(&column.name))?;
            let position = Position { row: number, cells };
            add_cell(&mut self.builder, doc, &value, Some(column), position)?;
        }
        self.builder.end_row();
        Ok(())
    }

    /// What was read since this was last asked.
    pub(crate) fn take(&mut self) -> Rows {
        std::mem::take(&mut self.builder).finish()
    }
}

/// Where a cell is, counted from 1.
struct Position {
    row: u64,
    cells: u64,
}

fn add_cell<D: Document>(
    builder: &mut RowsBuilder,
    doc: &mut D,
    cell: &D::Value,
    column: Option<&RowColumn>,
    position: Position,
) -> Result<(), D::Error> {
    let cell_type = column.map_or(CellType::ANY, |column| column.cell_type);
    let name = || {
        column.map_or_else(
            || position.cells.to_string(),
            |column| String::from_utf8_lossy(&column.name).into_owned(),
        )
    };
    if let Some(held) = column.and_then(|column| column.held)
        && !held.holds(doc, cell)?
    {
        let (column, row) = (name(), position.row);
        return Err(Misfit::Mixed { column, row }.into());
    }
    let misfit = |wrong| Misfit::Cell {
        column: name(),
        row: position.row,
        wrong,
    };
    let repeat = column.map_or(1, |column| column.repeat);
    read_cell(doc, cell, cell_type, misfit, |cell| match cell {
        Some(cell) if repeat != 1 => builder.cell(Some(&cell.repeat(repeat))),
        cell => builder.cell(cell),
    })
}

/// More than any table has columns. A row of script may be billions long and have no cell.
pub(super) const MAX_CELLS: u64 = u16::MAX as u64;
