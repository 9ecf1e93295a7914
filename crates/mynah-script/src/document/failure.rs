use bytes::Bytes;
use mynah_classic::response::SqlState;
use mynah_session::Failure;

use super::{Document, Misfit, field, keys};

/// An `error`.
pub(super) fn failure<D: Document>(doc: &mut D, object: &D::Value) -> Result<Failure, D::Error> {
    if !doc.kind(object).is_object() {
        return Err(Misfit::ExpectObject.into());
    }
    let code = field::u16(doc, object, keys::CODE)?;
    let code = code.ok_or(Misfit::Missing(keys::CODE.name))?;
    let message = field::required_string(doc, object, keys::MESSAGE)?;
    let sql_state = match field::string(doc, object, keys::SQL_STATE)? {
        Some(state) => sql_state(&state)?,
        None => SqlState::GENERAL_ERROR,
    };
    Ok(Failure {
        code,
        sql_state,
        message,
    })
}

fn sql_state(state: &Bytes) -> Result<SqlState, Misfit> {
    if !state.is_ascii() {
        return Err(Misfit::not_ascii(keys::SQL_STATE.name, state));
    }
    match <[u8; SqlState::LEN]>::try_from(state.as_ref()) {
        Ok(state) => Ok(SqlState(state)),
        Err(_) => Err(Misfit::SqlState(state.len())),
    }
}
