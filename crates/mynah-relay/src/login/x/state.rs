use bytes::Bytes;
use mynah_auth::x::{ClientExchange, Mechanism};
use mynah_session::observe::Direction;
use mynah_x::connection::CapabilitiesSet;
use mynah_x::{Frame, ServerMessageType};

/// Where a login stands.
///
/// ```text
/// ExpectMessage --CapabilitiesGet--> ExpectCapabilities --answer--> ExpectMessage
/// ExpectMessage --CapabilitiesSet--> ExpectAnswer --answer--> ExpectMessage
/// ExpectMessage --CapabilitiesSet, TLS--> ExpectOffer | ExpectAgreement | ExpectOthersSet | AcceptingTls,
///                                         or the client is refused: ExpectMessage
/// ExpectOffer --it has TLS--> ExpectAgreement | ExpectOthersSet | AcceptingTls
///             --it hasn't--> ExpectMessage
/// ExpectAgreement --OK--> AcceptingTls, the server's follows
///                 --TLS refused--> ExpectOthersSet | AcceptingTls | ExpectMessage
///                 --anything else--> ExpectMessage
/// ExpectOthersSet --OK--> AcceptingTls
///                 --anything else--> ExpectMessage
/// AcceptingTls --Encrypted--> ConnectingTls, if the server's follows | ExpectMessage
/// ConnectingTls --Encrypted--> ExpectMessage | what waited for it
/// ExpectMessage --Close--> Done
/// ExpectMessage --any other, or one that is too long--> ExpectServersTls, if it is wanted
///                                                     | what the message leads to
/// ExpectServersTls --OK--> ConnectingTls
///                  --anything else--> what the message leads to
/// any other message --may be mediated--> Authenticating, with it as the first one
///                   --may not--> Done
///
/// Authenticating --AuthenticateStart by PLAIN--> ExpectChallenge
///                --of the server: AuthenticateOk--> Done
///                --of the client: no part of a login--> Done
///                --closed--> Done
///                --any message while answers are due--> ExpectAnswersDue --all are there--> Authenticating
/// ExpectChallenge --AuthenticateContinue--> ExpectResult
///                 --anything else--> as in ExpectResult
/// ExpectResult --OK--> Done
///              --access denied, and there is another mechanism--> ExpectChallenge
///              --any other error--> Authenticating
/// ```
/// Notices pass in every state. From every state it comes to `Ended` when a side is lost, says what it must
/// not, or is late.
#[derive(Debug)]
pub(super) enum State {
    /// A message of the client. Messages of the server are forwarded meanwhile.
    ExpectMessage,
    ExpectCapabilities,
    ExpectAnswer,
    /// The server's capabilities: whether it has TLS, which the client has asked for by this message.
    ExpectOffer(Frame, CapabilitiesSet),
    /// The server's answer to the client's request for TLS.
    ExpectAgreement(CapabilitiesSet),
    /// The server's answer to the other capabilities; TLS is only between client and proxy.
    ExpectOthersSet,
    AcceptingTls {
        then_server: bool,
    },
    ConnectingTls(Then),
    /// The server's answer to the proxy's own request for TLS, which the client doesn't know of.
    ExpectServersTls(Then),
    Authenticating,
    /// The answers to the client's earlier messages, before this one is handled.
    ExpectAnswersDue(Frame),
    ExpectChallenge(Box<Attempt>),
    ExpectResult(Box<Attempt>),
    Done,
    Ended,
}

/// What is done once TLS with the server is decided.
#[derive(Debug)]
pub(super) enum Then {
    ExpectMessage,
    /// The client's first message that isn't about capabilities.
    Pass(Frame),
    /// The client's message is longer than any message of a login.
    PassTooLong,
}

/// What a side has sent.
#[derive(Debug)]
pub(super) enum Input {
    Client(Frame),
    /// The client begins a message longer than any of a login. It is left unread.
    TooLong,
    Server(Frame),
    Closed(Direction),
}

/// Which side a state takes messages of. Where it is no side, the server may have to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Both,
    Server,
    Nothing,
}

impl State {
    pub(super) fn takes(&self) -> Takes {
        match self {
            Self::ExpectMessage | Self::Authenticating => Takes::Both,
            Self::ExpectCapabilities
            | Self::ExpectAnswer
            | Self::ExpectOffer(..)
            | Self::ExpectAgreement(_)
            | Self::ExpectOthersSet
            | Self::ExpectServersTls(_)
            | Self::ExpectAnswersDue(_)
            | Self::ExpectChallenge(_)
            | Self::ExpectResult(_) => Takes::Server,
            Self::AcceptingTls { .. } | Self::ConnectingTls(_) | Self::Done | Self::Ended => {
                Takes::Nothing
            }
        }
    }
    /// Whether a message of the server is more to this state than one that passes.
    pub(super) fn takes_from_server(&self, frame: &Frame) -> bool {
        match self {
            Self::ExpectMessage | Self::ExpectAnswersDue(_) => false,
            Self::Authenticating => true,
            _ => ServerMessageType(frame.message_type) != ServerMessageType::NOTICE,
        }
    }
}

/// A login by a mechanism that clients take without TLS, in the place of `PLAIN`.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) exchange: ClientExchange,
    /// What the client has sent: schema, user, password.
    pub(super) login: Bytes,
    /// The mechanisms that are left.
    pub(super) left: &'static [Mechanism],
}
