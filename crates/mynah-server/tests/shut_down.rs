//! A shutdown that is over before all work is.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use mynah_client::{Address, Client, ComQuery, Command, Options};
use mynah_server::{Backend, Failure, Finished, Results, Server, Statement, blocking};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

#[test]
fn a_shutdown_says_that_work_still_blocks() {
    struct Deaf(Arc<Mutex<mpsc::Receiver<()>>>, UnboundedSender<()>);
    impl Backend for Deaf {
        async fn query(&self, _: &Statement, results: Results) -> Result<Finished, Failure> {
            let (wait, begun) = (Arc::clone(&self.0), self.1.clone());
            blocking(move || {
                begun.send(()).unwrap();
                let _over = wait.lock().unwrap().recv();
            })
            .await?;
            Ok(results.ok())
        }
    }
    let (go, wait) = mpsc::channel();
    let wait = Arc::new(Mutex::new(wait));
    let (telling, mut begun) = unbounded_channel();
    let server = Server::on_port(0).workers(1);
    let server = server.serve(move |_| Deaf(Arc::clone(&wait), telling.clone()));
    let server = server.unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let _client = runtime.block_on(async {
        let address = Address::Tcp(server.tcp_address().unwrap());
        let mut client = Client::connect(&address, Options::new("ada", ""))
            .await
            .unwrap();
        let query = ComQuery {
            query: "wait".into(),
            ..Default::default()
        };
        client.send(Command::Query(query)).await.unwrap();
        begun.recv().await.unwrap();
        client
    });
    assert!(!server.shut_down(Duration::from_millis(50)));
    go.send(()).unwrap();
}
