//! Answers every statement with an empty OK, as `serve_one` of opensrv-mysql and of msql-srv do.

use mynah_server::{Backend, Failure, Finished, Results, Server, Statement};

struct Empty;

impl Backend for Empty {
    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        println!("execute sql {:?}", statement.text);
        Ok(results.ok())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::on_port(0).serve(|_| Empty)?;
    println!("listening on {:?}", server.tcp_address());
    loop {
        std::thread::park();
    }
}
