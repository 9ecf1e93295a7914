//! What the modes in `sql_mode` say.

/// Whether `"` quotes names in these modes.
pub(super) fn quotes_names(modes: &str) -> bool {
    has_mode(modes, "ANSI_QUOTES") || has_mode(modes, "ANSI")
}

/// Whether the modes have this one.
pub(super) fn has_mode(modes: &str, wanted: &str) -> bool {
    modes.split(',').any(|mode| mode == wanted)
}
