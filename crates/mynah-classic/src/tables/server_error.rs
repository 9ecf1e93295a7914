use crate::response::SqlState;

/// An error a server can answer with: what stands behind the number in an
/// [`ErrPacket`](crate::response::ErrPacket).
///
/// Documentation page: Server Error Message Reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// Its number.
    pub code: u16,
    /// Its name, such as `ER_PARSE_ERROR`.
    pub name: &'static str,
    /// Its state of standard SQL; `HY000` where there is none for it.
    pub sql_state: SqlState,
}

pub(super) const fn error(code: u16, name: &'static str, sql_state: [u8; 5]) -> ServerError {
    ServerError {
        code,
        name,
        sql_state: SqlState(sql_state),
    }
}
