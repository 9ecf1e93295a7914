use std::thread;

use mynah_script::{Checked, STACK_SIZE, Script, ScriptError};

use crate::Options;
use crate::server::script_options;

/// Finds the mistakes in the script of [`Options::filename`], without serving it. A script in [`Options::inline`]
/// isn't checked.
///
/// # Errors If the script can't be read, runs for too long in a place where it can't be interrupted, or no thread
/// can be started to analyse it.
pub fn check_script(options: Options) -> Result<Checked, ScriptError> {
    let path = options.filename.clone().unwrap_or_default();
    let script = path.clone();
    let failed = |source| ScriptError::Thread { path, source };
    let check = move || Script::check(&script, script_options(&options));
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
