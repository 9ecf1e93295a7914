use std::ffi::OsString;

use clap::Parser;
use mynah_program::{ConvertArgs, Parsed, values};
use mynah_relay::{ConvertOptions, FileForm};

use super::{ArgsError, Task};

/// The arguments behind `convert`.
#[derive(Debug, Parser)]
#[command(
    name = "mynah-proxy convert",
    version,
    about = ABOUT,
    override_usage = "mynah-proxy convert <IN> <OUT> [OPTIONS]",
)]
pub(super) struct CommandArgs {
    #[command(flatten)]
    args: ConvertArgs,
}

/// Reads the arguments behind `convert`.
pub(super) fn read(args: Vec<OsString>) -> Result<Task, ArgsError> {
    let args = match mynah_program::read::<CommandArgs>(args)? {
        Parsed::Args(CommandArgs { args }) => args,
        Parsed::Text(text) => return Ok(Task::Show(text)),
    };
    let (Some(from), Some(to)) = (args.from, args.to) else {
        return Err(ArgsError::NothingToConvert);
    };
    let form = args.form.as_deref();
    let form = form.map(|form| values::choice("--to", form, &FileForm::NAMES));
    Ok(Task::Convert {
        from: from.into(),
        to: to.into(),
        options: ConvertOptions {
            form: form.transpose()?,
            part: args.part,
        },
    })
}

/// The first argument of a command line that converts.
pub(super) const CONVERT: &str = "convert";

const ABOUT: &str = "\
Makes a recording of the journal that an interrupted mynah-proxy --record leaves, or of packets in hex. Also makes a \
script of a recording, in JavaScript (which mysql_server_mock runs, too) or JSON.";
