//! Answers of a server other than result sets: OK, errors, the end of rows, changes of session
//! state, and others; and the data that a client sends for LOCAL INFILE.

mod binlog_event;
mod eof;
mod err;
mod kind;
mod local_infile;
mod ok;
mod prepare_ok;
mod progress_report;
mod session_state;
mod statistics;

pub use binlog_event::BinlogEvent;
pub use eof::EofPacket;
pub use err::{ErrPacket, SqlState};
pub use kind::{ResponseKind, ResponsePlace};
pub use local_infile::{LocalInfileData, LocalInfileRequest};
pub use ok::{OkHeader, OkPacket};
pub use prepare_ok::StmtPrepareOk;
pub use progress_report::ProgressReport;
pub use session_state::{SessionStateChange, SessionStateChanges};
pub use statistics::StatisticsResponse;
