//! What a server answers: OK, error, the end of rows, and what changed in the session.

mod eof;
mod err;
mod ok;
mod session_state;

pub use eof::EofPacket;
pub use err::{ErrPacket, SqlState};
pub use ok::{OkHeader, OkPacket};
pub use session_state::{SessionStateChange, SessionStateChanges};
