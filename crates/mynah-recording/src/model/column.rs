use serde::{Deserialize, Serialize};

/// A column of a result, with all that the server said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, by the name of the protocol, or by number.
    #[serde(rename = "type")]
    pub column_type: String,
    /// Its catalog.
    #[serde(
        default = "default_catalog",
        skip_serializing_if = "is_default_catalog"
    )]
    pub catalog: String,
    /// Its schema.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub schema: String,
    /// Its table, by the alias.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub table: String,
    /// Its table.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub orig_table: String,
    /// Its name in the table.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub orig_name: String,
    /// Its collation.
    pub character_set: u16,
    /// The most bytes a cell has.
    pub length: u32,
    /// Column flags.
    pub flags: u16,
    /// Digits behind the point.
    pub decimals: u8,
    /// What MariaDB says of it besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended: Option<Extended>,
}

/// Extended metadata of MariaDB.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extended {
    /// The name of the data type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// The name of the format.
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
