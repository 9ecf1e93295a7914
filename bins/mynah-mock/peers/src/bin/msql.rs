//! `msql`: the example server of msql-srv, a thread for each connection, which answers every
//! statement with one row.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::thread;

use msql_srv::{
    Column, ColumnFlags, ColumnType, InitWriter, MysqlIntermediary, MysqlShim, ParamParser,
    QueryResultWriter, StatementMetaWriter,
};

struct OneRow;

impl<W: Read + Write> MysqlShim<W> for OneRow {
    type Error = io::Error;

    fn on_prepare(&mut self, _: &str, info: StatementMetaWriter<'_, W>) -> io::Result<()> {
        info.reply(1, &[], &[])
    }

    fn on_execute(
        &mut self,
        _: u32,
        _: ParamParser<'_>,
        results: QueryResultWriter<'_, W>,
    ) -> io::Result<()> {
        results.completed(0, 0)
    }

    fn on_close(&mut self, _: u32) {}

    fn on_init(&mut self, _: &str, writer: InitWriter<'_, W>) -> io::Result<()> {
        writer.ok()
    }

    fn on_query(&mut self, _: &str, results: QueryResultWriter<'_, W>) -> io::Result<()> {
        let column = |name: &str, coltype| Column {
            table: String::new(),
            column: name.to_owned(),
            coltype,
            colflags: ColumnFlags::empty(),
        };
        let columns = [
            column("id", ColumnType::MYSQL_TYPE_LONG),
            column("name", ColumnType::MYSQL_TYPE_VAR_STRING),
        ];
        let mut rows = results.start(&columns)?;
        rows.write_col(1i32)?;
        rows.write_col("ada")?;
        rows.end_row()?;
        rows.finish()
    }
}

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("msql-srv listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        thread::spawn(move || {
            let served = MysqlIntermediary::run_on_tcp(OneRow, stream);
            if let Err(error) = served {
                eprintln!("{error}");
            }
        });
    }
}
