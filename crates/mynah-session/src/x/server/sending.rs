//! The rows of a result, sent some at a time.

use bytes::BytesMut;
use mynah_classic::error_code;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_x::ServerMessageType;
use mynah_x::resultset::{FieldType, Row};
use std::sync::Arc;

use super::outgoing::Outgoing;
use crate::progress::Progress;
use crate::x::cell::put_cell;
use crate::x::column::field_type;
use crate::{Completion, Failure, ResultSet, RowSource, Rows};

/// A result whose columns were sent.
#[derive(Debug)]
pub(super) struct Sending {
    columns: Arc<[ColumnDefinition41]>,
    types: Vec<FieldType>,
    rows: Rows,
    next: usize,
    pub(super) end: Completion,
    cell: BytesMut,
}

impl Sending {
    pub(super) fn new(result: ResultSet) -> Self {
        Self {
            types: result.columns.iter().map(field_type).collect(),
            columns: result.columns,
            rows: result.rows,
            next: 0,
            end: result.end,
            cell: BytesMut::new(),
        }
    }

    pub(super) fn send(&mut self, outgoing: &mut Outgoing, wanted: &mut u64) -> Progress {
        // Each round sends one row. The loop ends when enough are sent, the output is full, or no more are at
        // hand.
        loop {
            // Whether there are more isn't looked at before they are wanted, as servers do.
            if *wanted == 0 {
                return Progress::Enough;
            }
            if outgoing.len() >= OUTPUT_LIMIT {
                return Progress::Full;
            }
            let Some(row) = self.rows.get(self.next) else {
                return match self.rows.source() {
                    Some(source) => Progress::NeedsRows(source),
                    None => Progress::Sent,
                };
            };
            let mark = outgoing.mark();
            let (types, columns, cell) = (&self.types, &self.columns, &mut self.cell);
            let mut sent = Ok(());
            outgoing.put(ServerMessageType::RESULTSET_ROW, |w| {
                sent = put_row(w, &row, types, columns, cell);
            });
            // A part of the row may be written.
            if let Err(failure) = sent {
                outgoing.take_back(mark);
                return Progress::Failed(failure);
            }
            self.next += 1;
            *wanted -= 1;
        }
    }

    /// Whether all rows at hand can be sent.
    pub(super) fn check(&mut self) -> Result<(), Failure> {
        let mut w = BytesMut::new();
        for index in self.next..self.rows.len() {
            if let Some(row) = self.rows.get(index) {
                w.clear();
                put_row(&mut w, &row, &self.types, &self.columns, &mut self.cell)?;
            }
        }
        Ok(())
    }

    pub(super) fn continue_with(&mut self, rows: Rows) {
        self.rows = rows;
        self.next = 0;
    }

    pub(super) fn source(&self) -> Option<RowSource> {
        self.rows.source()
    }
}

fn put_row(
    w: &mut BytesMut,
    row: &mynah_classic::resultset::TextRow,
    types: &[FieldType],
    columns: &[ColumnDefinition41],
    cell: &mut BytesMut,
) -> Result<(), Failure> {
    let mut count = 0;
    for read in row.cells() {
        let Ok(text) = read else {
            return Err(statement_failed("a row can't be read"));
        };
        let Some(field_type) = types.get(count) else {
            count += 1;
            continue;
        };
        cell.clear();
        if let Some(text) = text
            && !put_cell(cell, text, *field_type)
        {
            let name = columns.get(count).map(|column| column.names.name());
            let name = String::from_utf8_lossy(name.unwrap_or_default()).into_owned();
            let shown: String = String::from_utf8_lossy(text)
                .chars()
                .take(MAX_SHOWN)
                .collect();
            let kind = format!("{field_type:?}").to_ascii_uppercase();
            return Err(statement_failed(&format!(
                "column {name:?} is of type {kind}, and {shown:?} isn't"
            )));
        }
        Row::put_field(w, cell);
        count += 1;
    }
    if count != types.len() {
        let columns = types.len();
        return Err(statement_failed(&format!(
            "{columns} columns, and a row of {count} cells"
        )));
    }
    Ok(())
}

fn statement_failed(reason: &str) -> Failure {
    Failure::general(
        error_code::ER_PARSE_ERROR,
        format!("executing statement failed: {reason}"),
    )
}

/// How much output may gather before it is sent.
const OUTPUT_LIMIT: usize = 64 * 1024;
/// How much of a cell is shown.
const MAX_SHOWN: usize = 50;
