use bytes::BytesMut;
use mynah_fault::Framing;
use mynah_session::{ClosingError, Failure, Login, SessionState, classic, x};

/// The parts of a session that driving it needs, whatever its protocol.
pub(super) trait Session {
    const FRAMING: Framing;

    fn output(&mut self) -> &mut BytesMut;
    fn login(&self) -> Option<&Login>;
    fn session(&self) -> Option<&SessionState>;
    fn login_version(&self) -> u32;
    fn refusal(&self) -> Option<&Failure>;
    fn ended_with(&self) -> Option<&Failure>;
    fn closing_error(&self) -> Option<ClosingError>;
}

impl Session for classic::server::Server {
    const FRAMING: Framing = Framing::Classic;

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

    fn ended_with(&self) -> Option<&Failure> {
        self.ended_with()
    }

    fn closing_error(&self) -> Option<ClosingError> {
        self.closing_error()
    }
}

impl Session for x::server::Server {
    const FRAMING: Framing = Framing::X;

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

    fn ended_with(&self) -> Option<&Failure> {
        self.ended_with()
    }

    fn closing_error(&self) -> Option<ClosingError> {
        self.closing_error()
    }
}
