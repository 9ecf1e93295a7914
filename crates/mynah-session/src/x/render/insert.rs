//! Writes Crud.Insert as INSERT.

use mynah_classic::error_code;
use mynah_x::crud::{Insert, TypedRow};
use mynah_x::datatypes::{Scalar, ScalarValue};
use mynah_x::expr::Expr;
use mynah_x::plugin_error;

use super::super::document::{has_id, put_expr, put_scalar, with_id};
use super::super::expression::{Args, Kind, kind, quoted, string};
use super::{Render, table};
use crate::XRequest;
use crate::{Failure, Statement, StatementCommand};

impl<'a> Render<'a> {
    /// `ids` gives an id for each document that has none; they are returned in order. Without one the document stays
    /// as it is.
    pub(in crate::x) fn insert(
        self,
        insert: &Insert,
        ids: &mut dyn FnMut() -> Option<String>,
    ) -> Result<(Statement, Vec<String>), Failure> {
        let table = table(&insert.collection)?;
        let mut request = XRequest::about(&insert.collection, insert.data_model);
        request.upsert = insert.upsert.unwrap_or_default();
        if insert.row.is_empty() {
            return Err(Failure::general(
                plugin_error::ER_X_MISSING_ARGUMENT,
                "Missing row data for Insert",
            ));
        }
        let (mut values, mut generated) = (Vec::new(), Vec::new());
        for row in &insert.row {
            if request.is_table {
                values.push(self.row(row, &insert.projection.len(), &mut request)?);
            } else {
                let document = self.document(row)?;
                let document = match has_id(&document) {
                    Some(true) => document,
                    Some(false) => match ids() {
                        Some(id) => {
                            let document = with_id(&document, &id);
                            generated.push(id);
                            document
                        }
                        None => document,
                    },
                    None => return Err(no_document(&insert.collection.name)),
                };
                values.push(format!("({})", string(document.as_bytes())));
                request.documents.push(document);
            }
        }
        let mut columns = " (doc)".to_owned();
        if request.is_table {
            let names = insert.projection.iter();
            request.columns = names
                .map(|column| column.name.clone().unwrap_or_default())
                .collect();
            let names: Vec<_> = request.columns.iter().map(|name| quoted(name)).collect();
            columns = match &names[..] {
                [] => String::new(),
                names => format!(" ({})", names.join(", ")),
            };
        }
        let mut text = format!("INSERT INTO {table}{columns} VALUES {}", values.join(", "));
        if request.upsert {
            text.push_str(" ON DUPLICATE KEY UPDATE doc = VALUES(doc)");
        }
        request.generated_ids.clone_from(&generated);
        let statement = self.statement(StatementCommand::Insert, text, request)?;
        Ok((statement, generated))
    }

    fn row(
        self,
        row: &TypedRow,
        columns: &usize,
        request: &mut XRequest,
    ) -> Result<String, Failure> {
        if *columns > 0 && row.field.len() != *columns {
            return Err(Failure::general(
                plugin_error::ER_X_BAD_INSERT_DATA,
                "Wrong number of fields in row being inserted",
            ));
        }
        let fields = row.field.iter().map(|field| self.sql().text(field));
        let fields = fields.collect::<Result<Vec<_>, _>>()?;
        let json = row.field.iter().map(|field| self.json(field));
        request
            .rows
            .push(format!("[{}]", json.collect::<Vec<_>>().join(", ")));
        Ok(format!("({})", fields.join(", ")))
    }

    /// The document of a row, which must be its only value, as JSON.
    fn document(self, row: &TypedRow) -> Result<String, Failure> {
        let [document] = &row.field[..] else {
            return Err(Failure::general(
                plugin_error::ER_X_BAD_INSERT_DATA,
                "Wrong number of fields in row being inserted",
            ));
        };
        let document = match kind(document) {
            Some(Kind::Literal(_) | Kind::Object(_)) => self.document_text(document),
            Some(Kind::Placeholder(position)) => match self.args {
                Args::Later => Some("{}".to_owned()),
                Args::Now(args) => {
                    let arg = usize::try_from(position).ok().and_then(|at| args.get(at));
                    arg.and_then(scalar_text)
                }
            },
            _ => None,
        };
        document.ok_or_else(|| {
            Failure::general(
                plugin_error::ER_X_BAD_INSERT_DATA,
                "Invalid data for insert operation on collection",
            )
        })
    }

    fn document_text(self, document: &Expr) -> Option<String> {
        match kind(document)? {
            // As text or as bytes, it is the document itself.
            Kind::Literal(scalar) => scalar_text(scalar),
            _ => Some(self.json(document)),
        }
    }

    /// A value as JSON, with the placeholders filled in.
    pub(super) fn json(self, value: &Expr) -> String {
        let mut w = String::new();
        let filled = match (kind(value), self.args) {
            (Some(Kind::Placeholder(position)), Args::Now(args)) => {
                usize::try_from(position).ok().and_then(|at| args.get(at))
            }
            _ => None,
        };
        match filled {
            Some(scalar) => put_scalar(&mut w, scalar),
            None => put_expr(&mut w, value, &|expr| {
                self.client().text(expr).unwrap_or_default()
            }),
        }
        w
    }
}

fn scalar_text(scalar: &Scalar) -> Option<String> {
    let bytes = match scalar.value()? {
        ScalarValue::String(text) => &text.value,
        ScalarValue::Octets(octets) => &octets.value,
        _ => return None,
    };
    Some(String::from_utf8_lossy(bytes).into_owned())
}

fn no_document(collection: &str) -> Failure {
    Failure {
        code: error_code::ER_INVALID_JSON_TEXT,
        sql_state: mynah_classic::response::SqlState(*b"22032"),
        message: format!(
            "Invalid JSON text: \"Invalid value.\" at position 1 in value for column '{collection}.doc'."
        )
        .into(),
    }
}
