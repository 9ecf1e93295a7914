/// The type of a column. Clients see the column as MySQL 9.7 describes a column of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SqlType {
    /// TINYINT.
    Tiny,
    /// SMALLINT.
    Short,
    /// MEDIUMINT.
    Int24,
    /// INT.
    Long,
    /// BIGINT.
    LongLong,
    /// BIGINT UNSIGNED.
    UnsignedLongLong,
    /// FLOAT.
    Float,
    /// DOUBLE.
    Double,
    /// DECIMAL(65, 30).
    Decimal,
    /// DATE.
    Date,
    /// TIME(6).
    Time,
    /// DATETIME(6).
    DateTime,
    /// TIMESTAMP(6).
    Timestamp,
    /// YEAR.
    Year,
    /// VARCHAR(255).
    VarString,
    /// CHAR(255).
    String,
    /// LONGTEXT.
    Text,
    /// LONGBLOB.
    Blob,
    /// BIT(64).
    Bit,
    /// JSON.
    Json,
    /// Any other type, by SQL's name of it: `ENUM('a', 'b')`, `decimal(10, 2)`.
    Named(&'static str),
}

impl SqlType {
    /// The type's name in SQL, with its length if the type has one: `varchar(255)`; the text of
    /// [`Named`](Self::Named) as it is.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tiny => "TINYINT",
            Self::Short => "SMALLINT",
            Self::Int24 => "MEDIUMINT",
            Self::Long => "INT",
            Self::LongLong => "BIGINT",
            Self::UnsignedLongLong => "BIGINT UNSIGNED",
            Self::Float => "float",
            Self::Double => "double",
            Self::Decimal => "decimal(65, 30)",
            Self::Date => "date",
            Self::Time => "time(6)",
            Self::DateTime => "datetime(6)",
            Self::Timestamp => "timestamp(6)",
            Self::Year => "year",
            Self::VarString => "varchar(255)",
            Self::String => "char(255)",
            Self::Text => "longtext",
            Self::Blob => "longblob",
            Self::Bit => "bit(64)",
            Self::Json => "json",
            Self::Named(name) => name,
        }
    }
}
