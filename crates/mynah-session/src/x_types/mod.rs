//! What a [`Handler`](crate::Handler) sees and says of the X Protocol. It is there without the protocol as well, so that
//! handlers are the same whichever protocols are built.

mod notice;
mod request;

pub use notice::{Notice, NoticePayload, NoticeScope};
pub use request::{Change, Projection, XRequest};
