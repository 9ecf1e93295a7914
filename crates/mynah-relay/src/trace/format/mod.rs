//! The forms of a trace: [`Text`] for people, [`Json`] for programs, [`Hex`] as the project's
//! fixtures have it.

mod api;
mod hex;
mod json;
mod text;

use std::sync::Arc;

pub(super) use api::{Format, Line, UnansweredError};
use hex::Hex;
use json::Json;
#[cfg(test)]
pub(super) use json::JsonFieldWriter;
use text::Text;
#[cfg(test)]
pub(super) use text::TextFieldWriter;

use super::options::{TraceFormat, TraceOptions};

/// The form that the options ask for.
pub(super) fn format_of(options: &TraceOptions) -> Arc<dyn Format> {
    match options.format {
        TraceFormat::Text => Arc::new(Text::new(options)),
        TraceFormat::Json => Arc::new(Json),
        TraceFormat::Hex => Arc::new(Hex::default()),
    }
}
