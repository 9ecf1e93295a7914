use std::io::IsTerminal;

use clap::Args;
use mynah_program::{UsageError, values};
use mynah_relay::{Filter, Output, Overflow, Rule, TraceFormat, TraceOptions};

use super::ArgsError;
use super::error::together;

#[derive(Debug, Args)]
#[command(next_help_heading = "Trace")]
pub(super) struct TraceArgs {
    /// level of detail: off, 0 connections, 1 commands, 2 columns and rows, 3 packets field by field, 4 the packets'
    /// bytes (default 1)
    #[arg(short, long, value_name = "LEVEL")]
    trace: Option<String>,

    /// the format of the trace: text, json or hex (default text)
    #[arg(long, value_name = "FORM")]
    format: Option<String>,

    /// the file to append the trace to; with --format hex, the folder for a file per connection (default: standard
    /// output)
    #[arg(short, long, value_name = "PATH")]
    output: Option<String>,

    /// the size at which the trace's file is renamed and a new one begun: 10M, 1G (default: never)
    #[arg(long, value_name = "SIZE")]
    rotate: Option<String>,

    /// how many renamed files of --rotate are kept (default 5)
    #[arg(long, value_name = "NUMBER")]
    keep: Option<String>,

    /// what happens if the trace is read or written too slowly: block (connections wait) or drop (lines are omitted and
    /// counted) (default block)
    #[arg(long, value_name = "HOW")]
    trace_overflow: Option<String>,

    /// which commands are traced: command = query and latency > 10ms (default: all)
    #[arg(long, value_name = "CONDITION")]
    filter: Option<String>,

    /// which connections are traced, as a whole: user = ada and client ~ 10.0.0 (default: all)
    #[arg(long, value_name = "CONDITION")]
    only: Option<String>,

    /// whether text has colours: auto (on a terminal), always or never (default auto)
    #[arg(long, value_name = "WHEN")]
    colour: Option<String>,

    /// the duration from which commands are highlighted in text with colours: 500ms, 1s (default 1s)
    #[arg(long, value_name = "TIME")]
    slow: Option<String>,

    /// at the end, print how many commands of each kind there were, how many failed, and how long they took (default:
    /// with a trace, if standard output is a terminal)
    #[arg(long)]
    pub(super) summary: bool,

    /// how many characters of a statement, value or field text shows, 0 for all (default 500)
    #[arg(long, value_name = "CHARACTERS")]
    width: Option<String>,

    /// show passwords, and authentication data computed from them (default: hidden)
    #[arg(long)]
    show_secrets: bool,

    /// hide text that matches this regular expression, in addition to passwords, in statements, values, and the cells
    /// of columns with a matching name; may be repeated
    #[arg(long, value_name = "REGEX")]
    redact: Vec<String>,
}

impl TraceArgs {
    /// The options of the trace; `None` if it is off.
    pub(super) fn options(&self) -> Result<Option<TraceOptions>, ArgsError> {
        let defaults = TraceOptions::default();
        let Some(level) = self.level()? else {
            return Ok(None);
        };
        let format = self.format()?;
        if format == TraceFormat::Hex && self.filter.is_some() {
            let problem = "with --format hex, whose packets are all or none";
            return Err(together("--filter", problem, "leave one of them out"));
        }
        if format == TraceFormat::Hex && self.rotate.is_some() {
            let problem = "with --format hex, which has a file per connection";
            return Err(together("--rotate", problem, "leave one of them out"));
        }
        let only = condition("--only", self.only.as_deref())?;
        if let Some(field) = only.as_ref().and_then(Filter::field_of_commands) {
            return Err(ArgsError::Only(field));
        }
        let output = self.output()?;
        let slow = self.slow.as_deref();
        let slow = slow.map(|slow| values::time("--slow", slow)).transpose()?;
        let width = self.width.as_deref();
        let width = width.map(|width| values::number("--width", width, 0..=u32::MAX.into()));
        Ok(Some(TraceOptions {
            format,
            level,
            filter: condition("--filter", self.filter.as_deref())?,
            only,
            show_secrets: self.show_secrets,
            redact: self.rules()?,
            colours: self.colours(&output)?,
            output,
            slow: slow.unwrap_or(defaults.slow),
            width: width.transpose()?.unwrap_or(defaults.width),
            overflow: self.overflow()?,
        }))
    }

    fn level(&self) -> Result<Option<u8>, UsageError> {
        let levels = [
            ("off", None),
            ("0", Some(0)),
            ("1", Some(1)),
            ("2", Some(2)),
            ("3", Some(3)),
            ("4", Some(4)),
        ];
        let level = self.trace.as_deref().unwrap_or("1");
        values::choice("--trace", level, &levels)
    }

    fn format(&self) -> Result<TraceFormat, UsageError> {
        let formats = [
            ("text", TraceFormat::Text),
            ("json", TraceFormat::Json),
            ("hex", TraceFormat::Hex),
        ];
        let format = self.format.as_deref().unwrap_or("text");
        values::choice("--format", format, &formats)
    }

    fn output(&self) -> Result<Output, ArgsError> {
        let rotate = self.rotate.as_deref();
        let rotate_at = rotate.map(|size| values::size("--rotate", size));
        let rotate_at = rotate_at.transpose()?;
        let keep = self.keep.as_deref().unwrap_or("5");
        let keep = values::number("--keep", keep, 0..=1000)?;
        match &self.output {
            Some(path) => Ok(Output::File {
                path: path.into(),
                rotate_at,
                keep,
            }),
            None if rotate_at.is_some() => {
                let remedy = "name a file with --output";
                Err(together("--rotate", "where there is no --output", remedy))
            }
            None => Ok(Output::Stdout),
        }
    }

    fn colours(&self, output: &Output) -> Result<bool, UsageError> {
        let choices = [
            ("auto", None),
            ("always", Some(true)),
            ("never", Some(false)),
        ];
        let colour = self.colour.as_deref().unwrap_or("auto");
        let chosen = values::choice("--colour", colour, &choices)?;
        Ok(chosen.unwrap_or_else(|| *output == Output::Stdout && std::io::stdout().is_terminal()))
    }

    fn overflow(&self) -> Result<Overflow, UsageError> {
        let choices = [("block", Overflow::Block), ("drop", Overflow::Drop)];
        let overflow = self.trace_overflow.as_deref().unwrap_or("block");
        values::choice("--trace-overflow", overflow, &choices)
    }

    /// What is hidden besides passwords.
    pub(super) fn rules(&self) -> Result<Vec<Rule>, ArgsError> {
        if self.show_secrets && !self.redact.is_empty() {
            let problem = "with --show-secrets, which hides nothing";
            return Err(together("--redact", problem, "leave one of them out"));
        }
        let rules = self.redact.iter();
        let rules = rules.map(|text| values::parsed("--redact", text));
        Ok(rules.collect::<Result<_, _>>()?)
    }
}

fn condition(option: &'static str, text: Option<&str>) -> Result<Option<Filter>, UsageError> {
    text.map(|text| values::parsed(option, text)).transpose()
}
