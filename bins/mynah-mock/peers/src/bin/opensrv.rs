//! `opensrv`: the example server of opensrv-mysql, a task for each connection, which answers
//! every statement with one row.

use std::io;

use async_trait::async_trait;
use opensrv_mysql::{
    AsyncMysqlIntermediary, AsyncMysqlShim, Column, ColumnFlags, ColumnType, InitWriter,
    OkResponse, ParamParser, QueryResultWriter, StatementMetaWriter,
};
use tokio::io::AsyncWrite;
use tokio::net::TcpListener;

struct OneRow;

#[async_trait]
impl<W: AsyncWrite + Send + Unpin> AsyncMysqlShim<W> for OneRow {
    type Error = io::Error;

    async fn on_prepare<'a>(
        &'a mut self,
        _: &'a str,
        info: StatementMetaWriter<'a, W>,
    ) -> io::Result<()> {
        info.reply(1, &[], &[]).await
    }

    async fn on_execute<'a>(
        &'a mut self,
        _: u32,
        _: ParamParser<'a>,
        results: QueryResultWriter<'a, W>,
    ) -> io::Result<()> {
        results.completed(OkResponse::default()).await
    }

    async fn on_close(&mut self, _: u32) {}

    async fn on_init<'a>(&'a mut self, _: &'a str, writer: InitWriter<'a, W>) -> io::Result<()> {
        writer.ok().await
    }

    async fn on_query<'a>(
        &'a mut self,
        _: &'a str,
        results: QueryResultWriter<'a, W>,
    ) -> io::Result<()> {
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
        let mut rows = results.start(&columns).await?;
        rows.write_col(1i32)?;
        rows.write_col("ada")?;
        rows.end_row().await?;
        rows.finish().await
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("opensrv-mysql listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let (read, write) = stream.into_split();
            let served = AsyncMysqlIntermediary::run_on(OneRow, read, write).await;
            if let Err(error) = served {
                eprintln!("{error}");
            }
        });
    }
}
