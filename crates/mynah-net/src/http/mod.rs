//! A small HTTP/1.1 listener, for a program's status and administration.

mod guard;
mod reply;
mod server;
mod token;
mod write_timeout;

pub use reply::{HttpBody, HttpReply, http_body};
pub use server::{HttpListener, HttpServer, HttpService};
pub use token::read_http_token;
