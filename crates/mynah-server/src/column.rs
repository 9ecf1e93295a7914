use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::{ColumnFlags, ColumnType};

/// The definition of a column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Column {
    name: String,
    table: String,
    schema: String,
    column_type: ColumnType,
    flags: ColumnFlags,
    character_set: u16,
    length: u32,
    decimals: u8,
}

impl Column {
    /// A column of texts in utf8mb4, which clients see as a VARCHAR.
    pub fn text(name: impl Into<String>) -> Self {
        Self::new(name, ColumnType::VAR_STRING, UTF8MB4, 65_532)
    }

    /// A column of bytes, which clients see as a BLOB.
    pub fn blob(name: impl Into<String>) -> Self {
        Self::new(name, ColumnType::BLOB, BINARY, u32::MAX)
            .with_flags(ColumnFlags::BLOB | ColumnFlags::BINARY)
    }

    /// A column of whole numbers, which clients see as a BIGINT, signed unless a flag says otherwise.
    pub fn integer(name: impl Into<String>) -> Self {
        Self::new(name, ColumnType::LONGLONG, BINARY, 20)
    }

    /// A column of floating-point numbers, which clients see as a DOUBLE.
    pub fn double(name: impl Into<String>) -> Self {
        Self {
            decimals: NOT_FIXED,
            ..Self::new(name, ColumnType::DOUBLE, BINARY, 22)
        }
    }

    /// A column of any type, with length 0 and the binary collation in its definition. Its cells are given as
    /// texts, in the form in which the text protocol sends values of this type.
    pub fn of_type(name: impl Into<String>, column_type: ColumnType) -> Self {
        Self::new(name, column_type, BINARY, 0)
    }

    /// Sets the schema and the table that the column belongs to; by default both are empty.
    pub fn of_table(mut self, schema: impl Into<String>, table: impl Into<String>) -> Self {
        (self.schema, self.table) = (schema.into(), table.into());
        self
    }

    /// Adds flags to the column's definition, such as NOT_NULL.
    pub fn with_flags(mut self, flags: ColumnFlags) -> Self {
        self.flags |= flags;
        self
    }

    fn new(
        name: impl Into<String>,
        column_type: ColumnType,
        character_set: u16,
        length: u32,
    ) -> Self {
        Self {
            name: name.into(),
            table: String::new(),
            schema: String::new(),
            column_type,
            flags: ColumnFlags::empty(),
            character_set,
            length,
            decimals: 0,
        }
    }
}

impl From<Column> for ColumnDefinition41 {
    fn from(column: Column) -> Self {
        let [name, table, schema] = [&column.name, &column.table, &column.schema];
        Self {
            names: ColumnNames::new(&NameParts {
                catalog: b"def",
                schema: schema.as_bytes(),
                table: table.as_bytes(),
                org_table: table.as_bytes(),
                name: name.as_bytes(),
                org_name: name.as_bytes(),
            }),
            character_set: column.character_set,
            column_length: column.length,
            column_type: column.column_type,
            flags: column.flags,
            decimals: column.decimals,
            ..Self::default()
        }
    }
}

/// `utf8mb4_0900_ai_ci`.
const UTF8MB4: u16 = 255;

const BINARY: u16 = 63;

const NOT_FIXED: u8 = 0x1f;
