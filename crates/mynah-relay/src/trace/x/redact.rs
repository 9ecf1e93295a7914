use bytes::{Bytes, BytesMut};
use mynah_session::observe::Direction;
use mynah_session::observe::x::Message;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, Frame};

use crate::trace::secrets::Secrets;

/// A message with stars for what is secret in it.
pub(super) fn masked(message: &Message) -> Bytes {
    let payload = &message.payload;
    let stars = |part: &Bytes| {
        let start = (part.as_ptr() as usize).saturating_sub(payload.as_ptr() as usize);
        let mut masked = BytesMut::from(&payload[..]);
        masked
            .get_mut(start..start + part.len())
            .unwrap_or_default()
            .fill(b'*');
        masked.freeze()
    };
    if message.direction == Direction::Server {
        return payload.clone();
    }
    let frame = Frame {
        message_type: message.message_type,
        payload: payload.clone(),
    };
    match ClientMessage::from_frame(&frame) {
        Ok(ClientMessage::AuthenticateStart(start)) => match start.auth_data {
            Some(data) => stars(&data),
            None => payload.clone(),
        },
        Ok(ClientMessage::AuthenticateContinue(more)) => stars(&more.auth_data),
        Ok(ClientMessage::StmtExecute(statement)) => secret_statement(payload, &statement, stars),
        Ok(ClientMessage::Prepare(prepare)) => match prepare.stmt.stmt_execute {
            Some(statement) => secret_statement(payload, &statement, stars),
            None => payload.clone(),
        },
        _ => payload.clone(),
    }
}

/// A statement about a password is shown up to its first word.
fn secret_statement(
    payload: &Bytes,
    statement: &StmtExecute,
    stars: impl Fn(&Bytes) -> Bytes,
) -> Bytes {
    if Secrets::of(&statement.stmt).is_empty() {
        return payload.clone();
    }
    if statement.args.is_empty() {
        return stars(&statement.stmt);
    }
    // Its arguments are somewhere in it.
    stars(payload)
}
