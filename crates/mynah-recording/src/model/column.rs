use serde::{Deserialize, Serialize};

/// The definition of a result's column, in the form of the classic protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The column's name in the result.
    pub name: String,
    /// The column's type: the protocol's name, such as `LONGLONG`, or the number of a type without a name.
    #[serde(rename = "type")]
    pub column_type: String,
    /// The catalog of the column, which servers send as `def`.
    #[serde(
        default = "default_catalog",
        skip_serializing_if = "is_default_catalog"
    )]
    pub catalog: String,
    /// The schema of the column's table; empty if the column is an expression.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub schema: String,
    /// The alias of the column's table, or the table's name if it has no alias.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub table: String,
    /// The name of the column's table in its schema.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub orig_table: String,
    /// The column's name in its table; empty if the column is an expression.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub orig_name: String,
    /// The id of the column's collation; 63 for binary.
    pub character_set: u16,
    /// The greatest length of a value: in bytes for strings, in characters of its text for other types.
    pub length: u32,
    /// The flags of the column, such as NOT_NULL, as a number.
    pub flags: u16,
    /// The number of digits after the decimal point; 31 if it varies.
    pub decimals: u8,
    /// MariaDB's extended metadata of the column; `None` if the server sent none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended: Option<Extended>,
}

/// Extended metadata of a column, which only MariaDB sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extended {
    /// The name of the column's data type, such as `inet6`; `None` if the server sent none.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// The name of the values' format, such as `json`; `None` if the server sent none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

fn default_catalog() -> String {
    DEFAULT_CATALOG.to_owned()
}

fn is_default_catalog(catalog: &str) -> bool {
    catalog == DEFAULT_CATALOG
}

const DEFAULT_CATALOG: &str = "def";
