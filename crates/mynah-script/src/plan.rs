//! A script that is data: read once, shared by all sessions, its entries played in order.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use jsonc_parser::{ParseOptions, parse_to_serde_value};
use log::warn;
use mynah_expect::Test;
use mynah_session::x::Notice;
use mynah_session::{
    Account, Completion, Encodings, Failure, Greeting, LocalFile, Login, Outcome, Prepared, Reply,
    Statement, StatementCommand,
};
use serde_json::Value;

use crate::document::{
    Defaults, Document, Entry, Expected, Handshake, Json, Kind, Misfit, Sections, entry, expected,
    handshake, keys, notices, sections,
};
use crate::expectations::Answer;
use crate::positions::{Position, Positions};
use crate::prepared::ahead;
use crate::reason;
use crate::source::Source;
use crate::source_answer::SourceAnswer;
use crate::unanswered::{LastPlayed, Unanswered};

/// What a script says that is data.
#[derive(Debug)]
pub(crate) struct Plan {
    handshake: Handshake,
    entries: Box<[PlanEntry]>,
    notices: Result<Box<[Notice]>, Misfit>,
    /// What tests expect, of a JSON script.
    pub(crate) expectations: Option<Value>,
    /// Whether the first entry follows the last.
    looped: bool,
    /// Whether entries are compared with the statements.
    strict: bool,
}

/// An element of `stmts`.
#[derive(Clone, Debug)]
pub(crate) struct PlanEntry {
    reply: Reply,
    /// Its number in `stmts`, from 1, holes included.
    number: u64,
    expected: Expected,
    /// What answers the files that the reply asks for, in order.
    files: Arc<[Reply]>,
    /// The answer when the statement is prepared, if the entry has one.
    prepared: Option<Box<Prepared>>,
}

impl PlanEntry {
    /// Reads an entry. One that is wrong fails its statement only.
    ///
    /// # Errors
    /// When the entry can't be looked at, and whatever `fails` doesn't take.
    pub(crate) fn read<D: Document>(
        doc: &mut D,
        element: &D::Value,
        defaults: Defaults,
        strict: bool,
        fails: impl FnOnce(D::Error) -> Result<Reply, D::Error>,
    ) -> Result<Self, D::Error> {
        let read = expected(doc, element, strict).and_then(|expected| {
            let Entry {
                reply,
                files,
                prepared,
            } = entry(doc, element, defaults)?;
            // Rows that a script generates belong to a JavaScript context, which data doesn't have.
            if matches!(reply.outcome, Outcome::Rows(ref result) if result.rows.source().is_some())
            {
                return Err(Misfit::ExpectObject.into());
            }
            let files = files.into_iter().map(|file| match file {
                Some(answer) => entry(doc, &answer, defaults).map(|entry| entry.reply),
                None => Ok(Outcome::Ok(Completion::default()).into()),
            });
            let files = files.collect::<Result<_, D::Error>>()?;
            Ok(Self {
                reply: kept(reply),
                number: 0,
                expected,
                files,
                prepared: prepared.map(Box::new),
            })
        });
        read.or_else(|error| {
            Ok(Self {
                reply: kept(fails(error)?),
                number: 0,
                expected: Expected::default(),
                files: [].into(),
                prepared: None,
            })
        })
    }
}

impl PlanEntry {
    /// The same, as the entry of this number.
    pub(crate) fn numbered(self, number: u64) -> Self {
        Self { number, ..self }
    }

    /// The error for a statement that isn't the one that this entry, which is due, expects.
    fn not_due(&self, difference: String) -> Unanswered {
        Unanswered::NotDue {
            entry: self.number,
            difference,
            pattern: self.expected.pattern(),
        }
    }
}

impl Plan {
    /// Reads a JSON script; a strict one, if that is asked for.
    ///
    /// # Errors
    /// What is wrong with it as a whole. An entry that is wrong fails its statement only.
    #[cfg(feature = "fuzz")]
    pub(crate) fn read(path: &Path, text: &str, strict: bool) -> Result<Self, Failure> {
        Self::of(path, &parse(path, text)?, strict, false)
    }

    /// Reads the value of a JSON script; a strict one, if that is asked for; in compatible mode, or not.
    ///
    /// # Errors
    /// What is wrong with it as a whole. An entry that is wrong fails its statement only.
    pub(crate) fn of(
        path: &Path,
        value: &Value,
        strict: bool,
        is_compatible: bool,
    ) -> Result<Self, Failure> {
        let mut json = Json::<false>::new(is_compatible);
        let plan = Self::from_json(path, &mut json, value, strict)
            .map_err(|misfit| reason::misfit(path, &misfit))?;
        Ok(Self {
            expectations: value.get(keys::EXPECTATIONS.name).cloned(),
            ..plan
        })
    }

    /// What is answered, in this order.
    pub(crate) fn new<V>(
        handshake: Handshake,
        notices: Result<Vec<Notice>, Misfit>,
        entries: Vec<PlanEntry>,
        sections: &Sections<V>,
        strict: bool,
    ) -> Self {
        Self {
            handshake,
            notices: notices.map(Into::into),
            expectations: None,
            entries: entries.into(),
            looped: sections.looped,
            strict,
        }
    }

    /// Reads a JSON value, by the rules that `json` has.
    pub(crate) fn from_json<'a, const AS_A_SCRIPT: bool>(
        path: &Path,
        json: &mut Json<'a, AS_A_SCRIPT>,
        value: &'a Value,
        strict: bool,
    ) -> Result<Self, Misfit> {
        let script = Some(value);
        let sections = sections(json, &script)?;
        let strict = strict || sections.strict;
        let handshake = match json.kind(&sections.handshake) {
            Kind::Undefined => Handshake::default(),
            _ => handshake(json, &sections.handshake)?,
        };
        let defaults = match Json::<AS_A_SCRIPT>::DIALECT.json_keys {
            true => Defaults::read(json, &script)?,
            false => Defaults::default(),
        };
        let mut entries = Vec::new();
        let mut next = 0;
        while let Some(element) = json.next_element(&sections.stmts, &mut next)? {
            let entry = PlanEntry::read(json, &element, defaults, strict, |misfit| {
                warn!("{}: statement {next}: {misfit}", path.display());
                Ok(reason::statement_failed(misfit))
            })?;
            entries.push(entry.numbered(next));
        }
        let notices = notices(json, &sections.notices);
        if let Err(misfit) = &notices {
            warn!("{}: notices: {misfit}", path.display());
        }
        Ok(Self::new(handshake, notices, entries, &sections, strict))
    }

    /// The entry at `index` or, behind the last one of a looped script, the first; and its index.
    fn entry(&self, index: usize) -> Option<(usize, &PlanEntry)> {
        let index = match index < self.entries.len() {
            true => index,
            false if self.looped => 0,
            false => return None,
        };
        Some((index, self.entries.get(index)?))
    }
}

/// The value of a JSON script.
///
/// # Errors
/// Where it isn't JSON.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Value, Failure> {
    // A byte order mark, as editors on Windows write it, isn't JSON.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    parse_to_serde_value(text, &JSON_WITH_COMMENTS)
        .map_err(|error| reason::load(reason::json_syntax_error(path, &error)))
}

/// A reply whose encoded packets are cached.
fn kept(reply: Reply) -> Reply {
    // Rows are encoded when they are first sent, and the bytes are kept for all sessions.
    Reply {
        encodings: Some(Encodings::default()),
        ..reply
    }
}

/// One session's way through a [`Plan`].
#[derive(Debug)]
pub(crate) struct Playback {
    plan: Arc<Plan>,
    next: usize,
    /// Whether a prepared statement was answered with the columns of the next entry, and hasn't been run yet.
    is_announced: bool,
    /// What answers the files that the last reply asks for.
    files: VecDeque<Reply>,
    last_played: LastPlayed,
    position: Position,
}

impl Playback {
    /// From the first statement on.
    pub(crate) fn new(plan: Arc<Plan>, positions: &Positions) -> Self {
        Self {
            position: positions.watch(),
            plan,
            next: 0,
            is_announced: false,
            files: VecDeque::new(),
            last_played: LastPlayed::default(),
        }
    }

    /// Goes back to the first entry if the session was set back.
    fn follow_reset(&mut self) {
        if self.position.take_reset() {
            (self.next, self.is_announced) = (0, false);
        }
    }

    /// Answers COM_INIT_DB, if the script is strict and its next entry expects `USE`.
    fn init_db(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>> {
        self.follow_reset();
        let (index, entry) = self.plan.entry(self.next)?;
        if !self.plan.strict || !entry.expected.is_use(&statement.text) {
            return None;
        }
        (self.next, self.is_announced) = (index + 1, false);
        Some(SourceAnswer::entry(entry.number, entry.reply.clone()))
    }
}

impl Source for Playback {
    fn set_test(&mut self, test: &Test<Answer>) {
        self.position.set_test(test);
    }

    fn greeting(&mut self) -> Result<Greeting, Failure> {
        self.plan.handshake.clone().greeting()
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        self.plan.handshake.clone().account(login)
    }

    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply> {
        self.follow_reset();
        let Some((index, entry)) = self.plan.entry(self.next) else {
            let unanswered = SourceAnswer::nothing(reason::end_of_statements());
            return unanswered.because(Unanswered::End {
                entries: self.plan.entries.last().map_or(0, |entry| entry.number),
                last: Box::new(self.last_played.clone()),
            });
        };
        // An unexpected statement doesn't use up the entry, so the script stays in step with the test.
        if self.plan.strict
            && let Err(difference) = entry.expected.compare(statement)
        {
            let unanswered = SourceAnswer::nothing(reason::unexpected(entry.number, &difference));
            return unanswered.because(entry.not_due(difference));
        }
        self.last_played.add(entry.number, &statement.text);
        (self.next, self.is_announced) = (index + 1, false);
        // Most entries have no files: without this check each statement would allocate.
        if !entry.files.is_empty() || !self.files.is_empty() {
            self.files = entry.files.iter().cloned().collect();
        }
        let reply = match entry.reply.outcome {
            Outcome::Binlog(_) => reason::statement_failed(Misfit::BinlogToStatement),
            _ => entry.reply.clone(),
        };
        SourceAnswer::entry(entry.number, reply)
    }

    fn command(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>> {
        match statement.command {
            StatementCommand::InitDb => self.init_db(statement),
            _ => self.statement(statement).if_answered(),
        }
    }

    fn prepare(&mut self, statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        self.follow_reset();
        let Some((_, entry)) = self.plan.entry(self.next) else {
            return SourceAnswer::nothing(Ok(Prepared::default()));
        };
        let compared = entry.expected.compare_text(&statement.text);
        if let (true, Err(difference)) = (self.plan.strict, &compared) {
            let unanswered = reason::unexpected_failure(entry.number, difference);
            let difference = difference.clone();
            return SourceAnswer::nothing(Err(unanswered)).because(entry.not_due(difference));
        }
        // A client relies on the columns that it got when it prepared, so the result must have the same.
        if compared.is_err() || self.is_announced {
            return SourceAnswer::entry(entry.number, Ok(Prepared::default()));
        }
        self.is_announced = !entry.expected.has_text();
        let prepared = match &entry.prepared {
            Some(prepared) => Prepared::clone(prepared),
            None => ahead(&entry.reply, entry.expected.num_params()),
        };
        SourceAnswer::entry(entry.number, Ok(prepared))
    }

    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        match &self.plan.notices {
            Ok(notices) => Ok(notices.to_vec()),
            Err(misfit) => Err(reason::load(misfit)),
        }
    }

    fn file(&mut self, _file: &LocalFile) -> Reply {
        let ok = || Outcome::Ok(Completion::default()).into();
        self.files.pop_front().unwrap_or_else(ok)
    }

    fn replicate(&mut self, statement: &Statement) -> Option<Reply> {
        self.follow_reset();
        let (index, entry) = self.plan.entry(self.next)?;
        if !matches!(entry.reply.outcome, Outcome::Binlog(_)) {
            return None;
        }
        // COM_REGISTER_SLAVE precedes the request for the binary log, which the entry answers.
        if statement.command == StatementCommand::RegisterReplica {
            return Some(Outcome::Ok(Completion::default()).into());
        }
        self.next = index + 1;
        Some(entry.reply.clone())
    }
}

/// What a JSON script may be besides JSON: as the original's reader has it.
pub(crate) const JSON_WITH_COMMENTS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};
