//! Reads a configuration file, and checks it as a whole.

use std::io::Read;
use std::path::Path;

use toml_edit::{Document, Item, TableLike};

use super::keys::{Key, Kind, key, names_below, required};
use super::listeners::{self, Listener, Server};
use super::names::{nearest, shown_name};
use super::problem::Place;
use super::value::texts;
use super::words::Word;
use super::{ConfigError, Problem, Words};

/// Reads a file.
///
/// # Errors
/// All that is wrong in the file, in the order of its lines.
pub(crate) fn read(path: &Path) -> Result<Words, ConfigError> {
    let unread = |source| ConfigError::Unread {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unread)?;
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unread)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(ConfigError::TooLarge(path.to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|_| ConfigError::NotUtf8(path.to_owned()))?;
    read_text(&text, path)
}

/// Reads the text of a file at this path.
pub(super) fn read_text(text: &str, path: &Path) -> Result<Words, ConfigError> {
    let document = Document::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let place = Place::new(text, start, "");
        let message = error.message().replace('\n', ", ");
        ConfigError::Wrong(vec![place.problem(path, message)])
    })?;
    let mut reader = Reader {
        text,
        file: path,
        folder: path.parent().unwrap_or(Path::new("")),
        words: Vec::new(),
        listeners: Vec::new(),
        servers: Vec::new(),
        problems: Vec::new(),
    };
    reader.table(document.as_table(), &Here::default());
    let mut routes = listeners::words(
        path,
        &reader.listeners,
        &reader.servers,
        &mut reader.problems,
    );
    routes.append(&mut reader.words);
    let mut problems = reader.problems;
    if !problems.is_empty() {
        problems.sort();
        return Err(ConfigError::Wrong(problems));
    }
    Ok(Words {
        file: path.to_owned(),
        words: routes,
    })
}

/// Where the reader is.
#[derive(Clone, Debug, Default)]
struct Here {
    /// The path as the table of keys has it, `listeners.*`.
    pattern: String,
    /// The path with names, `listeners.main`.
    path: String,
    /// The offset in the text.
    start: usize,
}

struct Reader<'a> {
    text: &'a str,
    file: &'a Path,
    folder: &'a Path,
    words: Vec<Word>,
    listeners: Vec<Listener>,
    servers: Vec<Server>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn table(&mut self, table: &dyn TableLike, here: &Here) {
        let allowed = names_below(&here.pattern);
        match here.pattern.as_str() {
            "listeners.*" => self.listeners.push(Listener::new(self.place(here))),
            "servers.*" => self.servers.push(Server::new(self.place(here))),
            _ => {}
        }
        if allowed == ["*"] && table.is_empty() {
            self.wrong(here, "is empty; write at least one table in it");
        }
        for (name, item) in table.iter() {
            let key = table.get_key_value(name).map(|(key, _)| key);
            let span = key.and_then(toml_edit::Key::span).or_else(|| item.span());
            let is_named = allowed == ["*"];
            let join = |path: &str, name: &str| match path {
                "" => name.to_owned(),
                _ => format!("{path}.{name}"),
            };
            let below = Here {
                pattern: join(&here.pattern, if is_named { "*" } else { name }),
                path: join(&here.path, &shown_name(name)),
                start: span.map_or(here.start, |span| span.start),
            };
            if is_named && name.is_empty() {
                self.wrong(&below, "the name is empty; use a name");
            } else if is_named || allowed.contains(&name) {
                self.item(item, &below);
            } else {
                self.wrong(&below, &unknown(name, &allowed));
            }
        }
        for name in required(&here.pattern) {
            if !table.contains_key(name) {
                self.wrong(here, &format!("the key '{name}' is missing; write it"));
            }
        }
    }

    fn item(&mut self, item: &Item, here: &Here) {
        if let Some(key) = key(&here.pattern) {
            match texts(key, item, self.folder) {
                Ok(texts) => self.add(key, texts, here),
                Err(problem) => self.wrong(here, &problem),
            }
        } else if let Some(table) = item.as_table_like() {
            self.table(table, here);
        } else {
            let name = item.type_name();
            self.wrong(here, &format!("is of the type {name}; write a table"));
        }
    }

    fn add(&mut self, key: &Key, texts: Option<Vec<String>>, here: &Here) {
        let Some(texts) = texts else {
            return;
        };
        let place = self.place(here);
        if key.path.starts_with("listeners.") {
            if let Some(listener) = self.listeners.last_mut() {
                listener.set(key.path, texts, place);
            }
        } else if key.path.starts_with("servers.") {
            if let Some(server) = self.servers.last_mut() {
                server.address = texts.into_iter().next();
            }
        } else if key.kind == Kind::Flag {
            let (option, value) = (key.option, None);
            self.words.push(Word {
                option,
                value,
                place,
            });
        } else {
            self.words.extend(texts.into_iter().map(|text| Word {
                option: key.option,
                value: Some(text),
                place: place.clone(),
            }));
        }
    }

    fn place(&self, here: &Here) -> Place {
        Place::new(self.text, here.start, &here.path)
    }

    fn wrong(&mut self, here: &Here, text: &str) {
        let problem = self.place(here).problem(self.file, text);
        self.problems.push(problem);
    }
}

fn unknown(name: &str, allowed: &[&str]) -> String {
    match nearest(name, allowed.iter().copied()) {
        Some(near) => format!("is no key here; did you mean '{near}'?"),
        None => format!("is no key here; use {}", allowed.join(", ")),
    }
}

/// The largest file that is read.
const MOST_BYTES: u64 = 1024 * 1024;
