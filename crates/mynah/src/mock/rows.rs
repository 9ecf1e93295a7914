use mynah_expect::Value;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{Response, SqlType};

/// The rows and columns of an answer; [`rows!`](crate::rows!) makes them.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Rows {
    columns: Vec<Json>,
    rows: Vec<Json>,
    problem: Option<String>,
}

impl Rows {
    /// Makes a row of each value, which must be a struct or a map. The columns are the values' fields, with types
    /// that fit the values of all rows. There must be at least one value, because the columns come from its fields.
    /// Otherwise mounting the mock panics or, if a function returned the rows, the client gets an error.
    pub fn from_serialize<T: Serialize>(rows: &[T]) -> Self {
        let rows: Result<Vec<_>, _> = rows.iter().map(serde_json::to_value).collect();
        let problem = match &rows {
            Err(error) => Some(error.to_string()),
            Ok(rows) if rows.is_empty() => Some(
                "Rows::from_serialize needs a row to have columns; for no rows, use rows![(\"name\" => VarString)]"
                    .to_owned(),
            ),
            Ok(rows) if !rows.iter().all(Json::is_object) => {
                Some("Rows::from_serialize needs structs or maps".to_owned())
            }
            Ok(_) => None,
        };
        Self {
            columns: Vec::new(),
            rows: rows.unwrap_or_default(),
            problem,
        }
    }

    /// Adds a column with this name and type.
    pub fn column(mut self, name: &str, sql_type: SqlType) -> Self {
        let column = json!({"name": name, "type": sql_type.name()});
        self.columns.push(column);
        self
    }

    /// Adds a row of these cells, one for each column that was added before; with another number of cells, mounting
    /// the mock panics or, if a function returned the rows, the client gets an error.
    pub fn row(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        let cells: Vec<_> = cells.into_iter().map(|cell| cell.0).collect();
        if cells.len() != self.columns.len() && self.problem.is_none() {
            let (row, columns) = (self.rows.len() + 1, self.columns.len());
            self.problem = Some(format!(
                "row {row} has {} cells, and there are {columns} columns",
                cells.len()
            ));
        }
        self.rows.push(cells.into());
        self
    }
}

impl From<Rows> for Response {
    fn from(rows: Rows) -> Self {
        let result = match rows.columns.is_empty() {
            true => json!({"rows": rows.rows}),
            false => json!({"columns": rows.columns, "rows": rows.rows}),
        };
        match rows.problem {
            Some(problem) => Self::wrong(problem),
            None => Self::json(json!({"result": result})),
        }
    }
}

/// The value of one column in a row of [`Rows`].
#[derive(Clone, Debug, PartialEq)]
pub struct Cell(Json);

impl Cell {
    /// The cell that is NULL.
    pub const NULL: Self = Self(Json::Null);
}

macro_rules! cell_from {
    ($($value:ty),*) => {
        $(impl From<$value> for Cell {
            fn from(value: $value) -> Self {
                Self(value.into())
            }
        })*
    };
}

cell_from!(
    &str, String, bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Json
);

impl From<&[u8]> for Cell {
    /// Bytes.
    fn from(bytes: &[u8]) -> Self {
        Self(Value::Bytes(bytes.to_vec()).to_json())
    }
}

impl<const N: usize> From<&[u8; N]> for Cell {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<Vec<u8>> for Cell {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    /// The value, or NULL.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::NULL, Into::into)
    }
}

/// Makes [`Rows`](crate::Rows): the columns with their types ([`SqlType`](crate::SqlType), or SQL's name of a type), then
/// the rows.
///
/// ```
/// use mynah::{Cell, rows};
///
/// let people = rows![("id" => LongLong, "name" => VarString, "level" => "ENUM('a', 'b')");
///     [1, "ada", "a"],
///     [2, "bert", Cell::NULL],
/// ];
/// let empty = rows![("name" => VarString)];
/// ```
#[macro_export]
macro_rules! rows {
    (($($name:expr => $type:tt),+ $(,)?) $(; $([$($cell:expr),* $(,)?]),* $(,)?)?) => {
        $crate::Rows::default()
            $(.column($name, $crate::sql_type!($type)))+
            $($(.row([$($crate::Cell::from($cell)),*]))*)?
    };
}

/// The type of a column in [`rows!`].
#[doc(hidden)]
#[macro_export]
macro_rules! sql_type {
    ($name:literal) => {
        $crate::SqlType::Named($name)
    };
    ($name:ident) => {
        $crate::SqlType::$name
    };
}
