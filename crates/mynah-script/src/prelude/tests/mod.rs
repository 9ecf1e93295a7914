mod drivers;
mod expressions;
mod state;
mod tools;
mod variables;

use mynah_classic::StatusFlags;
use mynah_classic::response::SessionStateChange;
use mynah_session::{StatementCommand, Warning, WarningLevel};

use super::*;

/// A client of a prelude, with the state that its session is in.
struct Client {
    prelude: Prelude,
    state: SessionState,
}

impl Client {
    fn new(prelude: Option<Prelude>) -> Self {
        let state = SessionState {
            schema: Some("zoo".into()),
            ..SessionState::default()
        };
        Self {
            prelude: prelude.unwrap(),
            state,
        }
    }

    fn statement(&mut self, statement: &Statement) -> Option<Reply> {
        let state = self.state.clone();
        let statement = Statement {
            state,
            ..statement.clone()
        };
        let reply = self.prelude.statement(&statement)?;
        self.take_over(&reply);
        Some(reply)
    }

    /// The script answers a statement.
    fn answered(&mut self, text: &'static str, outcome: Outcome) {
        let state = self.state.clone();
        let statement = Statement {
            state,
            ..Statement::query(text)
        };
        let mut reply = outcome.into();
        self.prelude.answered(&statement, &mut reply);
        self.take_over(&reply);
    }

    fn take_over(&mut self, reply: &Reply) {
        let completion = match &reply.outcome {
            Outcome::Ok(completion) => completion,
            Outcome::Rows(result) => &result.end,
            _ => return,
        };
        self.state.take_over(completion, self.prelude.facts.dialect);
    }

    fn reset(&mut self) {
        self.prelude.reset();
        *self = Self::new(Some(std::mem::replace(
            &mut self.prelude,
            prelude().prelude,
        )));
    }
}

impl std::ops::Deref for Client {
    type Target = Prelude;

    fn deref(&self) -> &Prelude {
        &self.prelude
    }
}

impl std::ops::DerefMut for Client {
    fn deref_mut(&mut self) -> &mut Prelude {
        &mut self.prelude
    }
}

fn prelude() -> Client {
    of_version("9.7.4-mock", PreludeKind::Default)
}

fn of_version(version: &str, kind: PreludeKind) -> Client {
    let server = Arc::new(Server::new(Identity::at(3307)));
    let mut client = Client::new(Prelude::new(kind, server, version, 7));
    let username = "ada".into();
    client.logged_in(&Login {
        username,
        ..Login::default()
    });
    client
}

fn ask(client: &mut Client, text: &'static str) -> Option<Outcome> {
    let reply = client.statement(&Statement::query(text));
    reply.map(|reply| reply.outcome)
}

/// Names of columns, and the cells of the rows.
fn table(outcome: Option<Outcome>) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let Some(Outcome::Rows(result)) = outcome else {
        panic!("no rows: {outcome:?}");
    };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let columns = result.columns.iter();
    let names = columns.map(|column| text(column.names.name())).collect();
    let rows = (0..result.rows.len()).map(|index| {
        let row = result.rows.get(index).unwrap();
        row.cells().map(|cell| cell.unwrap().map(text)).collect()
    });
    (names, rows.collect())
}

fn selected(prelude: &mut Client, text: &'static str) -> Vec<Option<String>> {
    table(ask(prelude, text)).1.remove(0)
}

fn completion(outcome: Option<Outcome>) -> Completion {
    match outcome {
        Some(Outcome::Ok(completion)) => completion,
        other => panic!("not OK: {other:?}"),
    }
}

fn refused(prelude: &mut Client, text: &'static str) -> (u16, String) {
    match ask(prelude, text) {
        Some(Outcome::Error(failure)) => {
            let message = String::from_utf8(failure.message.to_vec()).unwrap();
            (failure.code, message)
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn cells(prelude: &mut Client, text: &'static str) -> Vec<Vec<String>> {
    let (_, rows) = table(ask(prelude, text));
    let cell = |cell: Option<String>| cell.unwrap_or_else(|| "NULL".to_owned());
    let rows = rows.into_iter();
    rows.map(|row| row.into_iter().map(cell).collect())
        .collect()
}
