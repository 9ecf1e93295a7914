use bytes::Bytes;
use mynah_session::observe::LeftOut;

use super::shown::Shown;

/// What comes with a command besides its text, as it is shown.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) parameters: Vec<Shown>,
    /// Those of each row of a bulk execution.
    pub(crate) rows: Vec<Vec<Shown>>,
    /// By their names.
    pub(crate) attributes: Vec<(Bytes, Shown)>,
    pub(crate) left_out: LeftOut,
}

impl Given {
    /// No values.
    pub(crate) const NOTHING: Self = Self {
        parameters: Vec::new(),
        rows: Vec::new(),
        attributes: Vec::new(),
        left_out: LeftOut {
            parameters: 0,
            rows: 0,
            bytes: 0,
        },
    };

    /// Whether one of them is hidden, so that an error must not quote it.
    pub(super) fn has_hidden(&self) -> bool {
        let attributes = self.attributes.iter().map(|(_, value)| value);
        let rows = self.rows.iter().flatten();
        let mut all = self.parameters.iter().chain(rows).chain(attributes);
        all.any(|value| *value == Shown::Hidden)
    }
}
