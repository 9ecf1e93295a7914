use mysql_async::{Conn, OptsBuilder, prelude::Queryable};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::var("MYSQL_TCP_PORT").unwrap_or("33306".into());
    let options = OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(port.parse()?)
        .user(Some("app"))
        .pass(Some("secret"));
    let mut connection = Conn::new(options).await?;
    let people: Vec<(String, Option<u32>)> =
        connection.query("select name, age from people").await?;
    for (name, age) in people {
        println!("{name} {age:?}");
    }
    connection.disconnect().await?;
    Ok(())
}
