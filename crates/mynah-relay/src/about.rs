//! Describes what a command of the classic protocol is about, in words.

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{
    ComBinlogDump, ComBinlogDumpGtid, ComChangeUser, ComFieldList, ComProcessKill, ComQuery,
    ComSetOption, ComStmtFetch, CommandCode,
};
use mynah_wire::Message;

/// The statement of a command of the classic protocol, or what else the command is about. `payload` has the command's
/// code, and at least the beginning of what follows. What a prepared statement says isn't known here.
pub(crate) fn about(code: CommandCode, payload: &Bytes, shared: Capabilities) -> Bytes {
    let rest = payload.slice(1.min(payload.len())..);
    match code {
        CommandCode::QUERY if !shared.contains(Capabilities::QUERY_ATTRIBUTES) => rest,
        CommandCode::QUERY => read(payload, shared, rest, |query: ComQuery| query.query),
        CommandCode::STMT_PREPARE
        | CommandCode::INIT_DB
        | CommandCode::CREATE_DB
        | CommandCode::DROP_DB => rest,
        CommandCode::FIELD_LIST => read(payload, (), rest, |list: ComFieldList| list.table),
        CommandCode::CHANGE_USER => read(payload, shared, Bytes::new(), |change: ComChangeUser| {
            change.user
        }),
        CommandCode::PROCESS_KILL => read(payload, (), rest, |kill: ComProcessKill| {
            kill.connection_id.to_string().into()
        }),
        CommandCode::SET_OPTION => read(payload, (), rest, |option: ComSetOption| {
            option.option_operation.to_string().into()
        }),
        CommandCode::STMT_FETCH => read(payload, (), rest, |fetch: ComStmtFetch| {
            fetch.num_rows.to_string().into()
        }),
        CommandCode::BINLOG_DUMP => read(payload, (), rest, |dump: ComBinlogDump| {
            dump.binlog_filename
        }),
        CommandCode::BINLOG_DUMP_GTID => read(payload, (), rest, |dump: ComBinlogDumpGtid| {
            dump.binlog_filename
        }),
        _ => Bytes::new(),
    }
}

/// The description of a command, or `otherwise` if its message can't be decoded.
fn read<M: Message>(
    payload: &Bytes,
    cx: M::Context,
    otherwise: Bytes,
    about: impl FnOnce(M) -> Bytes,
) -> Bytes {
    match M::from_payload_lenient(payload, cx) {
        Ok((command, _rest)) => about(command),
        Err(_) => otherwise,
    }
}
