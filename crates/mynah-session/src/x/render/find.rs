//! Writes Crud.Find as SELECT.

use mynah_x::crud::{Find, RowLock, RowLockOptions};

use super::super::expression::{Kind, kind, quoted, string};
use super::{Render, put, table};
use crate::{Failure, Statement, StatementCommand};
use crate::{Projection, XRequest};

impl<'a> Render<'a> {
    pub(in crate::x) fn find(self, find: &Find) -> Result<Statement, Failure> {
        let mut request = XRequest::about(&find.collection, find.data_model);
        let text = self.select(find, &mut request)?;
        self.statement(StatementCommand::Find, text, request)
    }

    pub(super) fn select(self, find: &Find, request: &mut XRequest) -> Result<String, Failure> {
        let mut text = "SELECT ".to_owned();
        let table = table(&find.collection)?;
        if find.projection.is_empty() {
            text.push_str(if request.is_table { "*" } else { "doc" });
        } else {
            self.projection(find, request, &mut text)?;
        }
        put(&mut text, format_args!(" FROM {table}"));
        self.criteria(find.criteria.as_ref(), request, &mut text)?;
        for (index, each) in find.grouping.iter().enumerate() {
            let before = if index == 0 { " GROUP BY " } else { ", " };
            put(
                &mut text,
                format_args!("{before}{}", self.sql().text(each)?),
            );
            request.grouping.push(self.client().text(each)?);
        }
        if let Some(having) = &find.grouping_criteria {
            put(
                &mut text,
                format_args!(" HAVING {}", self.sql().text(having)?),
            );
            request.grouping_criteria = Some(self.client().text(having)?);
        }
        self.order(&find.order, request, &mut text)?;
        self.limit(
            find.limit.as_ref(),
            find.limit_expr.as_ref(),
            request,
            &mut text,
        )?;
        let (words, names): (&str, &'static str) =
            match find.locking.and_then(|n| RowLock::try_from(n).ok()) {
                Some(RowLock::SharedLock) => (" FOR SHARE", "shared"),
                Some(RowLock::ExclusiveLock) => (" FOR UPDATE", "exclusive"),
                _ => return Ok(text),
            };
        text.push_str(words);
        request.locking.push(names);
        let options = find
            .locking_options
            .and_then(|n| RowLockOptions::try_from(n).ok());
        let (words, name) = match options {
            Some(RowLockOptions::Nowait) => (" NOWAIT", "nowait"),
            Some(RowLockOptions::SkipLocked) => (" SKIP LOCKED", "skip_locked"),
            _ => return Ok(text),
        };
        text.push_str(words);
        request.locking.push(name);
        Ok(text)
    }

    fn projection(
        self,
        find: &Find,
        request: &mut XRequest,
        text: &mut String,
    ) -> Result<(), Failure> {
        // One object that is all of a document stands for itself.
        let whole = matches!(
            &find.projection[..],
            [one] if one.alias.is_none() && matches!(kind(&one.source), Some(Kind::Object(_)))
        );
        let is_document = !request.is_table && !whole;
        if is_document {
            text.push_str("JSON_OBJECT(");
        }
        for (index, each) in find.projection.iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            let source = self.sql().text(&each.source)?;
            let shown = self.client().text(&each.source)?;
            let alias = each.alias.clone().filter(|alias| !alias.is_empty());
            match (&alias, is_document) {
                (alias, true) => {
                    let name = alias.as_deref().unwrap_or(&shown);
                    put(text, format_args!("{}, {source}", string(name.as_bytes())));
                }
                (Some(alias), false) => put(text, format_args!("{source} AS {}", quoted(alias))),
                (None, false) => text.push_str(&source),
            }
            request.projection.push(Projection {
                source: shown,
                alias,
            });
        }
        if is_document {
            text.push(')');
        }
        if !request.is_table {
            text.push_str(" AS doc");
        }
        Ok(())
    }
}
