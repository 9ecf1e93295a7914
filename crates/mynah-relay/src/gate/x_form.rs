use mynah_x::ClientMessageType;

/// What decides the form of an answer of the X Protocol, besides the type of the message.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct XForm {
    /// Whether columns have no names.
    pub(super) is_compact: bool,
    /// Whether a command of the X Plugin is run.
    pub(super) is_admin: bool,
    /// The type of the message that was prepared.
    pub(super) prepared: Option<ClientMessageType>,
}
