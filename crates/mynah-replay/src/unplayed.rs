use crate::effects::Tables;

/// Changes that the recording has answered, so that the server doesn't have them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unplayed(Vec<Change>);

/// A change, by the statement that made it.
#[derive(Clone, Debug)]
struct Change {
    tables: Tables,
    statement: String,
}

impl Unplayed {
    pub(crate) fn add(&mut self, tables: &Tables, statement: &str) {
        if self
            .0
            .iter()
            .any(|known| known.tables == *tables || known.tables == Tables::Any)
        {
            return;
        }
        let tables = match self.0.len() < MOST {
            true => tables.clone(),
            false => Tables::Any,
        };
        self.0.push(Change {
            tables,
            statement: statement.to_owned(),
        });
    }

    pub(crate) fn append(&mut self, other: Self) {
        for change in other.0 {
            self.add(&change.tables, &change.statement);
        }
    }

    /// The statement that has changed data in these tables.
    pub(crate) fn of(&self, tables: &Tables) -> Option<&str> {
        let mut changes = self.0.iter();
        let found = changes.find(|change| tables.meet(&change.tables))?;
        Some(&found.statement)
    }

    /// The first statement that has changed data.
    pub(crate) fn first(&self) -> Option<&str> {
        self.0.first().map(|change| &*change.statement)
    }
}

/// How many changes are kept one by one; later ones count as changes of all tables.
const MOST: usize = 1_000;
