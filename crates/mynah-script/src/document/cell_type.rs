use mynah_classic::ColumnType;

/// The column that a cell is of, as far as it decides what the cell's value becomes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CellType {
    pub(crate) column_type: ColumnType,
    /// The digits of a fraction; nothing if neither the column nor its type says.
    pub(crate) decimals: Option<u8>,
    /// In bytes, of a BIT column.
    pub(crate) bit_len: usize,
}

impl CellType {
    /// A place that takes any value: a parameter, an event.
    pub(crate) const ANY: Self = Self {
        column_type: ColumnType::VAR_STRING,
        decimals: None,
        bit_len: 0,
    };

    pub(crate) fn new(column_type: ColumnType, decimals: Option<u8>, column_length: u32) -> Self {
        Self {
            column_type,
            decimals,
            bit_len: (column_length.min(64) as usize).div_ceil(8),
        }
    }
}
