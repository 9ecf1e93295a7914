use std::path::PathBuf;
use std::time::Duration;

use mynah::Options;
use mynah_program::values;

use super::{Args, ArgsError, tls};
use crate::manners::Manners;
use crate::report::Ending;

/// The settings of the server and the program.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The server's options.
    pub(crate) options: Options,
    /// Whether the options have an address to listen on.
    pub(crate) is_address_given: bool,
    /// What becomes of the report at the end.
    pub(crate) ending: Ending,
    /// Whether to log everything.
    pub(crate) verbose: bool,
    /// The folder of the log files; without it, logs go to standard error.
    pub(crate) logging_folder: Option<PathBuf>,
    /// Whether a crash leaves a core file; absent, the environment decides.
    pub(crate) core_file: Option<bool>,
    /// Whether the script is read again when it changes.
    pub(crate) watch: bool,
    /// After how many lost workers the program ends.
    pub(crate) lost_workers: usize,
    /// How long the start may take.
    pub(crate) start_budget: Duration,
}

impl Settings {
    pub(super) fn new(args: Args, manners: Manners) -> Result<Self, ArgsError> {
        let mut options = args.script.options(manners)?;
        options.compatible = args.compatible || manners == Manners::Original;
        let is_address_given = args.listen.has_address();
        args.listen.set(&mut options)?;
        options.tls = args.tls.options()?;
        if manners == Manners::Usual {
            tls::check(&options.tls)?;
        }
        args.limits.set(&mut options)?;
        let prune = args.replay.set(&mut options)?;
        let ending = Ending {
            prune,
            ..args.report.ending()
        };
        options.has_report = ending.wants_report();
        // `--core-file=` means the same as `--core-file`.
        let core_file = args.core_file.as_deref();
        let core_file = core_file.map(|value| if value.is_empty() { "1" } else { value });
        let choices = [("0", false), ("1", true)];
        let core_file = core_file.map(|value| values::choice("--core-file", value, &choices));
        Ok(Self {
            options,
            is_address_given,
            ending,
            verbose: args.verbose,
            logging_folder: args.logging_folder.map(PathBuf::from),
            core_file: core_file.transpose()?,
            watch: args.watch,
            lost_workers: args.limits.lost_workers()?,
            start_budget: args.limits.start_budget()?,
        })
    }
    /// Whether there is neither a script nor a way to send expectations.
    pub(super) fn has_nothing_to_answer(&self) -> bool {
        self.options.filename.is_none() && self.options.http_port.is_none()
    }
}
