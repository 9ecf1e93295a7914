//! What a command is about, in words.

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{
    ComBinlogDump, ComBinlogDumpGtid, ComChangeUser, ComFieldList, ComProcessKill, ComQuery,
    ComSetOption, ComStmtFetch, CommandCode,
};
use mynah_session::observe::Asked;
use mynah_wire::Message;

/// The command's name, without `COM_`.
pub(crate) fn name(code: CommandCode) -> &'static str {
    let name = code.name().unwrap_or("COM_UNKNOWN");
    name.strip_prefix("COM_").unwrap_or(name)
}

/// Its statement, of prepared ones too, or what else it is about.
pub(crate) fn about(asked: &Asked, shared: Capabilities) -> Bytes {
    let payload = &asked.payload;
    if let Some(executed) = &asked.executed {
        return executed.text();
    }
    let rest = payload.slice(1.min(payload.len())..);
    match asked.code {
        CommandCode::QUERY if !shared.contains(Capabilities::QUERY_ATTRIBUTES) => rest,
        CommandCode::QUERY => ComQuery::from_payload(payload, shared).map_or(rest, |q| q.query),
        CommandCode::STMT_PREPARE
        | CommandCode::INIT_DB
        | CommandCode::CREATE_DB
        | CommandCode::DROP_DB => rest,
        CommandCode::FIELD_LIST => {
            ComFieldList::from_payload(payload, ()).map_or(rest, |list| list.table)
        }
        CommandCode::CHANGE_USER => {
            ComChangeUser::from_payload(payload, shared).map_or(Bytes::new(), |c| c.user)
        }
        CommandCode::PROCESS_KILL => ComProcessKill::from_payload(payload, ())
            .map_or(rest, |kill| kill.connection_id.to_string().into()),
        CommandCode::SET_OPTION => ComSetOption::from_payload(payload, ())
            .map_or(rest, |option| option.option_operation.to_string().into()),
        CommandCode::STMT_FETCH => ComStmtFetch::from_payload(payload, ())
            .map_or(rest, |fetch| fetch.num_rows.to_string().into()),
        CommandCode::BINLOG_DUMP => {
            ComBinlogDump::from_payload(payload, ()).map_or(rest, |dump| dump.binlog_filename)
        }
        CommandCode::BINLOG_DUMP_GTID => {
            ComBinlogDumpGtid::from_payload(payload, ()).map_or(rest, |dump| dump.binlog_filename)
        }
        _ => Bytes::new(),
    }
}
