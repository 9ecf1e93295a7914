use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{ComChangeUser, ComQuery, ComRegisterSlave, CommandCode};
use mynah_classic::connection::{HandshakeResponse, HandshakeResponse41};
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::classic::Part;
use mynah_session::observe::{Message, What};
use mynah_session::sql::{Secrets, Settings, mentions_password};
use mynah_wire::Message as _;

use super::columns::names_of;
use super::command::of_cut;
use super::{Mask, Rules};

/// What is known of the command that a message belongs to.
#[derive(Clone, Copy, Debug)]
pub(in crate::trace) struct Context<'a> {
    pub(in crate::trace) what: &'a What,
    pub(in crate::trace) shared: Capabilities,
    pub(in crate::trace) rules: Rules<'a>,
    /// Its secrets, and how long the statement is that they are of.
    pub(in crate::trace) secrets: &'a Secrets,
    pub(in crate::trace) len: usize,
    /// Whether a parameter is hidden for its content.
    pub(in crate::trace) hides_parameters: bool,
}

/// A message without what is secret in it: stars stand in its place, so that all else stands where
/// it stood.
pub(in crate::trace) fn masked(message: &Message, cx: Context<'_>) -> Bytes {
    let payload = &message.payload;
    let mut mask = Mask::of(payload);
    let is_secret = !cx.secrets.is_empty();
    match *cx.what {
        // All of it: a password in clear, or a response that could be attacked offline.
        What::AuthResponse => mask.hide_from(0),
        // A client that writes lengths in another way may have a password in the bytes that are left over.
        What::HandshakeResponse => match HandshakeResponse::from_payload_lenient(payload, ()) {
            Ok((HandshakeResponse::V41(HandshakeResponse41 { auth_response, .. }), rest)) => {
                mask.hide(&auth_response);
                mask.hide(&rest);
            }
            Ok((HandshakeResponse::V320(response), rest)) => {
                mask.hide(&response.auth_response);
                mask.hide(&rest);
            }
            _ => {}
        },
        // What can't be decoded may be anything. Outside of a command it may be a part of the login.
        What::Undecodable(_) if message.command.is_none() || is_secret => mask.hide_from(0),
        What::Command(CommandCode::CHANGE_USER) => {
            match ComChangeUser::from_payload_lenient(payload, cx.shared) {
                Ok((change, rest)) => {
                    mask.hide(&change.auth_response);
                    mask.hide(&rest);
                }
                Err(_) => mask.hide_from(1),
            }
        }
        What::Command(CommandCode::REGISTER_SLAVE) => {
            match ComRegisterSlave::from_payload_lenient(payload, ()) {
                Ok((slave, rest)) => {
                    mask.hide(&slave.slaves_password);
                    mask.hide(&rest);
                }
                Err(_) => mask.hide_from(1),
            }
        }
        What::Command(CommandCode::QUERY) => {
            let query = ComQuery::from_payload_lenient(payload, cx.shared);
            // Without a query that can be decoded, all behind the command's code is taken for a statement.
            let query = query.map_or_else(|_| rest_of(payload), |(query, _)| query.query);
            let attributes = payload
                .get(1..payload.len() - query.len())
                .unwrap_or_default();
            if cx.rules.match_text(attributes) || mentions_password(attributes) {
                mask.hide(attributes);
            }
            statement(&mut mask, &query, message, cx);
        }
        What::Command(CommandCode::STMT_PREPARE) => {
            statement(&mut mask, &rest_of(payload), message, cx);
        }
        What::Command(CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE)
            if is_secret || cx.hides_parameters =>
        {
            // Behind the code and the statement's number.
            mask.hide_from(5);
        }
        What::Command(CommandCode::STMT_SEND_LONG_DATA) if is_secret || cx.hides_parameters => {
            // Behind the code and the numbers of statement and parameter.
            mask.hide_from(7);
        }
        // Servers quote what they don't understand.
        What::Answer(Part::Err)
            if is_secret || cx.hides_parameters || cx.rules.match_text(payload) =>
        {
            // Behind the header, the error's number and its state.
            mask.hide_from(9);
        }
        What::Answer(Part::ColumnDefinition | Part::Parameter) => {
            match ColumnDefinition41::from_payload_lenient(payload, cx.shared) {
                Ok((column, _)) => {
                    let names = names_of(&column);
                    if names.hides_name(is_secret, cx.rules) {
                        mask.hide(names.name);
                    }
                }
                Err(_) if is_secret => mask.hide_from(0),
                Err(_) => {}
            }
        }
        What::File | What::Answer(Part::BinlogEvent)
            if is_secret || cx.rules.hide_value(payload) =>
        {
            mask.hide_from(0);
        }
        _ => {}
    }
    mask.masked()
}

fn rest_of(payload: &Bytes) -> Bytes {
    payload.slice(1.min(payload.len())..)
}

fn statement(mask: &mut Mask, sql: &Bytes, message: &Message, cx: Context<'_>) {
    let is_cut = (message.payload.len() as u64) < message.len;
    let again;
    // The secrets of the command were found in its whole text, and their ranges are places in it.
    let secrets = if sql.len() == cx.len && !is_cut {
        cx.secrets
    } else {
        // It was answered before all of it was there.
        let secrets = cx.rules.secrets(sql, &Settings::default());
        again = match is_cut && cx.rules.hides {
            true => of_cut(sql, &secrets),
            false => secrets,
        };
        &again
    };
    for range in &secrets.ranges {
        mask.hide(sql.get(range.clone()).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use mynah_session::observe::{Direction, MessageKind};

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
            payload: slave("secret").to_payload(()).unwrap(),
            len: 0,
            command: Some(1),
            kind: MessageKind::Classic {
                sequence_id: 0,
                what: What::Command(CommandCode::REGISTER_SLAVE),
                capabilities: Capabilities::empty(),
            },
        };
        let secrets = Secrets::default();
        let cx = Context {
            what: &What::Command(CommandCode::REGISTER_SLAVE),
            shared: Capabilities::empty(),
            rules: Rules {
                hides: true,
                own: &[],
            },
            secrets: &secrets,
            len: 0,
            hides_parameters: false,
        };
        let shown = masked(&message, cx);
        assert_eq!(shown, slave("******").to_payload(()).unwrap());
        message.payload = message.payload.slice(..12);
        let shown = masked(&message, cx);
        assert_eq!(shown[..], *b"\x15***********");
    }
}
