//! Errors with the texts of MySQL's server: some clients compare them.

use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_x::plugin_error;
use mynah_x::{MessageError, MessageErrorKind};

use super::event::BadFrame;
use crate::{Failure, Login, SessionError};

pub(super) fn of(error: &SessionError) -> Failure {
    Failure::general(
        plugin_error::ER_X_SERVICE_ERROR,
        format!("Unknown error: {error}"),
    )
}

pub(super) fn bad_frame(bad: BadFrame) -> Failure {
    match bad {
        BadFrame::Empty => Failure::general(
            plugin_error::ER_X_BAD_MESSAGE,
            "Messages without payload are not supported",
        ),
        BadFrame::TooLarge => Failure::general(
            plugin_error::ER_X_BAD_MESSAGE,
            "Message is too large. If this is a client of the classic protocol, it is at the wrong \
             port: this one speaks the X Protocol",
        ),
    }
}

pub(super) fn unreadable(error: &MessageError) -> Failure {
    match error.kind {
        MessageErrorKind::UnknownType { .. } => invalid_message(),
        _ => Failure::general(
            plugin_error::ER_X_BAD_MESSAGE,
            "Parse error unserializing protobuf message",
        ),
    }
}

pub(super) fn invalid_message() -> Failure {
    Failure::general(plugin_error::ER_X_BAD_MESSAGE, "Invalid message")
}

pub(super) fn unexpected_message() -> Failure {
    Failure::general(
        error_code::ER_UNKNOWN_COM_ERROR,
        "Unexpected message received",
    )
}

pub(super) fn invalid_mechanism(name: &str) -> Failure {
    Failure::general(
        error_code::ER_NOT_SUPPORTED_AUTH_MODE,
        format!("Invalid authentication method {name}"),
    )
}

pub(super) fn access_denied(login: &Login, with_password: bool) -> Failure {
    let (user, host) = (String::from_utf8_lossy(&login.username), login.host());
    let password = if with_password { "YES" } else { "NO" };
    Failure::general(
        error_code::ER_ACCESS_DENIED_ERROR,
        format!("Access denied for user '{user}'@'{host}' (using password: {password})"),
    )
}

/// A client compresses that hasn't agreed on it, or hasn't logged in yet.
pub(super) fn compression_not_enabled() -> Failure {
    Failure::general(
        plugin_error::ER_X_FRAME_COMPRESSION_DISABLED,
        "Client didn't enable the compression.",
    )
}

pub(super) fn insecure_transport() -> Failure {
    Failure::general(
        error_code::ER_SECURE_TRANSPORT_REQUIRED,
        "Connections using insecure transport are prohibited while --require_secure_transport=ON.",
    )
}

pub(super) fn unknown_capability(name: &str) -> Failure {
    Failure::general(
        plugin_error::ER_X_CAPABILITY_NOT_FOUND,
        format!("Capability '{name}' doesn't exist"),
    )
}

pub(super) fn refused_capability(name: &str) -> Failure {
    Failure::general(
        plugin_error::ER_X_CAPABILITIES_PREPARE_FAILED,
        format!("Capability prepare failed for '{name}'"),
    )
}

pub(super) fn read_only_capability(name: &str) -> Failure {
    Failure::general(
        plugin_error::ER_X_CAPABILITIES_PREPARE_FAILED,
        format!("CapabilitiesSet not supported for the {name} capability"),
    )
}

pub(super) fn not_prepared(id: u32) -> Failure {
    Failure::general(
        plugin_error::ER_X_BAD_STATEMENT_ID,
        format!("Statement with ID={id} was not prepared"),
    )
}

pub(super) fn not_opened(id: u32) -> Failure {
    Failure::general(
        plugin_error::ER_X_BAD_CURSOR_ID,
        format!("Cursor with ID={id} was not opened."),
    )
}

pub(super) fn no_more_data(id: u32) -> Failure {
    Failure::general(
        plugin_error::ER_X_CURSOR_REACHED_EOF,
        format!("No more data in cursor (cursor id:{id})"),
    )
}

/// The client sends or asks for what this protocol hasn't got.
pub(super) fn not_in_x(what: &str) -> Failure {
    Failure {
        code: error_code::ER_NOT_SUPPORTED_YET,
        sql_state: SqlState(*b"42000"),
        message: format!("the X Protocol has no way to send {what}").into(),
    }
}
