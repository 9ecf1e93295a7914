//! Lets one user log in, and answers every statement with two rows, as `serve_auth` of opensrv-mysql does.

use mynah_server::{
    Account, Backend, Column, ColumnFlags, ColumnType, Completion, Failure, Finished, Login,
    Results, Server, Statement,
};

struct TwoRows;

impl Backend for TwoRows {
    async fn authenticate(&self, login: &Login) -> Result<Account, Failure> {
        if login.username != "default" {
            return Err(Failure::general(1045, "Access denied"));
        }
        Ok(Account::default())
    }

    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        println!("execute sql {:?}", statement.text);
        let number = Column::of_type("abc", ColumnType::LONG).with_flags(ColumnFlags::UNSIGNED);
        let mut rows = results.columns([number]).with_end(Completion {
            message: "ExtraInfo".into(),
            ..Completion::default()
        });
        rows.row([67_108_864_u32]).await?;
        rows.row([167_108_864_u32]).await?;
        Ok(rows.finish())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::on_port(0)
        .version("5.1.10-alpha-msql-proxy")
        .serve(|_| TwoRows)?;
    println!("listening on {:?}", server.tcp_address());
    loop {
        std::thread::park();
    }
}
