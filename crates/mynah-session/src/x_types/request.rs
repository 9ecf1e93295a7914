use std::fmt::Write as _;

use crate::json_string::put_string;

/// The content of an X Protocol message that isn't SQL: a CRUD message, or a command of the X Plugin with its
/// arguments. Expressions are text in the form that clients write, `age > 3 && name == 'ada'`. Fields that a
/// message doesn't have are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct XRequest {
    /// The schema of the collection, table or view; `None` for the one in use, and for a command of the X Plugin.
    pub schema: Option<String>,
    /// The name of the collection, table or view; `None` for a command of the X Plugin.
    pub collection: Option<String>,
    /// Whether the message is about the rows of a table, instead of documents in a collection.
    pub is_table: bool,
    /// The condition on documents or rows; `None` for all of them.
    pub criteria: Option<String>,
    /// The fields or columns to read; empty for all.
    pub projection: Vec<Projection>,
    /// The documents to insert, each as JSON.
    pub documents: Vec<String>,
    /// The ids that the session gave to documents that had none, in their order.
    pub generated_ids: Vec<String>,
    /// The columns of the rows to insert; empty for all.
    pub columns: Vec<String>,
    /// The rows to insert, each as a JSON array of its values.
    pub rows: Vec<String>,
    /// Whether an inserted document replaces the existing one with the same `_id`.
    pub upsert: bool,
    /// The changes of an update, in order.
    pub changes: Vec<Change>,
    /// The sort order: expressions such as `age DESC`.
    pub order: Vec<String>,
    /// The expressions by which documents or rows are grouped.
    pub grouping: Vec<String>,
    /// The condition on groups (HAVING); `None` for all groups.
    pub grouping_criteria: Option<String>,
    /// The most documents or rows to return or change; `None` for no limit.
    pub limit: Option<u64>,
    /// How many documents or rows to skip before the first one; `None` for none.
    pub offset: Option<u64>,
    /// The row locks to take: `shared` or `exclusive`, optionally followed by `nowait` or `skip_locked`.
    pub locking: Vec<&'static str>,
    /// The arguments of a command of the X Plugin, as a JSON object; `None` for other messages.
    pub arguments: Option<String>,
}

/// A field, column or expression that is read of each document or row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// The expression to read: a field, a column or more.
    pub source: String,
    /// The name in the result (AS); `None` if the message gives none.
    pub alias: Option<String>,
}

/// One of the changes that an update makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The operation: `set`, `item_remove`, `item_set`, `item_replace`, `item_merge`, `array_insert`,
    /// `array_append` or `merge_patch`.
    pub operation: &'static str,
    /// The path of the field, or the column, to change.
    pub path: String,
    /// The new value as JSON; `None` for operations without one.
    pub value: Option<String>,
}

impl XRequest {
    /// The request as a JSON object, without `generated_ids`. Fields that the message doesn't have are left out, as
    /// is `is_table` without a collection.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut w = Members::default();
        let strings = |list: &[String]| {
            let quoted = list.iter().map(|text| json_string(text));
            quoted.collect::<Vec<_>>().join(", ")
        };
        w.text("schema", self.schema.as_deref());
        w.text("collection", self.collection.as_deref());
        if self.collection.is_some() {
            w.raw("is_table", if self.is_table { "true" } else { "false" });
        }
        w.text("criteria", self.criteria.as_deref());
        let projection = self.projection.iter().map(|projection| {
            let mut w = Members::default();
            w.text("source", Some(&projection.source));
            w.text("alias", projection.alias.as_deref());
            w.finish()
        });
        w.list("projection", &projection.collect::<Vec<_>>().join(", "));
        w.list("documents", &self.documents.join(", "));
        w.list("columns", &strings(&self.columns));
        w.list("rows", &self.rows.join(", "));
        if self.upsert {
            w.raw("upsert", "true");
        }
        let changes = self.changes.iter().map(|change| {
            let mut w = Members::default();
            w.text("operation", Some(change.operation));
            w.text("path", Some(&change.path));
            if let Some(value) = &change.value {
                w.raw("value", value);
            }
            w.finish()
        });
        w.list("changes", &changes.collect::<Vec<_>>().join(", "));
        w.list("order", &strings(&self.order));
        w.list("grouping", &strings(&self.grouping));
        w.text("grouping_criteria", self.grouping_criteria.as_deref());
        for (name, number) in [("limit", self.limit), ("offset", self.offset)] {
            if let Some(number) = number {
                w.raw(name, &number.to_string());
            }
        }
        let locking: Vec<_> = self.locking.iter().map(|word| (*word).to_owned()).collect();
        w.list("locking", &strings(&locking));
        if let Some(arguments) = &self.arguments {
            w.raw("arguments", arguments);
        }
        w.finish()
    }
}

/// The members of an object that is being written.
#[derive(Default)]
struct Members(String);

impl Members {
    fn raw(&mut self, name: &str, value: &str) {
        let comma = if self.0.is_empty() { "" } else { ", " };
        // A string takes all that is written.
        let _written = write!(self.0, "{comma}\"{name}\": {value}");
    }

    fn text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.raw(name, &json_string(value));
        }
    }

    /// Writes a list; writes nothing if it is empty.
    fn list(&mut self, name: &str, elements: &str) {
        if !elements.is_empty() {
            self.raw(name, &format!("[{elements}]"));
        }
    }

    fn finish(self) -> String {
        format!("{{{}}}", self.0)
    }
}

fn json_string(text: &str) -> String {
    let mut w = String::new();
    put_string(&mut w, text);
    w
}
