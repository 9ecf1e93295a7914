//! The fields of the classic protocol's messages.

use bytes::Bytes;
use mynah_classic::command::{
    BinlogDumpFlags, BulkFlags, ComBinlogDump, ComBinlogDumpGtid, ComChangeUser, ComClone,
    ComCreateDb, ComDebug, ComDropDb, ComFieldList, ComInitDb, ComPing, ComProcessInfo,
    ComProcessKill, ComQuery, ComQuit, ComRefresh, ComRegisterSlave, ComResetConnection,
    ComSetOption, ComShutdown, ComStatistics, ComStmtBulkExecute, ComStmtClose, ComStmtExecute,
    ComStmtFetch, ComStmtPrepare, ComStmtReset, ComStmtSendLongData,
    ComSubscribeGroupReplicationStream, Command, CommandCode, CursorFlags, Parameter,
    ParameterFlags, Parameters, RefreshFlags, ShutdownLevel,
};
use mynah_classic::connection::{
    AuthMoreData, AuthNextFactor, AuthSwitchRequest, ConnectAttributes, HandshakeResponse41,
    HandshakeResponse320, HandshakeV9, HandshakeV10, SslRequest,
};
use mynah_classic::response::{
    EofPacket, ErrPacket, LocalInfileRequest, OkHeader, OkPacket, ProgressReport,
    SessionStateChange, SessionStateChanges, SqlState, StatisticsResponse, StmtPrepareOk,
};
use mynah_classic::resultset::{
    ColumnCount, ColumnDefinition41, ExtendedMetadata, FieldListColumn, MetadataFollows,
};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType, StatusFlags};

use super::{Field, FieldWriter, field, fields, list};
use crate::trace::shown::Shown;
use crate::trace::values;

fields! {
    HandshakeV9 { server_version, thread_id, scramble }
    HandshakeV10 {
        server_version, thread_id, auth_plugin_data, capabilities, character_set, status_flags,
        auth_plugin_name,
    }
    SslRequest { capabilities, max_packet_size, character_set }
    HandshakeResponse41 {
        capabilities, max_packet_size, character_set, username, auth_response, database,
        client_plugin_name, attributes, zstd_compression_level,
    }
    HandshakeResponse320 { capabilities, max_packet_size, username, auth_response, database }
    AuthSwitchRequest { plugin_name, plugin_provided_data }
    AuthNextFactor { plugin_name, plugin_provided_data }
    AuthMoreData { authentication_method_data }

    OkPacket {
        header, affected_rows, last_insert_id, status_flags, warnings, info, session_state_changes,
    }
    EofPacket { warnings, status_flags }
    ErrPacket { error_code, sql_state, error_message }
    ProgressReport { stage, max_stage, progress, progress_info }
    LocalInfileRequest { filename }
    StatisticsResponse { statistics }
    StmtPrepareOk { statement_id, num_columns, num_params, warning_count, metadata_follows }
    ColumnCount { column_count, metadata_follows }

    ComQuit {}
    ComInitDb { schema_name }
    ComQuery { attributes, query }
    ComFieldList { table, wildcard }
    ComCreateDb { schema_name }
    ComDropDb { schema_name }
    ComRefresh { sub_command }
    ComShutdown { shutdown_level }
    ComStatistics {}
    ComProcessInfo {}
    ComProcessKill { connection_id }
    ComDebug {}
    ComPing {}
    ComChangeUser { user, auth_response, schema_name, character_set, auth_plugin_name, attributes }
    ComBinlogDump { binlog_pos, flags, server_id, binlog_filename }
    ComBinlogDumpGtid { flags, server_id, binlog_filename, binlog_pos, data }
    ComRegisterSlave {
        server_id, slaves_hostname, slaves_user, slaves_password, slaves_mysql_port,
        replication_rank, master_id,
    }
    ComStmtPrepare { query }
    ComStmtExecute { statement_id, flags, iteration_count, parameters }
    ComStmtSendLongData { statement_id, param_id, data }
    ComStmtClose { statement_id }
    ComStmtReset { statement_id }
    ComSetOption { option_operation }
    ComStmtFetch { statement_id, num_rows }
    ComResetConnection {}
    ComClone {}
    ComSubscribeGroupReplicationStream {}
    ComStmtBulkExecute { statement_id, flags, parameters }
}

macro_rules! commands {
    ($($variant:ident)*) => {
        impl Field for Command {
            fn write_to(&self, to: &mut dyn FieldWriter) {
                match self {
                    $(Self::$variant(command) => command.write_to(to),)*
                    Self::Other { code, payload } => {
                        to.begin_object();
                        field(to, "command", &code.0);
                        field(to, "payload", payload);
                        to.end_object();
                    }
                }
            }
        }
    };
}

commands! {
    Quit InitDb Query FieldList CreateDb DropDb Refresh Shutdown Statistics ProcessInfo ProcessKill
    Debug Ping ChangeUser BinlogDump RegisterSlave StmtPrepare StmtExecute StmtSendLongData
    StmtClose StmtReset SetOption StmtFetch BinlogDumpGtid ResetConnection Clone
    SubscribeGroupReplicationStream StmtBulkExecute
}

/// A command's name, as the documentation spells it.
pub(in crate::trace) fn command_name(code: CommandCode) -> &'static str {
    code.name().unwrap_or("COM_UNKNOWN")
}

impl Field for ColumnDefinition41 {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        to.begin_object();
        column(self, to);
        to.end_object();
    }
}

impl Field for FieldListColumn<ColumnDefinition41> {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        to.begin_object();
        column(&self.definition, to);
        field(to, "default_values", &self.default_values);
        to.end_object();
    }
}

fn column(column: &ColumnDefinition41, to: &mut dyn FieldWriter) {
    let ColumnDefinition41 {
        names,
        extended_metadata,
        character_set,
        column_length,
        column_type,
        flags,
        decimals,
    } = column;
    let names = names.parts();
    field(to, "catalog", &names.catalog);
    field(to, "schema", &names.schema);
    field(to, "table", &names.table);
    field(to, "org_table", &names.org_table);
    field(to, "name", &names.name);
    field(to, "org_name", &names.org_name);
    field(to, "extended_metadata", extended_metadata);
    field(to, "character_set", character_set);
    field(to, "column_length", column_length);
    field(to, "column_type", column_type);
    field(to, "flags", flags);
    field(to, "decimals", decimals);
}

/// The entries of a list that is kept as bytes; the bytes, if they can't be decoded.
fn entries<T: Field, E>(
    to: &mut dyn FieldWriter,
    entries: impl Iterator<Item = Result<T, E>>,
    bytes: &Bytes,
) {
    match entries.collect::<Result<Vec<_>, _>>() {
        Ok(entries) => list(to, &entries),
        Err(_) => to.bytes(bytes),
    }
}

impl Field for ConnectAttributes {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        let Ok(attributes) = self.iter().collect::<Result<Vec<_>, _>>() else {
            return to.bytes(self.as_bytes());
        };
        to.begin_object();
        for (name, value) in attributes {
            to.key(&name);
            to.bytes(&value);
        }
        to.end_object();
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Field for SessionStateChanges {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        entries(to, self.iter(), self.as_bytes());
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Field for SessionStateChange {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        to.begin_object();
        to.key(b"type");
        match self {
            Self::SystemVariable { name, value } => {
                to.name(&"SESSION_TRACK_SYSTEM_VARIABLES");
                field(to, "name", name);
                field(to, "value", value);
            }
            Self::Schema(schema) => {
                to.name(&"SESSION_TRACK_SCHEMA");
                field(to, "name", schema);
            }
            Self::StateChange(changed) => {
                to.name(&"SESSION_TRACK_STATE_CHANGE");
                field(to, "is_tracked", changed);
            }
            Self::Gtids { encoding, gtids } => {
                to.name(&"SESSION_TRACK_GTIDS");
                field(to, "encoding", encoding);
                field(to, "gtids", gtids);
            }
            Self::TransactionCharacteristics(statements) => {
                to.name(&"SESSION_TRACK_TRANSACTION_CHARACTERISTICS");
                field(to, "characteristics", statements);
            }
            Self::TransactionState(state) => {
                to.name(&"SESSION_TRACK_TRANSACTION_STATE");
                field(to, "state", state);
            }
            Self::Unknown { kind, data } => {
                kind.write_to(to);
                field(to, "data", data);
            }
            change => {
                // The type, the length, and the content.
                let bytes = SessionStateChanges::new([change]);
                let kind = bytes.as_bytes().first().copied();
                kind.unwrap_or_default().write_to(to);
                field(to, "data", bytes.as_bytes());
            }
        }
        to.end_object();
    }
}

impl Field for ExtendedMetadata {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        let read = self.iter().map(|entry| entry.map(MetadataEntry));
        entries(to, read, self.as_bytes());
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

struct MetadataEntry((u8, Bytes));

impl Field for MetadataEntry {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        let Self((kind, value)) = self;
        to.begin_object();
        to.key(b"type");
        match *kind {
            ExtendedMetadata::TYPE => to.name(&"TYPE"),
            ExtendedMetadata::FORMAT => to.name(&"FORMAT"),
            kind => kind.write_to(to),
        }
        field(to, "value", value);
        to.end_object();
    }
}

impl Field for Parameters {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        entries(to, self.iter(), self.values());
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Field for Parameter {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        let parameter_type = &self.parameter_type;
        to.begin_object();
        field(to, "name", &parameter_type.name);
        field(to, "type", &parameter_type.column_type);
        field(to, "flags", &parameter_type.flags);
        to.key(b"value");
        match values::parameter(self) {
            Shown::Null => to.null(),
            Shown::Number(text) | Shown::Plain(text) => to.bytes(text.as_bytes()),
            Shown::Bytes(bytes) | Shown::Foreign(bytes, _) => to.bytes(&bytes),
            Shown::Keyword(word) => to.name(&word),
            Shown::LongData => to.name(&"long_data"),
            Shown::Hidden => to.name(&"hidden"),
        }
        to.end_object();
    }
}

impl Field for SqlState {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        to.bytes(&self.0);
    }
}

impl Field for OkHeader {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        to.name(match self {
            Self::Ok => &"OK",
            Self::Eof => &"EOF",
        });
    }
}

impl Field for MetadataFollows {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        match *self {
            Self::NONE => to.name(&"NONE"),
            Self::FULL => to.name(&"FULL"),
            Self(other) => to.number(&other),
        }
    }
}

macro_rules! numbers_with_names {
    ($($type:ty)*) => {$(
        impl Field for $type {
            fn write_to(&self, to: &mut dyn FieldWriter) {
                match self.name() {
                    Some(name) => to.name(&name),
                    None => to.number(&self.0),
                }
            }
        }
    )*};
}

numbers_with_names! { ColumnType ShutdownLevel }

macro_rules! flags {
    ($($type:ty)*) => {$(
        impl Field for $type {
            fn write_to(&self, to: &mut dyn FieldWriter) {
                let mut names = self.iter_names();
                let mut words: Vec<String> =
                    names.by_ref().map(|(name, _)| name.to_owned()).collect();
                let rest = names.remaining().bits();
                if rest != 0 || words.is_empty() {
                    words.push(format!("{rest:#x}"));
                }
                to.flags(self.bits().into(), &words.join(" | "));
            }
        }
    )*};
}

flags! {
    Capabilities StatusFlags ColumnFlags RefreshFlags BinlogDumpFlags CursorFlags BulkFlags
    ParameterFlags
}
