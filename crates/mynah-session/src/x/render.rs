//! CRUD messages as statements: what they ask, and SQL that asks the same.

use std::fmt::Write as _;

use bytes::Bytes;
use mynah_x::crud::{
    Collection, CreateView, Delete, DropView, Find, Insert, Limit, LimitExpr, ModifyView, Order,
    OrderDirection, RowLock, RowLockOptions, TypedRow, Update, UpdateOperation, UpdateType,
    ViewAlgorithm, ViewCheckOption, ViewSqlSecurity,
};
use mynah_x::datatypes::{Scalar, ScalarValue};
use mynah_x::expr::Expr;

use super::document::{has_id, put_expr, with_id};
use super::expression::{Args, Dialect, Expressions, Kind, kind, path, quoted, string};
use super::param::scalar_params;
use super::request::{Change, Projection, XRequest, operation};
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

    pub(super) fn find(self, find: &Find) -> Result<Statement, Failure> {
        let mut request = XRequest::about(&find.collection, find.data_model);
        let text = self.select(find, &mut request)?;
        self.statement(StatementCommand::Find, text, request)
    }

    fn select(self, find: &Find, request: &mut XRequest) -> Result<String, Failure> {
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
                None => return Ok(text),
            };
        text.push_str(words);
        request.locking.push(names);
        let options = find
            .locking_options
            .and_then(|n| RowLockOptions::try_from(n).ok());
        if let Some(options) = options {
            let (words, name) = match options {
                RowLockOptions::Nowait => (" NOWAIT", "nowait"),
                RowLockOptions::SkipLocked => (" SKIP LOCKED", "skip_locked"),
            };
            text.push_str(words);
            request.locking.push(name);
        }
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

    /// `ids` gives an id for each document that has none; they are returned in order.
    pub(super) fn insert(
        self,
        insert: &Insert,
        ids: &mut dyn FnMut() -> String,
    ) -> Result<(Statement, Vec<String>), Failure> {
        let table = table(&insert.collection)?;
        let mut request = XRequest::about(&insert.collection, insert.data_model);
        request.upsert = insert.upsert.unwrap_or_default();
        if insert.row.is_empty() {
            return Err(Failure::general(5013, "Missing row data for Insert"));
        }
        let (mut values, mut generated) = (Vec::new(), Vec::new());
        for row in &insert.row {
            if request.is_table {
                values.push(self.row(row, &insert.projection.len(), &mut request)?);
            } else {
                let document = self.document(row)?;
                let document = match has_id(&document) {
                    Some(true) => document,
                    Some(false) if matches!(self.args, Args::Later) => document,
                    Some(false) => {
                        let id = ids();
                        let document = with_id(&document, &id);
                        generated.push(id);
                        document
                    }
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
                5014,
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

    /// The one document of a row, as JSON.
    fn document(self, row: &TypedRow) -> Result<String, Failure> {
        let [document] = &row.field[..] else {
            return Err(Failure::general(
                5014,
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
            Failure::general(5014, "Invalid data for insert operation on collection")
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
    fn json(self, value: &Expr) -> String {
        let mut w = String::new();
        let filled = match (kind(value), self.args) {
            (Some(Kind::Placeholder(position)), Args::Now(args)) => {
                usize::try_from(position).ok().and_then(|at| args.get(at))
            }
            _ => None,
        };
        match filled {
            Some(scalar) => super::document::put_scalar(&mut w, scalar),
            None => put_expr(&mut w, value, &|expr| {
                self.client().text(expr).unwrap_or_default()
            }),
        }
        w
    }

    pub(super) fn update(self, update: &Update) -> Result<Statement, Failure> {
        let table = table(&update.collection)?;
        if update.operation.is_empty() {
            return Err(Failure::general(5050, "Invalid update expression list"));
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

    /// What a column is set to by a change.
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
        })
    }

    fn change(self, change: &UpdateOperation) -> Result<Change, Failure> {
        let update = UpdateType::try_from(change.operation).map_err(|_| bad_change())?;
        let mut path = String::new();
        self.client().put_identifier(&mut path, &change.source);
        Ok(Change {
            operation: operation(update),
            path,
            value: change.value.as_ref().map(|value| self.json(value)),
        })
    }

    pub(super) fn delete(self, delete: &Delete) -> Result<Statement, Failure> {
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

    pub(super) fn create_view(self, view: &CreateView) -> Result<Statement, Failure> {
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
            Some(&view.stmt),
            &mut text,
        )?;
        self.statement(StatementCommand::CreateView, text, request)
    }

    pub(super) fn modify_view(self, view: &ModifyView) -> Result<Statement, Failure> {
        let mut text = "ALTER ".to_owned();
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
            view.stmt.as_ref(),
            &mut text,
        )?;
        self.statement(StatementCommand::ModifyView, text, request)
    }

    fn view(
        self,
        collection: &Collection,
        options: ViewOptions<'_>,
        columns: &[String],
        find: Option<&Find>,
        text: &mut String,
    ) -> Result<XRequest, Failure> {
        let mut request = XRequest::about(collection, None);
        request.columns = columns.to_vec();
        if let Some(algorithm) = options
            .algorithm
            .and_then(|n| ViewAlgorithm::try_from(n).ok())
        {
            let word = match algorithm {
                ViewAlgorithm::Undefined => "UNDEFINED",
                ViewAlgorithm::Merge => "MERGE",
                ViewAlgorithm::Temptable => "TEMPTABLE",
            };
            put(text, format_args!("ALGORITHM={word} "));
        }
        if let Some(definer) = options.definer {
            put(text, format_args!("DEFINER={definer} "));
        }
        if let Some(security) = options
            .security
            .and_then(|n| ViewSqlSecurity::try_from(n).ok())
        {
            let word = match security {
                ViewSqlSecurity::Invoker => "INVOKER",
                ViewSqlSecurity::Definer => "DEFINER",
            };
            put(text, format_args!("SQL SECURITY {word} "));
        }
        put(text, format_args!("VIEW {}", table(collection)?));
        if !columns.is_empty() {
            let names: Vec<_> = columns.iter().map(|name| quoted(name)).collect();
            put(text, format_args!(" ({})", names.join(", ")));
        }
        if let Some(find) = find {
            let mut shown = XRequest::about(&find.collection, find.data_model);
            let select = Render::now(&find.args).select(find, &mut shown)?;
            put(text, format_args!(" AS {select}"));
        }
        if let Some(check) = options
            .check
            .and_then(|n| ViewCheckOption::try_from(n).ok())
        {
            let word = match check {
                ViewCheckOption::Local => "LOCAL",
                ViewCheckOption::Cascaded => "CASCADED",
            };
            put(text, format_args!(" WITH {word} CHECK OPTION"));
        }
        Ok(request)
    }

    pub(super) fn drop_view(self, view: &DropView) -> Result<Statement, Failure> {
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

/// What is said of a view besides what it shows.
#[derive(Clone, Copy, Debug)]
struct ViewOptions<'a> {
    definer: Option<&'a str>,
    algorithm: Option<i32>,
    security: Option<i32>,
    check: Option<i32>,
}

fn table(collection: &Collection) -> Result<String, Failure> {
    if collection.name.is_empty() {
        return Err(Failure::general(5113, "Invalid name of table/collection"));
    }
    let schema = collection.schema.as_deref().filter(|name| !name.is_empty());
    Ok(match schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(&collection.name)),
        None => quoted(&collection.name),
    })
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
        code: 3140,
        sql_state: mynah_classic::response::SqlState(*b"22032"),
        message: format!(
            "Invalid JSON text: \"Invalid value.\" at position 1 in value for column '{collection}.doc'."
        )
        .into(),
    }
}

fn bad_change() -> Failure {
    Failure::general(5051, "Invalid type of update operation")
}

/// A string takes all that is written.
fn put(w: &mut String, text: std::fmt::Arguments<'_>) {
    let _written = w.write_fmt(text);
}
