//! Answers every statement with an empty OK, as `serve_one` of opensrv-mysql and of msql-srv do. With the argument
//! `print` it prints the statements, as that of opensrv-mysql does.

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
    let prints = std::env::args()
        .nth(1)
        .is_some_and(|argument| argument == "print");
    let server = Server::on_port(0).thread_per_connection().serve(move |_| Empty { prints })?;
    println!("listening on {:?}", server.tcp_address());
    loop {
        std::thread::park();
    }
}
