use std::ffi::OsString;

use clap::Command;
use mynah_program::{Parsed, convert_command, read_convert};
use mynah_relay::{ConvertOptions, FileForm};

use super::{ArgsError, Task};

/// The parser of the arguments behind `convert`.
pub(super) fn command() -> Command {
    convert_command("mynah-proxy", ABOUT)
}

/// Reads the arguments behind `convert`.
pub(super) fn read(args: Vec<OsString>) -> Result<Task, ArgsError> {
    match read_convert(command(), args, &FileForm::NAMES)? {
        Parsed::Args(Some(conversion)) => Ok(Task::Convert {
            from: conversion.from,
            to: conversion.to,
            options: ConvertOptions {
                form: conversion.form,
                part: conversion.part,
            },
        }),
        Parsed::Args(None) => Err(ArgsError::NothingToConvert),
        Parsed::Text(text) => Ok(Task::Show(text)),
    }
}

const ABOUT: &str = "\
Makes a recording of the journal that an interrupted mynah-proxy --record leaves, or of packets in hex. Also makes a \
script of a recording, in JavaScript (which mysql_server_mock runs, too) or JSON.";
