use mynah_x::notice::{Frame, FrameType, GroupReplicationStateChanged, Scope, ServerHello};

use crate::{Notice, NoticePayload, NoticeScope};

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
