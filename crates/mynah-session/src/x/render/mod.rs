//! Writes CRUD messages as statements: their content as data, and SQL that means the same.

mod find;
mod insert;
mod update;
mod view;

use std::fmt::Write as _;

use bytes::Bytes;
use mynah_x::crud::{Collection, Limit, LimitExpr, Order, OrderDirection};
use mynah_x::datatypes::Scalar;
use mynah_x::expr::Expr;
use mynah_x::plugin_error;

use super::expression::{Args, Dialect, Expressions, quoted};
use super::param::scalar_params;
use crate::XRequest;
use crate::{Failure, Param, Statement, StatementCommand};

/// Makes a statement of a CRUD message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Render<'a> {
    /// What the placeholders stand for.
    args: Args<'a>,
}

impl<'a> Render<'a> {
    /// For a message that is carried out now.
    pub(super) fn now(args: &'a [Scalar]) -> Self {
        Self {
            args: Args::Now(args),
        }
    }

    /// For a message that is prepared.
    pub(super) fn later() -> Self {
        Self { args: Args::Later }
    }

    fn sql(self) -> Expressions<'a> {
        Expressions {
            dialect: Dialect::Sql,
            args: self.args,
        }
    }

    fn client(self) -> Expressions<'a> {
        Expressions {
            dialect: Dialect::Client,
            args: self.args,
        }
    }

    fn params(self) -> Result<Vec<Param>, Failure> {
        match self.args {
            Args::Now(args) => scalar_params(args),
            Args::Later => Ok(Vec::new()),
        }
    }

    fn statement(
        self,
        command: StatementCommand,
        text: String,
        request: XRequest,
    ) -> Result<Statement, Failure> {
        Ok(Statement {
            params: self.params()?,
            x: Some(Box::new(request)),
            ..Statement::new(command, Bytes::from(text))
        })
    }

    fn criteria(
        self,
        criteria: Option<&Expr>,
        request: &mut XRequest,
        text: &mut String,
    ) -> Result<(), Failure> {
        if let Some(criteria) = criteria {
            put(text, format_args!(" WHERE {}", self.sql().text(criteria)?));
            request.criteria = Some(self.client().text(criteria)?);
        }
        Ok(())
    }

    fn order(
        self,
        order: &[Order],
        request: &mut XRequest,
        text: &mut String,
    ) -> Result<(), Failure> {
        for (index, each) in order.iter().enumerate() {
            let before = if index == 0 { " ORDER BY " } else { ", " };
            let down = each.direction == Some(OrderDirection::Desc.into());
            let down = if down { " DESC" } else { "" };
            put(
                text,
                format_args!("{before}{}{down}", self.sql().text(&each.expr)?),
            );
            request
                .order
                .push(format!("{}{down}", self.client().text(&each.expr)?));
        }
        Ok(())
    }

    fn limit(
        self,
        limit: Option<&Limit>,
        expr: Option<&LimitExpr>,
        request: &mut XRequest,
        text: &mut String,
    ) -> Result<(), Failure> {
        let (row_count, offset) = match (limit, expr) {
            (None, None) => return Ok(()),
            (Some(limit), _) => (
                limit.row_count.to_string(),
                limit.offset.map(|n| n.to_string()),
            ),
            (None, Some(expr)) => {
                let offset = expr.offset.as_ref().map(|offset| self.sql().text(offset));
                (self.sql().text(&expr.row_count)?, offset.transpose()?)
            }
        };
        request.limit = row_count.parse().ok();
        request.offset = offset.as_ref().and_then(|offset| offset.parse().ok());
        put(text, format_args!(" LIMIT {row_count}"));
        if let Some(offset) = offset.filter(|offset| offset != "0") {
            put(text, format_args!(" OFFSET {offset}"));
        }
        Ok(())
    }
}

fn table(collection: &Collection) -> Result<String, Failure> {
    if collection.name.is_empty() {
        return Err(Failure::general(
            plugin_error::ER_X_BAD_TABLE,
            "Invalid name of table/collection",
        ));
    }
    let schema = collection.schema.as_deref().filter(|name| !name.is_empty());
    Ok(match schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(&collection.name)),
        None => quoted(&collection.name),
    })
}

/// A string takes all that is written.
fn put(w: &mut String, text: std::fmt::Arguments<'_>) {
    let _written = w.write_fmt(text);
}
