//! The messages of the command phase: the commands of a client. The first byte of each determines
//! which command it is.

mod binlog_dump;
mod binlog_dump_gtid;
mod bulk_execute;
mod bulk_parameters;
mod change_user;
mod code;
mod field_list;
mod fixed;
mod parameter;
mod parameter_types;
mod parameters;
mod query;
mod refresh;
mod register_slave;
mod shutdown;
mod simple;
mod stmt_execute;
mod stmt_send_long_data;
mod text;

use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

pub use binlog_dump::{BinlogDumpFlags, ComBinlogDump};
pub use binlog_dump_gtid::ComBinlogDumpGtid;
pub use bulk_execute::{BulkFlags, ComStmtBulkExecute};
pub use bulk_parameters::{BulkContext, BulkParameters, BulkValue};
pub use change_user::ComChangeUser;
pub use code::CommandCode;
pub use field_list::ComFieldList;
pub use fixed::{ComProcessKill, ComSetOption, ComStmtClose, ComStmtFetch, ComStmtReset};
pub use parameter::{Parameter, ParameterFlags, ParameterType, ParameterValue};
pub use parameter_types::ParameterTypes;
pub use parameters::{Parameters, ParametersContext};
pub use query::ComQuery;
pub use refresh::{ComRefresh, RefreshFlags};
pub use register_slave::ComRegisterSlave;
pub use shutdown::{ComShutdown, ShutdownLevel};
pub use simple::{
    ComClone, ComDebug, ComPing, ComProcessInfo, ComQuit, ComResetConnection, ComStatistics,
    ComSubscribeGroupReplicationStream,
};
pub use stmt_execute::{ComStmtExecute, CursorFlags};
pub use stmt_send_long_data::ComStmtSendLongData;
pub use text::{ComCreateDb, ComDropDb, ComInitDb, ComStmtPrepare};

use crate::Capabilities;

macro_rules! commands {
    ($($variant:ident($message:ident), $code:ident;)*) => {
        /// A command of the classic protocol.
        ///
        /// Documentation page: Command Phase.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum Command {
            $(
                #[doc = concat!("The command COM_", stringify!($code), ".")]
                $variant($message),
            )*
            /// A command for which `Command` has no other variant.
            Other {
                /// The command's code.
                code: CommandCode,
                /// The bytes after the code.
                #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
                payload: Bytes,
            },
        }

        impl Command {
            /// The code of the command: its first byte.
            #[must_use]
            pub fn code(&self) -> CommandCode {
                match self {
                    $(Self::$variant(_) => CommandCode::$code,)*
                    Self::Other { code, .. } => *code,
                }
            }
        }

        impl Message for Command {
            type Context = Capabilities;
            const NAME: &'static str = "command";

            fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
                let code = CommandCode(r.clone().u8("command")?);
                Ok(match code {
                    $(CommandCode::$code => {
                        Self::$variant($message::decode(r, Context::of(shared))?)
                    })*
                    code => {
                        r.skip("command", 1)?;
                        let payload = r.rest_string();
                        Self::Other { code, payload }
                    }
                })
            }

            fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
                match self {
                    $(Self::$variant(command) => command.encode(w, Context::of(shared)),)*
                    Self::Other { code, payload } => {
                        w.put_u8(code.0);
                        w.put_slice(payload);
                        Ok(())
                    }
                }
            }
        }
    };
}

commands! {
    Quit(ComQuit), QUIT;
    InitDb(ComInitDb), INIT_DB;
    Query(ComQuery), QUERY;
    FieldList(ComFieldList), FIELD_LIST;
    CreateDb(ComCreateDb), CREATE_DB;
    DropDb(ComDropDb), DROP_DB;
    Refresh(ComRefresh), REFRESH;
    Shutdown(ComShutdown), SHUTDOWN;
    Statistics(ComStatistics), STATISTICS;
    ProcessInfo(ComProcessInfo), PROCESS_INFO;
    ProcessKill(ComProcessKill), PROCESS_KILL;
    Debug(ComDebug), DEBUG;
    Ping(ComPing), PING;
    ChangeUser(ComChangeUser), CHANGE_USER;
    BinlogDump(ComBinlogDump), BINLOG_DUMP;
    RegisterSlave(ComRegisterSlave), REGISTER_SLAVE;
    StmtPrepare(ComStmtPrepare), STMT_PREPARE;
    StmtExecute(ComStmtExecute), STMT_EXECUTE;
    StmtSendLongData(ComStmtSendLongData), STMT_SEND_LONG_DATA;
    StmtClose(ComStmtClose), STMT_CLOSE;
    StmtReset(ComStmtReset), STMT_RESET;
    SetOption(ComSetOption), SET_OPTION;
    StmtFetch(ComStmtFetch), STMT_FETCH;
    BinlogDumpGtid(ComBinlogDumpGtid), BINLOG_DUMP_GTID;
    ResetConnection(ComResetConnection), RESET_CONNECTION;
    Clone(ComClone), CLONE;
    SubscribeGroupReplicationStream(ComSubscribeGroupReplicationStream),
        SUBSCRIBE_GROUP_REPLICATION_STREAM;
    StmtBulkExecute(ComStmtBulkExecute), STMT_BULK_EXECUTE;
}

/// The context that a command's message needs: all shared capabilities, or nothing.
trait Context {
    fn of(shared: Capabilities) -> Self;
}

impl Context for Capabilities {
    fn of(shared: Capabilities) -> Self {
        shared
    }
}

impl Context for () {
    fn of(_shared: Capabilities) {}
}
