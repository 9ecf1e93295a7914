//! As `serve_one`, under TLS: `serve_secure` of opensrv-mysql. The arguments are the certificate and its key.

use mynah_server::{
    Backend, Failure, Finished, Results, Server, Statement, TlsMode, TlsOptions, TlsServer,
};

struct Empty;

impl Backend for Empty {
    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        println!("execute sql {:?}", statement.text);
        Ok(results.ok())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths = std::env::args_os().skip(1).map(Into::into);
    let tls = TlsOptions {
        mode: TlsMode::Preferred,
        cert: paths.next(),
        key: paths.next(),
        ..TlsOptions::default()
    };
    let server = Server::on_port(0)
        .tls(TlsServer::new(&tls)?)
        .serve(|_| Empty)?;
    println!("listening on {:?}", server.tcp_address());
    loop {
        std::thread::park();
    }
}
