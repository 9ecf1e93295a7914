use std::thread;

use mynah_script::{Checked, STACK_SIZE, Script, ScriptError};

use crate::Options;
use crate::server::script_options;

/// Finds the mistakes in the script of [`Options::filename`] or [`Options::inline`], without serving it. What the
/// script's functions return isn't checked.
///
/// # Errors
/// If the script can't be read, needs JavaScript and this program is built without it, uses too much time, memory or
/// stack in a place where it can't be interrupted, or no thread can be started to analyse it.
pub fn check_script(options: Options) -> Result<Checked, ScriptError> {
    let (file, inline) = (options.filename.clone(), options.inline.clone());
    let name = inline.as_ref().map(|inline| inline.name.clone());
    let path = file.clone().or(name).unwrap_or_default();
    let failed = |source| ScriptError::Thread { path, source };
    let check = move || match (file, inline) {
        (None, Some(inline)) => {
            Script::check_text(inline.name, &inline.text, script_options(&options))
        }
        (file, _) => Script::check(file.unwrap_or_default(), script_options(&options)),
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_SIZE);
        let thread = thread.spawn_scoped(scope, check);
        match thread.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(checked)) => checked,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(source) => Err(failed(source)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(options: Options) -> Vec<String> {
        let checked = check_script(options).unwrap();
        checked.findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_inline_script_is_checked_as_a_file_is() {
        for (name, script) in [
            ("t.json", r#"{"stmts": [{"okay": {}}]}"#),
            ("t.js", "({stmts: [{okay: {}}]})"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(name);
            std::fs::write(&file, script).unwrap();
            let in_file = findings(Options::new(file));
            let inline = findings(Options::empty().inline(name, script));
            assert_eq!(inline, in_file, "{name}");
            assert!(inline.concat().contains("okay"), "{inline:?}");
        }
    }
}
