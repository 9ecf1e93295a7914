use std::sync::LazyLock;

use bytes::Bytes;
use mynah_auth::LongNonce;
use mynah_auth::rsa::PrivateKey;
use mynah_classic::response::SqlState;
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType, StatusFlags};

use crate::{
    Account, Answer, Completion, Failure, FullAuthentication, Greeting, LocalInfile, Outcome,
    Prepared, Process, PublicKey, Question, Reply, ResultSet, RowSource, Rows, Statistics, Warning,
    WarningLevel,
};

/// What a session in a fuzz target is answered: each answer of another kind than the one before,
/// beginning with one that the input chooses.
#[derive(Debug)]
pub(super) struct Answers {
    next: u8,
    how: u8,
}

impl Answers {
    pub(super) fn new(how: u8, first: u8) -> Self {
        Self { next: first, how }
    }

    /// Which of so many kinds the next answer is of.
    fn kind(&mut self, kinds: u8) -> u8 {
        self.next = self.next.wrapping_add(1);
        self.next % kinds
    }

    /// The answer to a question.
    pub(super) fn to(&mut self, question: Question) -> Answer {
        match question {
            Question::Greeting => Answer::Greeting(Ok(Box::new(self.greeting()))),
            Question::Account(_) => Answer::Account(self.account().map(Box::new)),
            Question::Nonce => Answer::Nonce(LongNonce::from_bytes(&[b'm'; 32])),
            Question::RsaKey => Answer::RsaKey(KEY.clone()),
            Question::Statement(_) | Question::File(_) | Question::Replication(_) => {
                Answer::Reply(Box::new(self.reply()))
            }
            Question::Command(_) | Question::Administration(_) | Question::Bulk(_) => {
                Answer::Command(self.command().map(Box::new))
            }
            Question::Prepared(_) => Answer::Prepared(self.prepared()),
            Question::Rows(source) => Answer::Rows(self.rows(source)),
            Question::Fields(_) => Answer::Fields(Ok(self.columns().into())),
            Question::Statistics => Answer::Statistics(Statistics::default()),
            Question::Processes if self.how & 0x20 != 0 => Answer::Refused(Failure::no_schema()),
            Question::Processes => Answer::Processes(vec![Process::default()]),
            Question::Kill(kill) => Answer::Killed(kill.connection_id % 2 == 0),
        }
    }

    fn greeting(&self) -> Greeting {
        Greeting {
            more_capabilities: Capabilities::all().difference(Capabilities::SSL),
            character_set: 45,
            auth_method: match self.how & 3 {
                0 => None,
                1 => Some("caching_sha2_password".into()),
                2 => Some("sha256_password".into()),
                _ => Some("mysql_clear_password".into()),
            },
            ..Greeting::default()
        }
    }

    fn account(&self) -> Result<Account, Failure> {
        let demanded = match self.how >> 2 & 7 {
            0 => None,
            1 => Some("mysql_native_password"),
            2 => Some("caching_sha2_password"),
            3 => Some("sha256_password"),
            4 => Some("client_ed25519"),
            5 => Some("parsec"),
            6 => Some("mysql_clear_password"),
            _ => return Err(Failure::no_schema()),
        };
        Ok(Account {
            password: (self.how & 0x20 != 0).then(|| "secret".into()),
            auth_method_name: demanded.map(Into::into),
            full: match self.how >> 6 {
                0 | 1 => FullAuthentication::Never,
                2 => FullAuthentication::First,
                _ => FullAuthentication::Always,
            },
            public_key: PublicKey::Broken,
            ..Account::default()
        })
    }

    fn reply(&mut self) -> Reply {
        let outcome = match self.kind(7) {
            0 => Outcome::Ok(completion()),
            1 => Outcome::Rows(self.result_set(false)),
            2 => Outcome::Rows(self.result_set(true)),
            3 => Outcome::Error(failure()),
            4 => Outcome::LocalInfile(LocalInfile {
                filename: "animals.csv".into(),
                limit: 100,
            }),
            5 => Outcome::Binlog(vec![Bytes::from_static(&[7; 30]); 2]),
            _ => {
                let mut reply = Reply::from(Outcome::Rows(self.result_set(false)));
                reply.more = vec![
                    Outcome::Ok(completion()),
                    Outcome::Rows(self.result_set(true)),
                    Outcome::Error(failure()),
                ];
                return reply;
            }
        };
        outcome.into()
    }

    /// The answer to a command of the X Plugin; nothing leaves it to the session.
    fn command(&mut self) -> Option<Reply> {
        (self.kind(2) == 0).then(|| self.reply())
    }

    fn prepared(&mut self) -> Result<Prepared, Failure> {
        match self.kind(4) {
            0 => Err(failure()),
            1 => Ok(Prepared {
                columns: Some([column(0)].into()),
                params: Some(2),
                ..Prepared::default()
            }),
            _ => Ok(Prepared::default()),
        }
    }

    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        match source.0.checked_sub(1) {
            Some(left) => Ok(rows(2).continued(RowSource(left))),
            None if self.kind(2) == 0 => Err(failure()),
            None => Ok(rows(1)),
        }
    }

    fn columns(&mut self) -> Vec<ColumnDefinition41> {
        (0..self.kind(3)).map(column).collect()
    }

    /// One column and some rows; some of its types don't fit the rows.
    fn result_set(&mut self, continues: bool) -> ResultSet {
        let rows = rows(3);
        ResultSet {
            columns: [column(self.next)].into(),
            rows: if continues {
                rows.continued(RowSource(2))
            } else {
                rows
            },
            end: completion(),
            is_out_parameters: self.next & 0x40 != 0,
        }
    }
}

fn rows(count: usize) -> Rows {
    let cells: [[Option<&[u8]>; 1]; 4] = [[Some(b"12")], [None], [Some(b"")], [Some(b"x")]];
    cells.into_iter().take(count).collect()
}

fn column(kind: u8) -> ColumnDefinition41 {
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: b"legs",
            ..NameParts::default()
        }),
        character_set: 45,
        column_type: match kind % 5 {
            0 => ColumnType::LONG,
            1 => ColumnType::DATETIME,
            2 => ColumnType::NEWDECIMAL,
            _ => ColumnType::VAR_STRING,
        },
        flags: ColumnFlags::empty(),
        ..ColumnDefinition41::default()
    }
}

fn completion() -> Completion {
    Completion {
        affected_rows: 3,
        last_insert_id: 70_000,
        status_flags: Some(StatusFlags::AUTOCOMMIT),
        warning_count: 1,
        message: "done".into(),
        warnings: vec![Warning {
            level: WarningLevel::Note,
            code: 1051,
            message: "unknown table".into(),
        }],
        ..Completion::default()
    }
}

fn failure() -> Failure {
    Failure {
        code: 1064,
        sql_state: SqlState(*b"42000"),
        message: "no such animal".into(),
    }
}

/// Made once, as it takes long.
static KEY: LazyLock<Option<PrivateKey>> = LazyLock::new(|| PrivateKey::generate().ok());
