use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::command::{ComChangeUser, ComQuery, ComRegisterSlave, CommandCode};
use mynah_classic::connection::{HandshakeResponse, HandshakeResponse41};
use mynah_session::classic::Part;
use mynah_session::observe::{Message, What};
use mynah_wire::Message as _;

use super::secrets::Secrets;

/// A message without what is secret in it: stars stand in its place, so that all else stands where
/// it stood. `secret` says whether its command is about a password.
pub(super) fn masked(message: &Message, shared: Capabilities, secret: bool) -> Bytes {
    let payload = &message.payload;
    match message.what {
        What::AuthResponse => stars(payload, 0..payload.len()),
        // A client that counts otherwise may have a password in what is left over.
        What::HandshakeResponse => match HandshakeResponse::from_payload_lenient(payload, ()) {
            Ok((HandshakeResponse::V41(HandshakeResponse41 { auth_response, .. }), rest)) => {
                parts(payload, [&auth_response, &rest])
            }
            Ok((HandshakeResponse::V320(response), rest)) => {
                parts(payload, [&response.auth_response, &rest])
            }
            _ => payload.clone(),
        },
        What::Undecodable(_) if message.command.is_none() => stars(payload, 0..payload.len()),
        What::Command(CommandCode::CHANGE_USER) => {
            match ComChangeUser::from_payload_lenient(payload, shared) {
                Ok((change, rest)) => parts(payload, [&change.auth_response, &rest]),
                Err(_) => stars(payload, 1..payload.len()),
            }
        }
        What::Command(CommandCode::REGISTER_SLAVE) => {
            match ComRegisterSlave::from_payload_lenient(payload, ()) {
                Ok((slave, rest)) => parts(payload, [&slave.slaves_password, &rest]),
                Err(_) => stars(payload, 1..payload.len()),
            }
        }
        What::Command(CommandCode::QUERY) => {
            let query = ComQuery::from_payload(payload, shared);
            let query = query.map_or_else(|_| payload.slice(1.min(payload.len())..), |q| q.query);
            statement(payload, &query)
        }
        What::Command(CommandCode::STMT_PREPARE) => {
            statement(payload, &payload.slice(1.min(payload.len())..))
        }
        What::Command(CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE) if secret => {
            stars(payload, 5..payload.len())
        }
        What::Command(CommandCode::STMT_SEND_LONG_DATA) if secret => {
            stars(payload, 7..payload.len())
        }
        // Servers quote what they don't understand.
        What::Answer(Part::Err) if secret => stars(payload, 9..payload.len()),
        _ => payload.clone(),
    }
}

/// Whether a command is about a password: its text, or the one of its prepared statement.
pub(super) fn is_secret(text: &[u8]) -> bool {
    !Secrets::of(text).is_empty()
}

fn statement(payload: &Bytes, sql: &Bytes) -> Bytes {
    let secrets = Secrets::of(sql);
    if secrets.ranges.is_empty() {
        return payload.clone();
    }
    let start = payload.len() - sql.len();
    let mut masked = BytesMut::from(&payload[..]);
    for range in secrets.ranges {
        let place = masked.get_mut(start + range.start..start + range.end);
        place.unwrap_or_default().fill(b'*');
    }
    masked.freeze()
}

/// Slices of the payload, which share its memory.
fn parts(payload: &Bytes, parts: [&Bytes; 2]) -> Bytes {
    parts.into_iter().fold(payload.clone(), |masked, part| {
        let start = (part.as_ptr() as usize).saturating_sub(payload.as_ptr() as usize);
        stars(&masked, start..start + part.len())
    })
}

fn stars(payload: &Bytes, range: std::ops::Range<usize>) -> Bytes {
    let mut masked = BytesMut::from(&payload[..]);
    if range.start < range.end {
        masked.get_mut(range).unwrap_or_default().fill(b'*');
    }
    masked.freeze()
}

#[cfg(test)]
mod tests {
    use mynah_session::observe::Direction;

    use super::*;

    #[test]
    fn a_replicas_password_is_hidden_and_all_else_stands_where_it_stood() {
        let slave = |password: &'static str| ComRegisterSlave {
            server_id: 1,
            slaves_hostname: "replica".into(),
            slaves_user: "repl".into(),
            slaves_password: password.into(),
            slaves_mysql_port: 3306,
            replication_rank: 0,
            master_id: 0,
        };
        let mut message = Message {
            direction: Direction::Client,
            sequence_id: 0,
            payload: slave("secret").to_payload(()).unwrap(),
            len: 0,
            what: What::Command(CommandCode::REGISTER_SLAVE),
            command: Some(1),
        };
        let shown = masked(&message, Capabilities::empty(), false);
        assert_eq!(shown, slave("******").to_payload(()).unwrap());
        message.payload = message.payload.slice(..12);
        let shown = masked(&message, Capabilities::empty(), false);
        assert_eq!(shown[..], *b"\x15***********");
    }
}
