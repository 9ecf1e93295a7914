/// What is known of the text between a pair of parentheses, or of a statement outside of all.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// Whether it is in a list of tables, where each comma stands before another one.
    pub(super) lists_tables: bool,
    /// Whether a table comes next.
    pub(super) expects_table: bool,
    /// Whether a FROM that comes begins a list of tables: behind SELECT and DELETE, but not in `trim(a from b)`.
    pub(super) awaits_from: bool,
    /// Whether a table was joined in the list.
    pub(super) has_join: bool,
    /// The names that WITH clauses have defined so far.
    pub(super) ctes: Vec<Vec<u8>>,
    pub(super) with: With,
}

impl Level {
    /// Of parentheses where a table may stand.
    pub(super) fn of_tables() -> Self {
        Self {
            lists_tables: true,
            expects_table: true,
            ..Self::default()
        }
    }

    pub(super) fn begin_tables(&mut self) {
        (self.lists_tables, self.expects_table) = (true, true);
        (self.awaits_from, self.has_join) = (false, false);
    }

    pub(super) fn end_tables(&mut self) {
        (self.lists_tables, self.expects_table) = (false, false);
    }

    pub(super) fn begin_select(&mut self) {
        self.end_tables();
        self.awaits_from = true;
    }

    /// Parentheses have ended: if they were the query of a WITH clause, its name is defined from here on.
    pub(super) fn end_query(&mut self) {
        self.with = match std::mem::take(&mut self.with) {
            With::Query { recursive, name } => {
                self.ctes.push(name);
                With::After { recursive }
            }
            with => with,
        };
    }
}

/// Where in a WITH clause the text is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum With {
    /// In none.
    #[default]
    None,
    /// A name comes.
    Name { recursive: bool },
    /// The name's columns, AS, or its query comes.
    Named {
        recursive: bool,
        name: Vec<u8>,
        has_as: bool,
    },
    /// In the parentheses of the query.
    Query { recursive: bool, name: Vec<u8> },
    /// Behind a query: another name may come, or the statement that uses them.
    After { recursive: bool },
    /// In MariaDB's clause CYCLE, up to RESTRICT.
    Cycle { recursive: bool },
}
