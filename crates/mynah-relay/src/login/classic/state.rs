use bytes::{Bytes, BytesMut};
use mynah_auth::rsa::PrivateKey;
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10};

/// Where a login stands. A packet is named by its sender where that isn't plain.
///
/// ```text
/// ExpectGreeting --anything else--> Ended
///   | HandshakeV10
///   v
/// ExpectResponse --SSLRequest--> AcceptingTls --Encrypted--> ExpectResponseUnderTls
///   | response                                                 | response
///   +--------------------------+-------------------------------+
///        TLS with the server   |   none
///             v                |
///        ConnectingTls         |
///             | Encrypted      |
///             +----------------+
///                              |
///   nothing has to change      | sequence ids differ, or one side alone may send passwords in clear
///             v                v
///          Passing       ExpectVerdict <------ COM_CHANGE_USER
///             |                | ^
///   OK, ERR,  |       OK, ERR  | | every other packet of either side
///   closed    +-----> Ended <--+-+
///
/// ExpectVerdict --the server asks for a password--> ExpectPassword
/// ExpectPassword --in clear, which the server may not get--> ExpectServerKey --key--> ExpectVerdict
/// ExpectPassword --a request for a key, and the server has none--> MakingKey --Key--> ExpectEncrypted
/// ExpectPassword --any other password--> ExpectVerdict
/// ExpectEncrypted --password--> ExpectVerdict
/// ```
/// A response that has such a password in it, or such a request, leads to `ExpectServerKey` or
/// `MakingKey` at once; to the former the server may also answer as in `ExpectVerdict`. From every state
/// it comes to `Ended` when a side is lost, sends what is no packet of a login, or is late.
#[derive(Debug)]
pub(super) enum State {
    ExpectGreeting,
    ExpectResponse(Greeted),
    AcceptingTls(Greeted),
    ExpectResponseUnderTls(Greeted),
    ConnectingTls(Box<Responded>),
    /// Packets are forwarded unchanged until the server sends its verdict.
    Passing,
    /// As `Passing`, but sequence ids and passwords are changed to what each side needs.
    ExpectVerdict,
    ExpectPassword {
        /// What asks for a key in place of a password.
        key_request: u8,
    },
    ExpectServerKey {
        password: Bytes,
        /// Whether the request for the key was part of the response, which the server may answer
        /// otherwise.
        in_response: bool,
    },
    MakingKey(Decrypts),
    ExpectEncrypted(PrivateKey, Decrypts),
    /// The login is done. Everything later is forwarded unchanged, once the last packets have been sent to
    /// the client.
    Done,
    /// The server refused something that the client never sent; the client has its error.
    Refused,
    Ended,
}

/// What the server has said first, and whether the client is offered TLS.
#[derive(Debug)]
pub(super) struct Greeted {
    pub(super) greeting: Box<HandshakeV10>,
    pub(super) offers_tls: bool,
}

/// What both have said first.
#[derive(Debug)]
pub(super) struct Responded {
    pub(super) greeting: Box<HandshakeV10>,
    pub(super) response: BytesMut,
    pub(super) client_has_tls: bool,
}

/// What a password is decrypted for: the response it belongs in, or a packet of its own.
#[derive(Debug)]
pub(super) struct Decrypts(pub(super) Option<Box<HandshakeResponse41>>);

/// Which side a state takes packets of. Where it is the client alone, the server has to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Client,
    Server,
    Both,
    Nothing,
}

impl State {
    pub(super) fn takes(&self) -> Takes {
        match self {
            Self::ExpectGreeting | Self::ExpectServerKey { .. } => Takes::Server,
            Self::ExpectResponse(_)
            | Self::AcceptingTls(_)
            | Self::ExpectResponseUnderTls(_)
            | Self::ExpectPassword { .. }
            | Self::ExpectEncrypted(..) => Takes::Client,
            Self::Passing | Self::ExpectVerdict => Takes::Both,
            Self::ConnectingTls(_)
            | Self::MakingKey(_)
            | Self::Done
            | Self::Refused
            | Self::Ended => Takes::Nothing,
        }
    }
}
