use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;

use super::classify::{classify, unknown};
use super::program::Program;
use super::statics::force_statics;
use crate::contents::Verdict;
use crate::progress;
use crate::{Globals, STACK_SIZE, ScriptError, ScriptOptions};

/// Runs a script once as for a connection, with nothing of it seen outside, to find out how it can be run. It runs
/// on a thread of its own, which may be lost: a script that never ends must not block loading.
pub(crate) fn look_over(
    path: &Path,
    text: &str,
    options: &ScriptOptions,
    globals: Arc<Globals>,
) -> Result<Verdict, ScriptError> {
    let program = Arc::new(Program::new(path, text, options.clone(), globals));
    let failed = |source: io::Error| ScriptError::Thread {
        path: program.path.clone(),
        source,
    };
    let (mut losses, reporter) = mynah_guard::losses().map_err(failed)?;
    let (verdict, verdicts) = channel();
    let looked_over = Arc::clone(&program);
    let look = move || {
        let enlisted = mynah_guard::enlist(NUMBER, &reporter, MOST_MEMORY);
        force_statics();
        progress::begin(&looked_over.options.progress);
        let inside = mynah_guard::enter();
        // The receiver exists until `reporter` reports, which is below, so sending can't fail.
        let _sent = verdict.send(classify(&looked_over));
        drop(looked_over);
        drop((inside, enlisted));
        reporter.report(NUMBER);
    };
    thread::Builder::new()
        .name("mynah-script load".to_owned())
        .stack_size(STACK_SIZE)
        .spawn(look)
        .map_err(failed)?;
    // Without a loss it has ended, or panicked.
    let lost = losses.wait().ok().and_then(|loss| loss.cause);
    if let Some(cause) = lost {
        return Err(ScriptError::Stopped {
            place: program.options.progress.now(),
            cause,
        });
    }
    let verdict = verdicts.recv();
    Ok(verdict.unwrap_or_else(|_panic| unknown(&program, "the script engine panicked")))
}

/// The number of the only thread here, by which `mynah_guard` reports a loss.
const NUMBER: u32 = 1;

/// How much a script may allocate when it is looked over, in bytes.
const MOST_MEMORY: usize = 1024 * 1024 * 1024;
