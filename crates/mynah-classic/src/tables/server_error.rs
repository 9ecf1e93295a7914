use crate::response::SqlState;

/// An error that a server can answer with. An [`ErrPacket`](crate::response::ErrPacket) contains
/// its number.
///
/// Documentation page: Server Error Message Reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// The error number, such as 1064.
    pub code: u16,
    /// The error's name, such as `ER_PARSE_ERROR`.
    pub name: &'static str,
    /// The SQL state; `HY000` for errors without one of their own.
    pub sql_state: SqlState,
}

pub(super) const fn error(code: u16, name: &'static str, sql_state: [u8; 5]) -> ServerError {
    ServerError {
        code,
        name,
        sql_state: SqlState(sql_state),
    }
}
