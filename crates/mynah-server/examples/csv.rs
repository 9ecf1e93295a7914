//! Serves the CSV files of a folder: `SHOW TABLES`, `DESCRIBE name`, `SELECT * FROM name`, also prepared. The first line of
//! a file has the columns.

use std::path::PathBuf;
use std::{env, fs, io};

use mynah_server::{Backend, Column, Failure, Finished, Results, Server, Statement, codes};

struct Folder(PathBuf);

impl Folder {
    /// The names of the files, without `.csv`.
    fn tables(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for file in fs::read_dir(&self.0)? {
            let name = file?.file_name().to_string_lossy().into_owned();
            names.extend(name.strip_suffix(".csv").map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// The lines of a table, cut into cells.
    fn read(&self, table: &str) -> Result<Vec<Vec<String>>, Failure> {
        let is_known = self
            .tables()
            .is_ok_and(|names| names.iter().any(|name| name == table));
        let text = is_known.then(|| fs::read_to_string(self.0.join(format!("{table}.csv"))));
        let Some(Ok(text)) = text else {
            let message = format!("Table 'csv.{table}' doesn't exist");
            return Err(Failure::general(codes::ER_NO_SUCH_TABLE, message));
        };
        let cells = |line: &str| line.split(',').map(|cell| cell.trim().to_owned()).collect();
        Ok(text.lines().map(cells).collect())
    }
}

impl Backend for Folder {
    async fn init_db(&self, _schema: &str) -> Result<(), Failure> {
        Ok(())
    }

    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        let text = String::from_utf8_lossy(&statement.text);
        let words: Vec<_> = text
            .trim()
            .trim_end_matches(';')
            .split_whitespace()
            .collect();
        let lower: Vec<_> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
        let lower: Vec<_> = lower.iter().map(String::as_str).collect();
        let name = words.last().copied().unwrap_or_default();
        let name = name
            .rsplit('.')
            .next()
            .unwrap_or_default()
            .trim_matches('`');
        match lower[..] {
            ["show", "databases" | "schemas"] => {
                let mut rows = results.columns([Column::text("Database")]);
                rows.row(["csv"]).await?;
                Ok(rows.finish())
            }
            ["show", "tables"] => {
                let mut rows = results.columns([Column::text("Tables_in_csv")]);
                for name in self.tables().unwrap_or_default() {
                    rows.row([name]).await?;
                }
                Ok(rows.finish())
            }
            ["describe" | "desc", _] => {
                let mut rows = results.columns(["Field", "Type"].map(Column::text));
                for column in self.read(name)?.into_iter().next().unwrap_or_default() {
                    rows.row([column, "text".to_owned()]).await?;
                }
                Ok(rows.finish())
            }
            ["select", "*", "from", _] => {
                let mut lines = self.read(name)?.into_iter();
                let columns = lines
                    .next()
                    .unwrap_or_default()
                    .into_iter()
                    .map(Column::text);
                let mut rows = results.columns(columns);
                for line in lines {
                    rows.row(line).await?;
                }
                Ok(rows.finish())
            }
            _ => Err(Failure::general(
                codes::ER_PARSE_ERROR,
                "this server knows SHOW TABLES, DESCRIBE name and SELECT * FROM name",
            )),
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let server = Server::on_port(33060).serve(move |_| Folder(PathBuf::from(&folder)))?;
    println!("connect to {:?}; Enter ends it", server.addresses());
    io::stdin().read_line(&mut String::new())?;
    Ok(())
}
