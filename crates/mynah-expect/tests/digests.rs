//! Digests of statements that are made up, as MySQL has them.
//!
//! `cargo test -p mynah-expect --test digests -- --ignored --nocapture`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use mynah_expect::{Reading, digest_text};
use mynah_testkit::servers::{RealServer, SCHEMA, Server};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder};

#[test]
#[ignore = "fetches and starts a real server"]
fn the_digests_of_a_thousand_statements_are_those_of_mysql() {
    let server = match Server::start(RealServer::MySql97) {
        Ok(server) => server,
        Err(unavailable) => {
            println!("{}: skipped: {unavailable}", RealServer::MySql97);
            return;
        }
    };
    let statements = statements(1100);
    let theirs = ask(&server, &statements);
    let mut different = Vec::new();
    let mut unreadable = 0;
    for (statement, theirs) in statements.iter().zip(theirs) {
        let ours = digest_text(statement, Reading::default());
        match theirs {
            None => {
                unreadable += 1;
                println!("no statement to MySQL: {statement}");
            }
            Some(theirs) if theirs != ours => {
                different.push(format!("{statement}\n  MySQL: {theirs}\n  here:  {ours}"));
            }
            Some(_) => {}
        }
    }
    let count = statements.len();
    println!(
        "{count} statements, {unreadable} that MySQL can't read, {} that differ",
        different.len()
    );
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(
        unreadable * 20 < count,
        "{unreadable} statements that MySQL can't read"
    );
}

fn ask(server: &Server, statements: &[String]) -> Vec<Option<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = OptsBuilder::default()
            .ip_or_hostname(server.address().ip().to_string())
            .tcp_port(server.address().port())
            .user(Some("nobody"))
            .db_name(Some(SCHEMA))
            .prefer_socket(false);
        let mut connection = Conn::new(options).await.unwrap();
        connection.query_drop("SET NAMES utf8mb4").await.unwrap();
        let mut digests = Vec::new();
        for statement in statements {
            let hex: String = statement
                .bytes()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let question = format!("SELECT STATEMENT_DIGEST_TEXT(CONVERT(x'{hex}' USING utf8mb4))");
            digests.push(
                connection
                    .query_first::<String, _>(question)
                    .await
                    .unwrap_or(None),
            );
        }
        connection.disconnect().await.unwrap();
        digests
    })
}

/// Statements of every kind that applications send, made of random parts that are the same in every run.
fn statements(count: usize) -> Vec<String> {
    let mut random = Random(42);
    (0..count).map(|_| random.statement()).collect()
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn of<'a>(&mut self, several: &[&'a str]) -> &'a str {
        several[self.below(several.len())]
    }

    fn list(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> String) -> String {
        let each: Vec<String> = (0..=self.below(most)).map(|_| one(self)).collect();
        each.join(self.of(&[", ", ",", " ,\n"]))
    }

    fn statement(&mut self) -> String {
        let statement = match self.below(12) {
            0..=4 => self.select(),
            5 => {
                let rows = self.list(3, |random| format!("({})", random.list(3, Self::value)));
                format!("insert into {} values {rows}", self.table())
            }
            6 => {
                let (columns, row) = (self.list(1, Self::name), self.list(3, Self::expression));
                let end = self.of(&["", "", " on duplicate key update a = values(a) + 1"]);
                format!(
                    "INSERT INTO {} ({columns}) VALUES ({row}){end}",
                    self.table()
                )
            }
            7 => {
                let set = self.list(2, |random| {
                    format!("{} = {}", random.name(), random.expression())
                });
                format!(
                    "update {} set {set} where {}",
                    self.table(),
                    self.condition()
                )
            }
            8 => format!(
                "delete from {} where {}{}",
                self.table(),
                self.condition(),
                self.of(&["", " limit 3"])
            ),
            9 => {
                let (one, other) = (self.select(), self.select());
                format!("({one}) union all ({other}) order by 1, {}", self.name())
            }
            10 => {
                let columns = self.list(4, |random| {
                    let kind = random.of(&[
                        "int",
                        "varchar(20)",
                        "decimal(10, 2) unsigned",
                        "datetime(6)",
                        "enum('a','b')",
                        "text",
                    ]);
                    let rest = random.of(&[
                        "",
                        " not null",
                        " default null",
                        " null",
                        " default 1",
                        " comment 'x'",
                    ]);
                    format!(
                        "{} {kind}{rest}",
                        random.of(&["a", "Name", "`b c`", "status"])
                    )
                });
                format!(
                    "create table {} ({columns}, primary key (a)) engine=InnoDB",
                    self.table()
                )
            }
            _ => self.other(),
        };
        match self.below(6) {
            0 => format!("/* a comment */ {statement}"),
            1 => format!("{statement} -- the end"),
            2 => statement.replacen(' ', " /* in between */ ", 1),
            3 => format!("{statement};"),
            _ => statement,
        }
    }

    fn select(&mut self) -> String {
        let verb = self.of(&[
            "select",
            "SELECT",
            "Select\n",
            "select distinct",
            "select /*+ MAX_EXECUTION_TIME(5) */",
            "select sql_no_cache",
        ]);
        let columns = self.list(3, Self::expression);
        let mut statement = format!("{verb} {columns} from {}", self.table());
        match self.below(5) {
            0 => {
                statement += &format!(" join {} as j on j.a = {}", self.table(), self.expression())
            }
            1 => statement += &format!(" left outer join {} using (a)", self.table()),
            _ => {}
        }
        if self.below(4) > 0 {
            statement += &format!(" where {}", self.condition());
        }
        if self.below(4) == 0 {
            statement += &format!(" group by {}", self.list(2, Self::element));
        }
        if self.below(3) == 0 {
            let order = self.list(2, |random| {
                random.element() + random.of(&["", " desc", " ASC"])
            });
            statement += &format!(" order by {order}");
        }
        statement
            + self.of(&[
                "",
                "",
                " limit 10",
                " limit 5, 10",
                " limit 5 offset 7",
                " limit 1 for update",
            ])
    }

    /// Of GROUP BY and ORDER BY.
    fn element(&mut self) -> String {
        match self.below(3) {
            0 => (1 + self.below(3)).to_string(),
            1 => self.name(),
            _ => self.expression(),
        }
    }

    fn condition(&mut self) -> String {
        let one = |random: &mut Self| match random.below(9) {
            0 => format!("{} in ({})", random.name(), random.list(4, Self::value)),
            1 => format!(
                "{} not in ({})",
                random.name(),
                random.list(3, Self::expression)
            ),
            2 => format!("{} is{} null", random.name(), random.of(&["", " not"])),
            3 => format!(
                "{} between {} and {}",
                random.name(),
                random.value(),
                random.value()
            ),
            4 => format!(
                "{} like {}",
                random.name(),
                random.of(&["'a%'", "'%\\'b'", "\"c_\""])
            ),
            5 => format!(
                "exists (select 1 from {} where b = {})",
                random.table(),
                random.value()
            ),
            6 => format!(
                "({}, a) in (({}, 1), (2, {}))",
                random.name(),
                random.value(),
                random.value()
            ),
            _ => {
                let sign = random.of(&["=", "<", ">=", "<>", "!=", "<=>", "="]);
                format!(
                    "{}{}{}",
                    random.name(),
                    random.of(&[" ", ""]).to_owned() + sign,
                    random.expression_behind()
                )
            }
        };
        let mut condition = one(self);
        for _ in 0..self.below(3) {
            condition += &format!(" {} {}", self.of(&["and", "OR", "xor", "&&"]), one(self));
        }
        condition
    }

    /// An expression behind an operator, with or without a blank.
    fn expression_behind(&mut self) -> String {
        format!(" {}", self.expression())
    }

    fn expression(&mut self) -> String {
        match self.below(14) {
            0..=3 => self.name(),
            4..=7 => self.value(),
            8 => format!(
                "{}({})",
                self.of(&[
                    "coalesce", "CONCAT", "f", "greatest", "substr", "locate", "if"
                ]),
                self.three()
            ),
            9 => format!(
                "{} {} {}",
                self.name(),
                self.of(&["+", "-", "*", "/", "div", "%", "||"]),
                self.value()
            ),
            10 => format!("({} - {})", self.value(), self.name()),
            11 => format!(
                "case {} when {} then {} else {} end",
                self.name(),
                self.value(),
                self.value(),
                self.value()
            ),
            12 => self
                .of(&[
                    "count(*)",
                    "now()",
                    "current_timestamp",
                    "user()",
                    "true",
                    "@a",
                    "@@sql_mode",
                    "count(distinct a)",
                    "cast(a as char)",
                    "date_add(a, interval 1 day)",
                    "a->'$.x'",
                    "t.a",
                    "`t`.`b c`",
                    "database()",
                ])
                .to_owned(),
            _ => format!("{} as {}", self.value(), "x").replace(" as x", ""),
        }
    }

    fn three(&mut self) -> String {
        format!("{}, {}, {}", self.value(), self.name(), self.value())
    }

    fn value(&mut self) -> String {
        self.of(&[
            "1",
            "-1",
            "0",
            "+7",
            "1.5",
            ".5",
            "1e3",
            "1.5e-3",
            "- 2",
            "'a'",
            "'it''s'",
            r"'\'x'",
            "\"quoted\"",
            "null",
            "NULL",
            "0x1f",
            "x'4142'",
            "b'01'",
            "N'n'",
            "_utf8mb4'ü'",
            "'a' 'b'",
            "'?'",
            "'-- no'",
            "18446744073709551615",
            "true",
            "FALSE",
            "date '2026-01-01'",
            "1",
            "2",
            "'x'",
        ])
        .to_owned()
    }

    fn name(&mut self) -> String {
        self.of(&[
            "a", "b", "id", "Name", "`order`", "`b c`", "t.a", "`t`.b", "d.t.c", "status", "value",
            "`x`", "ü", "type", "count",
        ])
        .to_owned()
    }

    fn table(&mut self) -> String {
        self.of(&["t", "d.t", "`my table`", "Person", "`d`.`t`", "t1"])
            .to_owned()
    }

    fn other(&mut self) -> String {
        self.of(&[
            "set names utf8mb4",
            "set @a = 1, @b := 'x'",
            "SET autocommit=0",
            "set session sql_mode = ''",
            "begin",
            "START TRANSACTION",
            "commit",
            "rollback to savepoint x",
            "show tables like 'a%'",
            "show full columns from t",
            "SHOW VARIABLES LIKE 'x'",
            "use db",
            "describe t",
            "explain select 1",
            "call p(1, 'a')",
            "call p()",
            "truncate table t",
            "drop table if exists t, u",
            "alter table t add column x int unsigned not null, drop index i",
            "create index i on t (a desc, b)",
            "lock tables t read, u write",
            "replace into t (a) values (1), (2)",
            "kill 5",
            "prepare s from 'select 1'",
            "execute s using @a, @b",
            "load data local infile 'x' into table t fields terminated by ','",
            "values row(1, 2), row(3, 4)",
            "with x as (select 1) select * from x",
            "select row_number() over (partition by a order by 1) from t",
            "do 1",
            "create user 'a'@'%' identified by 'x'",
            "grant select on d.* to a@localhost",
            "set transaction isolation level read committed",
            "insert into t select 1, a from u where b = -5",
            "select 1 from dual where 1 = 1 for share",
        ])
        .to_owned()
    }
}
