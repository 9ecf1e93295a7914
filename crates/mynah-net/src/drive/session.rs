use bytes::BytesMut;
use mynah_session::{Failure, Farewell, Login, SessionState, classic, x};

/// The parts of a session that driving it needs, whatever its protocol.
pub(super) trait Session {
    fn output(&mut self) -> &mut BytesMut;
    fn login(&self) -> Option<&Login>;
    fn session(&self) -> Option<&SessionState>;
    fn login_version(&self) -> u32;
    fn refusal(&self) -> Option<&Failure>;
    fn farewell(&self) -> Option<Farewell>;
}

impl Session for classic::server::Server {
    fn output(&mut self) -> &mut BytesMut {
        self.output()
    }

    fn login(&self) -> Option<&Login> {
        self.login()
    }

    fn session(&self) -> Option<&SessionState> {
        self.session()
    }

    fn login_version(&self) -> u32 {
        self.login_version()
    }

    fn refusal(&self) -> Option<&Failure> {
        self.refusal()
    }

    fn farewell(&self) -> Option<Farewell> {
        self.farewell()
    }
}

impl Session for x::server::Server {
    fn output(&mut self) -> &mut BytesMut {
        self.output()
    }

    fn login(&self) -> Option<&Login> {
        self.login()
    }

    fn session(&self) -> Option<&SessionState> {
        self.session()
    }

    fn login_version(&self) -> u32 {
        self.login_version()
    }

    fn refusal(&self) -> Option<&Failure> {
        self.refusal()
    }

    fn farewell(&self) -> Option<Farewell> {
        self.farewell()
    }
}
