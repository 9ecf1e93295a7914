//! The facts of a session (user, schema, version, settings) that built-in answers are made of.

use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mynah_classic::StatusFlags;
use mynah_classic::tables::Collation;
use mynah_session::placeholders::Dialect;
use mynah_session::{Failure, Greeting, Login, Reply, SessionState, Statement};
use mynah_sql::{Characters, Reading};

use super::character_sets;
use super::expression::{Stop, SystemVariable, VariableScope, zone};
use super::failures;
use super::last::Last;
use super::modes::quotes_names;
use super::recorded::{Kind, Variable};
use super::server::Server;
use super::shape::Shape;
use super::user_variables;
use super::value::{Typed, Value};
use super::version::Catalog;
use crate::recording::Variables;

/// What is known of a session.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) server: Arc<Server>,
    version: Bytes,
    pub(super) dialect: Dialect,
    catalog: OnceCell<Catalog>,
    pub(super) connection_id: u32,
    pub(super) login: Login,
    /// The state of the session that the statement is run in, and what it makes of it.
    pub(super) state: SessionState,
    /// The server's collation.
    pub(super) default_collation: u16,
    /// System variables that the session has set.
    pub(super) set: BTreeMap<String, Value>,
    /// `@name`
    user_variables: BTreeMap<String, Typed>,
    /// What is bound to the placeholders of the statement that is looked at.
    bound: Vec<Option<Typed>>,
    /// How much more may be done for it.
    steps: Cell<usize>,
    pub(super) last: Last,
    /// The variables that the server told which is played, if one is.
    pub(super) recorded: Option<Arc<Variables>>,
}

impl Facts {
    pub(super) fn new(server: Arc<Server>, version: &str, connection_id: u32) -> Self {
        let dialect = Dialect::of_version(version.as_bytes());
        let set = server.all_set();
        Self {
            server,
            version: own_version(&Bytes::copy_from_slice(version.as_bytes()), dialect),
            dialect,
            catalog: OnceCell::new(),
            connection_id,
            login: Login::default(),
            state: SessionState::default(),
            default_collation: dialect.default_collation(0),
            set,
            user_variables: BTreeMap::new(),
            bound: Vec::new(),
            steps: Cell::default(),
            last: Last::default(),
            recorded: None,
        }
    }

    /// Called with each statement, before it is looked at.
    pub(super) fn see(&mut self, statement: &Statement) {
        self.state.clone_from(&statement.state);
        let params = statement.params.iter().take(MOST_BOUND);
        self.bound = params.map(|param| bound(&param.value())).collect();
        self.steps.set(MOST_STEPS);
    }

    /// How the current statement is to be read: its quotes and comments.
    pub(super) fn reading(&self) -> Reading {
        let flags = self.status_flags();
        let set = self.state.character_sets.client;
        let set = Collation::by_id(self.dialect.product(), set);
        Reading {
            ansi_quotes: flags.contains(StatusFlags::ANSI_QUOTES) || quotes_names(self.modes()),
            no_backslash_escapes: flags.contains(StatusFlags::NO_BACKSLASH_ESCAPES),
            characters: set
                .map_or_else(Characters::default, |set| Characters::of(set.character_set)),
            ..self.dialect.into()
        }
    }

    /// The `sql_mode` that the session has set, or has from the global value.
    pub(super) fn modes(&self) -> &str {
        match self.set.get("sql_mode") {
            Some(Value::Text(modes)) => modes,
            _ => "",
        }
    }

    /// Counts what is done for a statement.
    ///
    /// # Errors
    /// When it is so much that other sessions would have to wait.
    pub(super) fn spend(&self, steps: usize) -> Result<(), Stop> {
        let left = self.steps.get().checked_sub(steps).ok_or(Stop::Unknown)?;
        self.steps.set(left);
        Ok(())
    }

    /// What is bound to a placeholder; NULL before that, nothing for what isn't understood.
    pub(super) fn bound(&self, index: usize) -> Option<Typed> {
        self.bound
            .get(index)
            .cloned()
            .unwrap_or_else(|| Some(Typed::null()))
    }

    /// Called with the script's greeting: changes it to the one that the client gets.
    pub(super) fn greet(&mut self, greeting: &mut Greeting) {
        let told = greeting.server_version.as_ref();
        if let Some(version) = told.filter(|&version| *version != self.version) {
            self.dialect = Dialect::of_version(version);
            self.version = own_version(version, self.dialect);
            self.catalog = OnceCell::new();
        }
        if let Some(id) = greeting.connection_id {
            self.connection_id = id;
        }
        self.default_collation = self.dialect.default_collation(greeting.character_set);
        greeting.status_flags = self.greeted_with(greeting.status_flags);
    }

    /// The schema in use.
    pub(super) fn schema(&self) -> Option<String> {
        let schema = self.state.schema.as_deref()?;
        Some(String::from_utf8_lossy(schema).into_owned())
    }

    /// Nothing that was set before holds any more.
    pub(super) fn reset(&mut self) {
        self.set = self.server.all_set();
        self.user_variables.clear();
        self.last = Last::default();
    }

    /// A statement was answered.
    pub(super) fn answered(&mut self, reply: &Reply) {
        self.last = self.last.after(reply);
    }

    pub(super) fn catalog(&self) -> &Catalog {
        self.catalog.get_or_init(|| Catalog::of(&self.version()))
    }

    pub(super) fn is_mariadb(&self) -> bool {
        self.catalog().is_mariadb
    }

    pub(super) fn version(&self) -> String {
        String::from_utf8_lossy(&self.version).into_owned()
    }

    /// The user that is logged in.
    pub(super) fn user(&self) -> String {
        let username = String::from_utf8_lossy(&self.login.username);
        format!("{username}@{}", self.login.host())
    }

    /// Sets a variable of the session, or for all sessions that come.
    pub(super) fn set(&mut self, name: &str, value: Value, is_global: bool) {
        match (name, &value) {
            _ if is_global => self.server.set(name, value),
            ("last_insert_id" | "identity", Value::Integer(id)) => {
                self.last.last_insert_id = u64::try_from(*id).unwrap_or(0);
            }
            ("sql_mode", Value::Text(modes)) => {
                self.set_sql_mode(modes);
                self.set.insert(name.to_owned(), value);
            }
            _ if self.set_state(name, &value) => {}
            _ => {
                self.set.insert(name.to_owned(), value);
            }
        }
    }

    /// Whether all of these user variables may be set.
    pub(super) fn has_room_for<'a>(
        &self,
        variables: impl IntoIterator<Item = (&'a String, &'a Typed)>,
    ) -> bool {
        let mut names = BTreeSet::new();
        for (name, value) in variables {
            if value.value.text_len() > MOST_TEXT || name.len() > LONGEST_NAME {
                return false;
            }
            if !self.user_variables.contains_key(name) {
                names.insert(name);
            }
        }
        self.user_variables.len() + names.len() <= MOST_USER_VARIABLES
    }

    /// Sets a user variable for which there is [room](Self::has_room_for).
    pub(super) fn set_user_variable(&mut self, name: String, value: Typed) {
        self.user_variables.insert(name, value);
    }

    pub(super) fn user_variable(&self, name: &str) -> Typed {
        let value = self.user_variables.get(name).cloned();
        let is_mariadb = self.is_mariadb();
        match value {
            Some(Typed { value, shape }) => {
                let shape = user_variables::shape(&value, shape, is_mariadb);
                Typed::new(value, shape)
            }
            None => Typed::new(Value::Null, user_variables::unset(is_mariadb)),
        }
    }

    /// A system variable's value.
    ///
    /// # Errors
    /// 1193 if the version doesn't have it, 1238 if it has no such scope.
    pub(super) fn variable(&self, variable: &SystemVariable) -> Result<Typed, Failure> {
        let name = variable.name.as_str();
        let known = self.catalog().variable(name);
        let known = known.ok_or_else(|| failures::unknown_variable(name))?;
        let is_global = variable.scope == Some(VariableScope::Global);
        if is_global && !known.is_global {
            return Err(failures::session_variable_read_as_global(name));
        }
        if variable.scope == Some(VariableScope::Session) && !known.is_session {
            return Err(failures::global_variable_read_as_session(name));
        }
        let value = self.value(name, known, is_global);
        let shape = known.kind.shape(&value, self.is_mariadb());
        Ok(Typed::new(value, shape))
    }

    /// The value of a variable that is known.
    pub(super) fn value(&self, name: &str, known: &Variable, is_global: bool) -> Value {
        if let Some(own) = self.own_value(name) {
            return own;
        }
        let set = match is_global || !known.is_session {
            true => self.server.was_set(name),
            false => self
                .state_value(name)
                .or_else(|| self.set.get(name).cloned()),
        };
        let recorded = || {
            let recorded = self.recorded.as_ref()?.get(name)?;
            Some(known.kind.read(recorded))
        };
        set.or_else(recorded)
            .or_else(|| self.server.value(name))
            .or_else(|| character_sets::default_value(name, self.default_collation, self.dialect))
            .unwrap_or_else(|| known.value.clone())
    }

    /// The value of a variable that the session or the server knows by itself.
    fn own_value(&self, name: &str) -> Option<Value> {
        let count = |count: usize| Value::Integer(count.try_into().unwrap_or(0));
        Some(match name {
            "version" => Value::Text(self.version()),
            "pseudo_thread_id" => Value::Integer(self.connection_id.into()),
            "last_insert_id" | "identity" => Value::Integer(self.last.last_insert_id.into()),
            "warning_count" => count(self.last.warning_count()),
            "error_count" => count(self.last.failure.iter().count()),
            "in_transaction" => Value::flag(self.status_flags().contains(StatusFlags::IN_TRANS)),
            "timestamp" if !self.set.contains_key(name) => {
                Value::Integer(Timestamp::now().as_second().into())
            }
            _ => return None,
        })
    }

    /// The session's value of a variable, if the version has it.
    pub(super) fn session_value(&self, name: &str) -> Option<Value> {
        let known = self.catalog().variable(name)?;
        Some(self.value(name, known, false))
    }

    /// Whether an OK reports a change of the variable of this name: `session_track_system_variables`.
    pub(super) fn is_tracked(&self, name: &str) -> bool {
        let Some(Value::Text(tracked)) = self.session_value("session_track_system_variables")
        else {
            return false;
        };
        let mut tracked = tracked.split(',').map(str::trim);
        tracked.any(|tracked| tracked == "*" || tracked.eq_ignore_ascii_case(name))
    }

    pub(super) fn time_zone(&self) -> TimeZone {
        let name = self.session_value("time_zone");
        let name = name.and_then(|name| name.to_cell());
        name.and_then(|name| zone(&name)).unwrap_or(TimeZone::UTC)
    }

    /// What SHOW STATUS knows of the session.
    pub(super) fn status(&self, name: &str) -> Option<String> {
        let tls = self.login.tls.as_ref();
        let text = |text: Option<&String>| text.cloned().unwrap_or_default();
        Some(match name {
            "Ssl_cipher" | "Mysqlx_ssl_cipher" => text(tls.map(|tls| &tls.cipher)),
            "Ssl_version" | "Mysqlx_ssl_version" => text(tls.map(|tls| &tls.version)),
            "Uptime" | "Uptime_since_flush_status" => self.server.uptime().as_secs().to_string(),
            "Threads_connected" | "Threads_running" => "1".to_owned(),
            _ => return None,
        })
    }

    /// Every variable of a scope with its value as it is listed.
    pub(super) fn listed(&self, is_global: bool) -> impl Iterator<Item = (&str, String)> {
        let variables = self.catalog().variables().iter();
        let variables = variables.filter(move |(_, known)| known.is_global || !is_global);
        variables.map(move |(name, known)| {
            let value = self.value(name, known, is_global);
            (name.as_str(), known.kind.listed(&value))
        })
    }

    /// The kind of a variable, if the version has it.
    pub(super) fn kind(&self, name: &str) -> Option<Kind> {
        Some(self.catalog().variable(name)?.kind)
    }
}

/// A version without what MariaDB greets with before its own, for clients that know none from 10 on.
fn own_version(greeted: &Bytes, dialect: Dialect) -> Bytes {
    match greeted.strip_prefix(b"5.5.5-") {
        Some(own) if dialect.is_mariadb => greeted.slice_ref(own),
        _ => greeted.clone(),
    }
}

/// A value that a client bound.
fn bound(value: &mynah_classic::value::Value<'_>) -> Option<Typed> {
    use mynah_classic::value::Value as Bound;
    let integer = |number: i128, shape: Shape| Typed::new(Value::Integer(number), shape);
    Some(match value {
        Bound::Null => Typed::null(),
        Bound::Int(number) => integer((*number).into(), Shape::BIGINT),
        Bound::UInt(number) => integer((*number).into(), Shape::UNSIGNED),
        Bound::Float(number) => Typed::new(Value::Double((*number).into()), Shape::DOUBLE),
        Bound::Double(number) => Typed::new(Value::Double(*number), Shape::DOUBLE),
        Bound::Bytes(bytes) if bytes.len() <= MOST_TEXT => {
            Typed::text(String::from_utf8_lossy(bytes))
        }
        _ => return None,
    })
}

/// A longer text isn't kept, nor made, in bytes.
pub(super) const MOST_TEXT: usize = 8 * 1024;
/// How many expressions, or cells, may be looked at for one statement: some tenths of a second.
const MOST_STEPS: usize = 1_000_000;
/// How many bound values are looked at.
const MOST_BOUND: usize = 64;
/// How many user variables a session may have.
const MOST_USER_VARIABLES: usize = 256;
/// How long the name of one may be, in bytes: 64 characters.
const LONGEST_NAME: usize = 256;
