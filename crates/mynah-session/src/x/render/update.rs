//! Writes Crud.Update and Crud.Delete as UPDATE and DELETE.

use mynah_x::crud::{Delete, Update, UpdateOperation, UpdateType};
use mynah_x::plugin_error;

use super::super::expression::{path, quoted, string};
use super::super::request::operation;
use super::{Render, table};
use crate::{Change, XRequest};
use crate::{Failure, Statement, StatementCommand};

impl<'a> Render<'a> {
    pub(in crate::x) fn update(self, update: &Update) -> Result<Statement, Failure> {
        let table = table(&update.collection)?;
        if update.operation.is_empty() {
            return Err(Failure::general(
                plugin_error::ER_X_BAD_UPDATE_DATA,
                "Invalid update expression list",
            ));
        }
        let mut request = XRequest::about(&update.collection, update.data_model);
        let mut columns: Vec<(String, String)> = Vec::new();
        for change in &update.operation {
            let column = match &change.source.name {
                Some(name) if request.is_table => quoted(name),
                _ => "doc".to_owned(),
            };
            let before = columns.iter_mut().find(|(name, _)| *name == column);
            let now = before.as_ref().map_or(column.as_str(), |(_, value)| value);
            let value = self.changed(change, now)?;
            match before {
                Some((_, before)) => *before = value,
                None => columns.push((column, value)),
            }
            request.changes.push(self.change(change)?);
        }
        let sets: Vec<_> = columns
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let mut text = format!("UPDATE {table} SET {}", sets.join(", "));
        self.criteria(update.criteria.as_ref(), &mut request, &mut text)?;
        self.order(&update.order, &mut request, &mut text)?;
        self.limit(
            update.limit.as_ref(),
            update.limit_expr.as_ref(),
            &mut request,
            &mut text,
        )?;
        self.statement(StatementCommand::Update, text, request)
    }

    /// The new value of a column after a change.
    fn changed(self, change: &UpdateOperation, now: &str) -> Result<String, Failure> {
        let operation = UpdateType::try_from(change.operation).map_err(|_| bad_change())?;
        let value = match &change.value {
            Some(value) => self.sql().text(value)?,
            None if operation == UpdateType::ItemRemove => String::new(),
            None => return Err(bad_change()),
        };
        let path = string(path(&change.source.document_path).as_bytes());
        Ok(match operation {
            UpdateType::Set => value,
            UpdateType::ItemRemove => format!("JSON_REMOVE({now}, {path})"),
            UpdateType::ItemSet => format!("JSON_SET({now}, {path}, {value})"),
            UpdateType::ItemReplace => format!("JSON_REPLACE({now}, {path}, {value})"),
            UpdateType::ItemMerge => format!("JSON_MERGE_PRESERVE({now}, {value})"),
            UpdateType::ArrayInsert => format!("JSON_ARRAY_INSERT({now}, {path}, {value})"),
            UpdateType::ArrayAppend => format!("JSON_ARRAY_APPEND({now}, {path}, {value})"),
            UpdateType::MergePatch => format!("JSON_MERGE_PATCH({now}, {value})"),
            _ => return Err(bad_change()),
        })
    }

    fn change(self, change: &UpdateOperation) -> Result<Change, Failure> {
        let update = UpdateType::try_from(change.operation).map_err(|_| bad_change())?;
        let mut path = String::new();
        self.client().put_identifier(&mut path, &change.source);
        Ok(Change {
            operation: operation(update).ok_or_else(bad_change)?,
            path,
            value: change.value.as_ref().map(|value| self.json(value)),
        })
    }

    pub(in crate::x) fn delete(self, delete: &Delete) -> Result<Statement, Failure> {
        let table = table(&delete.collection)?;
        let mut request = XRequest::about(&delete.collection, delete.data_model);
        let mut text = format!("DELETE FROM {table}");
        self.criteria(delete.criteria.as_ref(), &mut request, &mut text)?;
        self.order(&delete.order, &mut request, &mut text)?;
        self.limit(
            delete.limit.as_ref(),
            delete.limit_expr.as_ref(),
            &mut request,
            &mut text,
        )?;
        self.statement(StatementCommand::Delete, text, request)
    }
}

fn bad_change() -> Failure {
    Failure::general(
        plugin_error::ER_X_BAD_TYPE_OF_UPDATE,
        "Invalid type of update operation",
    )
}
