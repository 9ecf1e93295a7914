use std::time::Duration;

use bytes::Bytes;
use mynah_x::notice::{Frame, FrameType, GroupReplicationStateChanged, Scope, ServerHello};

/// A notice that an X Protocol client gets unasked, once in a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The delay between the end of the authentication and the notice.
    pub send_offset: Duration,
    /// Its scope.
    pub scope: NoticeScope,
    /// What it says.
    pub payload: NoticePayload,
}

/// What a [`Notice`] is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeScope {
    /// The session.
    #[default]
    Local,
    /// The server.
    Global,
}

/// What a [`Notice`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoticePayload {
    /// A group replication changed.
    GroupReplicationStateChanged {
        /// What changed, by its number in `GroupReplicationStateChanged.Type`.
        kind: u32,
        /// The view it changed to.
        view_id: Option<Bytes>,
    },
    /// A server that speaks the X Protocol is there.
    ServerHello,
}

impl NoticePayload {
    /// The `type` of a notice about group replication.
    pub const GROUP_REPLICATION_STATE_CHANGED: u32 = 4;
    /// The `type` of a notice that says hello.
    pub const SERVER_HELLO: u32 = 5;

    /// The `type` of a notice that says this.
    #[must_use]
    pub fn notice_type(&self) -> u32 {
        match self {
            Self::GroupReplicationStateChanged { .. } => Self::GROUP_REPLICATION_STATE_CHANGED,
            Self::ServerHello => Self::SERVER_HELLO,
        }
    }
}

impl From<&Notice> for Frame {
    fn from(notice: &Notice) -> Self {
        let mut frame = match &notice.payload {
            NoticePayload::GroupReplicationStateChanged { kind, view_id } => {
                let view_id = view_id.as_deref().map(String::from_utf8_lossy);
                let changed = GroupReplicationStateChanged {
                    r#type: *kind,
                    view_id: view_id.map(String::from),
                };
                Self::local(FrameType::GroupReplicationStateChanged, &changed)
            }
            NoticePayload::ServerHello => Self::local(FrameType::ServerHello, &ServerHello {}),
        };
        if notice.scope == NoticeScope::Global {
            frame.scope = Some(Scope::Global.into());
        }
        frame
    }
}
