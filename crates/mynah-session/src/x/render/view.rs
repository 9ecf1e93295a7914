//! Writes Crud.CreateView and the like as SQL.

use mynah_x::crud::{
    Collection, CreateView, DropView, Find, ModifyView, ViewAlgorithm, ViewCheckOption,
    ViewSqlSecurity,
};
use mynah_x::plugin_error;

use super::super::expression::quoted;
use super::{Render, put, table};
use crate::XRequest;
use crate::{Failure, Statement, StatementCommand};

impl<'a> Render<'a> {
    pub(in crate::x) fn create_view(self, view: &CreateView) -> Result<Statement, Failure> {
        let mut text = "CREATE ".to_owned();
        if view.replace_existing == Some(true) {
            text.push_str("OR REPLACE ");
        }
        let options = ViewOptions {
            definer: view.definer.as_deref(),
            algorithm: view.algorithm,
            security: view.security,
            check: view.check,
        };
        let request = self.view(
            &view.collection,
            options,
            &view.column,
            &view.stmt,
            &mut text,
        )?;
        self.statement(StatementCommand::CreateView, text, request)
    }

    pub(in crate::x) fn modify_view(self, view: &ModifyView) -> Result<Statement, Failure> {
        // The field is optional in the protocol's definition only (seen: MySQL 9.7.4).
        let find = view.stmt.as_ref().ok_or_else(without_select)?;
        let mut text = "ALTER ".to_owned();
        let options = ViewOptions {
            definer: view.definer.as_deref(),
            algorithm: view.algorithm,
            security: view.security,
            check: view.check,
        };
        let request = self.view(&view.collection, options, &view.column, find, &mut text)?;
        self.statement(StatementCommand::ModifyView, text, request)
    }

    fn view(
        self,
        collection: &Collection,
        options: ViewOptions<'_>,
        columns: &[String],
        find: &Find,
        text: &mut String,
    ) -> Result<XRequest, Failure> {
        let mut request = XRequest::about(collection, None);
        request.columns = columns.to_vec();
        let algorithm = options
            .algorithm
            .and_then(|n| match ViewAlgorithm::try_from(n).ok()? {
                ViewAlgorithm::Undefined => Some("UNDEFINED"),
                ViewAlgorithm::Merge => Some("MERGE"),
                ViewAlgorithm::Temptable => Some("TEMPTABLE"),
                _ => None,
            });
        if let Some(word) = algorithm {
            put(text, format_args!("ALGORITHM={word} "));
        }
        if let Some(definer) = options.definer {
            put(text, format_args!("DEFINER={definer} "));
        }
        let security = options
            .security
            .and_then(|n| match ViewSqlSecurity::try_from(n).ok()? {
                ViewSqlSecurity::Invoker => Some("INVOKER"),
                ViewSqlSecurity::Definer => Some("DEFINER"),
                _ => None,
            });
        if let Some(word) = security {
            put(text, format_args!("SQL SECURITY {word} "));
        }
        put(text, format_args!("VIEW {}", table(collection)?));
        if !columns.is_empty() {
            let names: Vec<_> = columns.iter().map(|name| quoted(name)).collect();
            put(text, format_args!(" ({})", names.join(", ")));
        }
        let mut shown = XRequest::about(&find.collection, find.data_model);
        let select = Render::now(&find.args).select(find, &mut shown)?;
        put(text, format_args!(" AS {select}"));
        let check = options
            .check
            .and_then(|n| match ViewCheckOption::try_from(n).ok()? {
                ViewCheckOption::Local => Some("LOCAL"),
                ViewCheckOption::Cascaded => Some("CASCADED"),
                _ => None,
            });
        if let Some(word) = check {
            put(text, format_args!(" WITH {word} CHECK OPTION"));
        }
        Ok(request)
    }

    pub(in crate::x) fn drop_view(self, view: &DropView) -> Result<Statement, Failure> {
        let exists = if view.if_exists == Some(true) {
            "IF EXISTS "
        } else {
            ""
        };
        let text = format!("DROP VIEW {exists}{}", table(&view.collection)?);
        let request = XRequest::about(&view.collection, None);
        self.statement(StatementCommand::DropView, text, request)
    }
}

fn without_select() -> Failure {
    Failure::general(
        plugin_error::ER_X_INVALID_ARGUMENT,
        "The field that defines the select statement is required",
    )
}

/// The options of a view.
#[derive(Clone, Copy, Debug)]
struct ViewOptions<'a> {
    definer: Option<&'a str>,
    algorithm: Option<i32>,
    security: Option<i32>,
    check: Option<i32>,
}
