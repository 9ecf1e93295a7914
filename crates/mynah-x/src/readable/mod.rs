//! Serde for what a derive can't do: numbers with names, and borrowed values.

pub(crate) mod column_flags;
mod named;
mod values;

pub(crate) use named::Named;

use crate::{ClientMessageType, ServerMessageType};

mynah_wire::serde_by_name!(ClientMessageType, ServerMessageType);
