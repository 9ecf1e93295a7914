use std::fmt::Write as _;

use mynah_x::crud::{Collection, DataModel, UpdateType};

/// The parts of an X Protocol request that the text of its [`Statement`](crate::Statement) leaves out:
/// which documents or rows it is about, or the arguments of a command. Expressions are written as
/// clients write them, `age > 3 && name == 'ada'`; parts that a request doesn't have are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct XRequest {
    /// The schema of the collection; absent for the one in use.
    pub schema: Option<String>,
    /// The collection, table or view.
    pub collection: Option<String>,
    /// Whether it is about the rows of a table, and not about documents.
    pub is_table: bool,
    /// Which documents or rows; absent for all.
    pub criteria: Option<String>,
    /// What of each is read; empty for all.
    pub projection: Vec<Projection>,
    /// The documents that are inserted, as JSON.
    pub documents: Vec<String>,
    /// The columns of the rows that are inserted; empty for all.
    pub columns: Vec<String>,
    /// The rows that are inserted, each a list of its values as JSON.
    pub rows: Vec<String>,
    /// Whether documents take the place of those that have their ids.
    pub upsert: bool,
    /// What is changed, in order.
    pub changes: Vec<Change>,
    /// What the order depends on: `age DESC`.
    pub order: Vec<String>,
    /// What is the same in those that become one.
    pub grouping: Vec<String>,
    /// Which of those that became one.
    pub grouping_criteria: Option<String>,
    /// How many at most.
    pub limit: Option<u64>,
    /// How many are left out first.
    pub offset: Option<u64>,
    /// How what is read is locked: `shared` or `exclusive`, then `nowait` or `skip_locked`.
    pub locking: Vec<&'static str>,
    /// The arguments of a command, as a JSON object.
    pub arguments: Option<String>,
}

/// Something that is read of each document or row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// What.
    pub source: String,
    /// The name it has in the result.
    pub alias: Option<String>,
}

/// One change that an update makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What is done: `set`, `item_remove`, `item_set`, `item_replace`, `item_merge`,
    /// `array_insert`, `array_append`, `merge_patch`.
    pub operation: &'static str,
    /// Where.
    pub path: String,
    /// The new value as JSON, if the change has one.
    pub value: Option<String>,
}

impl XRequest {
    /// The arguments of a command, as a JSON object.
    pub(super) fn command(arguments: String) -> Self {
        Self {
            arguments: Some(arguments),
            ..Self::default()
        }
    }

    pub(super) fn about(collection: &Collection, data_model: Option<i32>) -> Self {
        Self {
            schema: collection.schema.clone().filter(|name| !name.is_empty()),
            collection: Some(collection.name.clone()),
            is_table: data_model == Some(DataModel::Table.into()),
            ..Self::default()
        }
    }

    /// All of it as a JSON object, without what isn't asked.
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

/// The name of an update's operation, as scripts see it.
pub(super) const fn operation(update: UpdateType) -> &'static str {
    match update {
        UpdateType::Set => "set",
        UpdateType::ItemRemove => "item_remove",
        UpdateType::ItemSet => "item_set",
        UpdateType::ItemReplace => "item_replace",
        UpdateType::ItemMerge => "item_merge",
        UpdateType::ArrayInsert => "array_insert",
        UpdateType::ArrayAppend => "array_append",
        UpdateType::MergePatch => "merge_patch",
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

    /// Nothing, if the list is empty.
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
    super::json_string::put_string(&mut w, text);
    w
}
