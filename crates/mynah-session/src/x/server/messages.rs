//! Messages of a client that has logged in.

use bytes::{Bytes, BytesMut};
use mynah_x::connection::Compression;
use mynah_x::plugin_error;
use mynah_x::{ClientMessage, ClientMessageType, Frame};

use super::core::Core;
use super::logged_in::LoggedIn;
use super::waiting::{Asked, Next, Style};
use super::{commands, cursor, failures, prepared};
use crate::x::param::params;
use crate::x::render::Render;
use crate::{Failure, SessionError, Statement};

/// Takes a message.
pub(super) fn message(
    session: &mut LoggedIn,
    core: &mut Core,
    frame: &Frame,
) -> Result<Next, SessionError> {
    if frame.message_type == ClientMessageType::COMPRESSION.0 {
        return unpack(session, core, frame);
    }
    // What is prepared is kept, and must not keep the memory of what was read with it.
    let kept = (frame.message_type == ClientMessageType::PREPARE_PREPARE.0).then(|| Frame {
        message_type: frame.message_type,
        payload: Bytes::copy_from_slice(&frame.payload),
    });
    let message = match ClientMessage::from_frame(kept.as_ref().unwrap_or(frame)) {
        Ok(message) => message,
        Err(error) => {
            let failure = failures::unreadable(&error);
            // As on a server: an unknown type gets an error, and the session continues.
            if failure == failures::invalid_message() {
                return session.fail(core, &failures::unexpected_message());
            }
            return end(core, failure);
        }
    };
    // Blocks of expectations, and the end of the connection, are handled even inside a block that has failed.
    match message {
        ClientMessage::ExpectOpen(open) => {
            let opened = session.expectations.open(&open);
            return session.done(core, opened);
        }
        ClientMessage::ExpectClose(_) => {
            let closed = session.expectations.close();
            return session.done(core, closed);
        }
        ClientMessage::ConnectionClose(close) => {
            core.bye(close);
            return Ok(Next::Closed);
        }
        _ => {}
    }
    // Inside a block that has failed, each message gets the block's error and isn't carried out.
    if let Some(failure) = session.expectations.failed().cloned() {
        return session.fail(core, &failure);
    }
    let asked = match message {
        ClientMessage::StmtExecute(execute) => {
            let compact = execute.compact_metadata.unwrap_or_default();
            match execute.namespace_or_default() {
                "sql" => params(&execute.args).map(|params| {
                    let statement = Statement {
                        params,
                        ..Statement::query(execute.stmt.clone())
                    };
                    (statement, Style::Sql, compact)
                }),
                "mysqlx" => return commands::ask(session, core, execute),
                other => Err(Failure::general(
                    plugin_error::ER_X_INVALID_NAMESPACE,
                    format!("Unknown namespace {other}"),
                )),
            }
        }
        ClientMessage::Find(find) => Render::now(&find.args)
            .find(&find)
            .map(|statement| (statement, Style::Find, false)),
        ClientMessage::Insert(insert) => {
            let inserted =
                Render::now(&insert.args).insert(&insert, &mut || Some(core.document_id()));
            inserted.map(|(statement, ids)| (statement, Style::insert(&insert, ids), false))
        }
        ClientMessage::Update(update) => Render::now(&update.args)
            .update(&update)
            .map(|statement| (statement, Style::Change, false)),
        ClientMessage::Delete(delete) => Render::now(&delete.args)
            .delete(&delete)
            .map(|statement| (statement, Style::Change, false)),
        ClientMessage::CreateView(view) => Render::now(&[])
            .create_view(&view)
            .map(|statement| (statement, Style::View, false)),
        ClientMessage::ModifyView(view) => Render::now(&[])
            .modify_view(&view)
            .map(|statement| (statement, Style::View, false)),
        ClientMessage::DropView(view) => Render::now(&[])
            .drop_view(&view)
            .map(|statement| (statement, Style::View, false)),
        ClientMessage::Prepare(prepare) => return prepared::prepare(session, core, prepare),
        ClientMessage::Execute(execute) => return prepared::execute(session, core, &execute),
        ClientMessage::Deallocate(statement) => {
            return prepared::deallocate(session, core, statement.stmt_id);
        }
        ClientMessage::CursorOpen(open) => return cursor::open(session, core, &open),
        ClientMessage::CursorFetch(fetch) => return cursor::fetch(session, core, fetch),
        ClientMessage::CursorClose(close) => return cursor::close(session, core, close.cursor_id),
        ClientMessage::Reset(reset) if reset.keep_open == Some(true) => {
            session.reset(core);
            return session.done(core, Ok(()));
        }
        ClientMessage::Reset(_) | ClientMessage::SessionClose(_) => {
            return Ok(leave(session, core));
        }
        _ => Err(failures::unexpected_message()),
    };
    match asked {
        Ok((statement, style, compact)) => {
            let asked = Asked::new(style, compact);
            Ok(prepared::ask(session, core, statement, asked))
        }
        Err(failure) => session.fail(core, &failure),
    }
}

/// Takes the next of the messages that came in one.
pub(super) fn next_unpacked(session: &mut LoggedIn, core: &mut Core) -> Result<Next, SessionError> {
    let limit = core.options.max_allowed_packet;
    let frame = Frame::take(&mut session.unpacked, limit);
    if session.unpacked.is_empty() {
        // An empty buffer would keep the memory of all that was in it.
        session.unpacked = BytesMut::new();
    }
    match frame {
        Ok(Some(frame)) => message(session, core, &frame),
        Ok(None) | Err(_) => end(core, bad_compression()),
    }
}

/// Unpacks a compressed message and handles the messages in it.
fn unpack(session: &mut LoggedIn, core: &mut Core, frame: &Frame) -> Result<Next, SessionError> {
    let Some(decompressor) = &mut core.decompressor else {
        return end(core, failures::compression_not_enabled());
    };
    // Compressed messages can't be nested: the messages of the one before aren't handled yet.
    if !session.unpacked.is_empty() {
        return end(core, bad_compression());
    }
    let Ok(message) = Compression::from_payload_to_end(&frame.payload) else {
        return end(core, bad_compression());
    };
    match decompressor.frames(&message, core.options.max_allowed_packet) {
        Ok(frames) => session.unpacked = frames.into(),
        Err(_) => {
            return end(
                core,
                Failure::general(
                    plugin_error::ER_X_DECOMPRESSION_FAILED,
                    "Payload decompression failed",
                ),
            );
        }
    }
    Next::message(core)
}

/// The client ends its session but keeps the connection; it has to log in again.
fn leave(session: &mut LoggedIn, core: &mut Core) -> Next {
    let mut entering = session.forget(core);
    core.outgoing.ok(None);
    core.set_logged_in(false);
    // A later login on this connection starts neither notices nor compression again.
    entering.again = true;
    entering.refused = 0;
    Next::LogIn(Box::new(entering))
}

fn end(core: &mut Core, failure: Failure) -> Result<Next, SessionError> {
    core.end(failure)?;
    Ok(Next::Closed)
}

fn bad_compression() -> Failure {
    Failure::general(
        plugin_error::ER_X_BAD_COMPRESSED_FRAME,
        "Invalid compressed frame.",
    )
}
