use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, Reader, Writer};

/// Changes of a session's state, at the end of an [`OkPacket`](super::OkPacket). They are kept as
/// bytes and read by an iterator.
///
/// Documentation page: OK_Packet, Session State Information.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionStateChanges(Bytes);

impl SessionStateChanges {
    /// Encodes these changes, in this order.
    #[must_use]
    pub fn new<'a>(changes: impl IntoIterator<Item = &'a SessionStateChange>) -> Self {
        let mut w = BytesMut::new();
        for change in changes {
            change.encode(&mut w);
        }
        Self(w.freeze())
    }

    /// Takes the bytes of the changes as in a packet, without the length before them.
    #[must_use]
    pub fn from_bytes(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The bytes of the changes as in a packet, without the length before them.
    #[must_use]
    pub fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// Whether there are no changes of session state.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The changes, in order. The iterator ends after the first invalid change.
    pub fn iter(&self) -> impl Iterator<Item = Result<SessionStateChange, DecodeError>> + '_ {
        let mut reader = Some(Reader::new(&self.0));
        std::iter::from_fn(move || {
            let r = reader.as_mut().filter(|r| r.remaining() > 0)?;
            let change = SessionStateChange::decode(r);
            if change.is_err() {
                reader = None;
            }
            Some(change)
        })
    }
}

/// One change of a session's state.
///
/// Documentation page: OK_Packet, Session State Information.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum SessionStateChange {
    /// 0: a system variable was set.
    SystemVariable {
        /// The variable's name.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
        name: Bytes,
        /// The variable's new value, as text.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
        value: Bytes,
    },
    /// 1: the default schema changed; its new name.
    Schema(
        /// The schema's name.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
        Bytes,
    ),
    /// 2: some state changed, without details; `1` if it did.
    StateChange(
        /// `1` if some state changed.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
        Bytes,
    ),
    /// 3: transactions were committed, and got global ids.
    Gtids {
        /// The number of the encoding of `gtids`; 0 is the only one known.
        encoding: u8,
        /// The global ids of the transactions, as text if `encoding` is 0.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
        gtids: Bytes,
    },
    /// 4: the statements that would start a transaction like the open one, as SQL; empty if none is needed.
    TransactionCharacteristics(
        /// The statements as SQL; empty if no statement is needed.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
        Bytes,
    ),
    /// 5: what the open transaction has done so far, as eight characters; `_` means not done.
    TransactionState(
        /// Eight characters, one for each kind of thing that a transaction can have done; `_` means not done.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
        Bytes,
    ),
    /// A change of a type that has no variant.
    Unknown {
        /// The number of the change's type.
        kind: u8,
        /// The content of the change, after its type and length.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
        data: Bytes,
    },
}

impl SessionStateChange {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let kind = r.u8("session_state_type")?;
        let data = r.lenenc_string("session_state_data")?;
        let r = &mut Reader::new(&data);
        let change = match kind {
            0 => Self::SystemVariable {
                name: r.lenenc_string("system_variable_name")?,
                value: r.lenenc_string("system_variable_value")?,
            },
            1 => Self::Schema(r.lenenc_string("schema")?),
            2 => Self::StateChange(r.rest_string()),
            3 => Self::Gtids {
                encoding: r.u8("gtid_encoding")?,
                gtids: r.lenenc_string("gtids")?,
            },
            4 => Self::TransactionCharacteristics(r.lenenc_string("transaction_characteristics")?),
            5 => Self::TransactionState(r.lenenc_string("transaction_state")?),
            // Types that are added later are kept as bytes.
            _ => Self::Unknown {
                kind,
                data: r.rest_string(),
            },
        };
        // Each type must take its data completely.
        r.clone().finish("session_state_data")?;
        Ok(change)
    }

    /// The number of the change's type in the protocol, and the content of the change after its type and length.
    #[must_use]
    pub fn to_type_and_data(&self) -> (u8, Bytes) {
        let mut data = BytesMut::new();
        let kind = match self {
            Self::SystemVariable { name, value } => {
                data.put_lenenc_string(name);
                data.put_lenenc_string(value);
                0
            }
            Self::Schema(schema) => {
                data.put_lenenc_string(schema);
                1
            }
            // Without a length of its own, as MySQL 9.7 sends it: just `1`.
            Self::StateChange(changed) => {
                data.put_slice(changed);
                2
            }
            Self::Gtids { encoding, gtids } => {
                data.put_u8(*encoding);
                data.put_lenenc_string(gtids);
                3
            }
            Self::TransactionCharacteristics(statements) => {
                data.put_lenenc_string(statements);
                4
            }
            Self::TransactionState(state) => {
                data.put_lenenc_string(state);
                5
            }
            Self::Unknown { kind, data: bytes } => {
                data.put_slice(bytes);
                *kind
            }
        };
        (kind, data.freeze())
    }

    fn encode(&self, w: &mut BytesMut) {
        let (kind, data) = self.to_type_and_data();
        w.put_u8(kind);
        w.put_lenenc_string(&data);
    }
}
