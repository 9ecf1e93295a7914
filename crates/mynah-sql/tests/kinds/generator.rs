//! Statements that are made up of random parts, the same in every run.

/// What makes the tables that statements name.
pub(crate) const SETUP: &[&str] = &[
    "CREATE SCHEMA shop",
    "CREATE TABLE t0 (a INT)",
    "CREATE TABLE t1 (a INT)",
    "CREATE TABLE `t 2` (a INT)",
    "CREATE TABLE `select` (a INT)",
    "CREATE TABLE shop.s0 (a INT)",
    "CREATE TABLE shop.s1 (a INT)",
    "CREATE TABLE shop.t0 (a INT)",
    "CREATE TABLE w0 (a INT)",
    "CREATE TABLE w1 (a INT)",
    "CREATE TABLE shop.w2 (a INT)",
];

/// Tables that are read.
const READ: &[&str] = &[
    "t0",
    "t1",
    "`t 2`",
    "`select`",
    "test.t0",
    "test . `t1`",
    "shop.s0",
    "`shop`.`s1`",
    "shop.t0",
];

/// Tables that are changed; servers don't let a statement change what it reads.
const CHANGED: &[&str] = &["w0", "test.w1", "`shop`.w2"];

pub(crate) struct Random {
    state: u64,
    /// How many aliases there are.
    aliases: usize,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            aliases: 0,
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % bound
    }

    fn of<'a>(&mut self, several: &[&'a str]) -> &'a str {
        several[self.below(several.len())]
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        let number = self.aliases;
        match self.below(3) {
            0 => format!(" AS x{number}"),
            1 => format!(" x{number}"),
            _ => format!(" as `x {number}`"),
        }
    }

    pub(crate) fn statement(&mut self) -> String {
        self.aliases = 0;
        let statement = match self.below(12) {
            0..=4 => self.with(2),
            5 => format!("({})", self.select(2, &[])),
            6 => {
                let (one, other) = (self.select(1, &[]), self.select(1, &[]));
                let how = self.of(&["union", "UNION ALL", "union distinct"]);
                format!("({one}) {how} ({other}) order by 1 limit 3")
            }
            7 => {
                let verb = self.of(&[
                    "insert into",
                    "INSERT IGNORE INTO",
                    "insert",
                    "replace into",
                ]);
                let table = self.of(CHANGED);
                let columns = self.of(&["", " (a)", "(`a`)"]);
                match self.below(3) {
                    0 => format!("{verb} {table}{columns} values (1), ((select 2))"),
                    1 => format!("{verb} {table}{columns} {}", self.select(2, &[])),
                    _ => format!("{verb} {table} set a = ({})", self.scalar()),
                }
            }
            8 => {
                let (table, condition) = (self.of(CHANGED), self.condition(1, &[]));
                format!("update {table} set a = 1 where {condition}")
            }
            9 => {
                let (table, from) = (self.of(CHANGED), self.factor(1, &[]));
                let condition = self.condition(1, &[]);
                format!("update {table} as target join {from} set target.a = 2 where {condition}")
            }
            10 => {
                let (table, from) = (self.of(CHANGED), self.factor(1, &[]));
                match self.below(3) {
                    0 => format!(
                        "delete target from {table} as target, {from} where {}",
                        self.condition(1, &[])
                    ),
                    1 => format!("delete from target using {table} as target join {from}"),
                    _ => format!("delete from {table} where {}", self.condition(1, &[])),
                }
            }
            _ => format!("explain {}", self.select(2, &[])),
        };
        match self.below(5) {
            0 => format!("/* from x */ {statement} -- from y"),
            1 => statement.replacen(' ', " /* from x */\n", 2),
            2 => format!("{statement};"),
            _ => statement,
        }
    }

    /// A query with names that it defines in front, all of which it uses.
    fn with(&mut self, depth: usize) -> String {
        let count = self.below(3);
        if count == 0 {
            let end = self.of(&["", "", " for update", " lock in share mode", " limit 1, 2"]);
            return self.select(depth, &[]) + end;
        }
        let (mut names, mut parts) = (Vec::new(), Vec::new());
        for number in 0..count {
            // One has the name of a table, which its query reads, too.
            let name = match (number, self.below(3)) {
                (0, 0) => "t0".to_owned(),
                _ => format!("c{number}"),
            };
            let query = self.select(depth - 1, &names);
            let columns = self.of(&["", " (a)"]);
            parts.push(format!("{name}{columns} as ({query})"));
            names.push(name);
        }
        let used = names.iter().map(|name| format!("{name}{}", self.alias()));
        let used: Vec<_> = used.collect();
        let recursive = if names.contains(&"t0".to_owned()) {
            ""
        } else {
            self.of(&["", "recursive "])
        };
        let rest = self.factor(depth - 1, &names);
        format!(
            "with {recursive}{} select 1 as a from {}, {rest}",
            parts.join(", "),
            used.join(" join ")
        )
    }

    /// A query of one column, which may use these names.
    fn select(&mut self, depth: usize, names: &[String]) -> String {
        let what = self.of(&[
            "1 as a",
            "count(*) as a",
            "extract(year from now()) as a",
            "trim(both 'x' from 'y') as a",
            "'from z' as a",
            "1. as a",
        ]);
        let verb = self.of(&[
            "select",
            "SELECT",
            "select sql_small_result",
            "select straight_join",
        ]);
        let mut query = format!("{verb} {what} from {}", self.factor(depth, names));
        for _ in 0..self.below(3) {
            query += &match self.below(4) {
                0 => format!(", {}", self.factor(depth, names)),
                1 => format!(" join {}", self.factor(depth, names)),
                2 => format!(
                    " left join {} on {}",
                    self.factor(depth, names),
                    self.condition(0, names)
                ),
                _ => format!(
                    " cross join ({} join {})",
                    self.factor(0, names),
                    self.factor(0, names)
                ),
            };
        }
        if self.below(2) == 0 {
            query += &format!(" where {}", self.condition(depth, names));
        }
        query
    }

    /// A query of one row.
    fn scalar(&mut self) -> String {
        format!("select max(1) from {}", self.factor(0, &[]))
    }

    /// What stands in a list of tables.
    fn factor(&mut self, depth: usize, names: &[String]) -> String {
        let table = match (depth, self.below(4)) {
            (1.., 0) => format!("({})", self.select(depth - 1, names)),
            (_, 1) if !names.is_empty() => names[self.below(names.len())].clone(),
            _ => self.of(READ).to_owned(),
        };
        table + &self.alias()
    }

    fn condition(&mut self, depth: usize, names: &[String]) -> String {
        match (depth, self.below(6)) {
            (1.., 0 | 1) => format!("exists ({})", self.select(depth - 1, names)),
            (1.., 2) => format!("1 not in ({})", self.select(depth - 1, names)),
            (_, 3) => "substring('abc' from 2 for 1) = 'from t1'".to_owned(),
            (_, 4) => "1 = 1 and (2, 3) in ((2, 3), (4, 5))".to_owned(),
            _ => "1 = 1".to_owned(),
        }
    }
}
