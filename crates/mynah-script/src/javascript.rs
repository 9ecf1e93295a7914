//! What reads scripts in JavaScript: the engine, if this crate is built with it.

#[cfg(feature = "javascript")]
pub(crate) use crate::vm::look_over;

#[cfg(not(feature = "javascript"))]
pub(crate) use without::look_over;

#[cfg(not(feature = "javascript"))]
mod without {
    use std::path::Path;
    use std::sync::Arc;

    use crate::contents::Verdict;
    use crate::{Globals, ScriptError, ScriptOptions};

    /// Refuses a script, because nothing here can run it.
    pub(crate) fn look_over(
        path: &Path,
        _text: &str,
        _options: &ScriptOptions,
        _globals: Arc<Globals>,
    ) -> Result<Verdict, ScriptError> {
        let path = path.to_owned();
        Err(ScriptError::NoJavaScript { path })
    }
}
