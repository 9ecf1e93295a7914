//! Answers every statement with an empty OK, as `serve_one` of opensrv-mysql and of msql-srv do. With the argument
//! `print` it prints the statements, as that of opensrv-mysql does; with `threads` each client has a thread, as with
//! that of msql-srv.

use mynah_server::{Backend, Failure, Finished, Results, Server, Statement};

struct Empty {
    prints: bool,
}

impl Backend for Empty {
    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        if self.prints {
            println!("execute sql {:?}", statement.text);
        }
        Ok(results.ok())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let argument = std::env::args().nth(1).unwrap_or_default();
    let prints = argument == "print";
    let mut server = Server::on_port(0);
    if argument == "threads" {
        server = server.thread_per_connection();
    }
    let server = server.serve(move |_| Empty { prints })?;
    println!("listening on {:?}", server.tcp_address());
    loop {
        std::thread::park();
    }
}
