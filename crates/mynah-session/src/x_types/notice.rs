use std::time::Duration;

use bytes::Bytes;

/// A notice that the server sends to an X Protocol client on its own, once per connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The delay between the end of the authentication and the notice.
    pub send_offset: Duration,
    /// Whether the notice is about the client's session or about the whole server.
    pub scope: NoticeScope,
    /// The content of the notice.
    pub payload: NoticePayload,
}

/// What a [`Notice`] is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeScope {
    /// The notice is about the client's session.
    #[default]
    Local,
    /// The notice is about the whole server.
    Global,
}

/// The content of a [`Notice`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoticePayload {
    /// The state of a replication group has changed.
    GroupReplicationStateChanged {
        /// The number of the kind of change: one of `mynah_x`'s `GroupReplicationStateChangedType`, or any other.
        kind: u32,
        /// The id of the group's view (its set of members) after the change; `None` to send none.
        view_id: Option<Bytes>,
    },
    /// The server speaks the X Protocol; servers send this notice before anything else.
    ServerHello,
}

impl NoticePayload {
    /// The number of [`NoticePayload::GroupReplicationStateChanged`] in a frame's `type`.
    pub const GROUP_REPLICATION_STATE_CHANGED: u32 = 4;
    /// The number of [`NoticePayload::ServerHello`] in a frame's `type`.
    pub const SERVER_HELLO: u32 = 5;

    /// The number for a frame's `type`, as `Mysqlx.Notice.Frame` defines it.
    #[must_use]
    pub fn notice_type(&self) -> u32 {
        match self {
            Self::GroupReplicationStateChanged { .. } => Self::GROUP_REPLICATION_STATE_CHANGED,
            Self::ServerHello => Self::SERVER_HELLO,
        }
    }
}
