//! A small HTTP/1.1 listener, for a program's status and administration.

mod guard;
mod server;
mod token;
mod write_timeout;

pub use server::{HttpBody, HttpListener, HttpReply, HttpServer, HttpService, http_body};
pub use token::read_http_token;
