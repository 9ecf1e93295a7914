//! A small HTTP/1.1 listener for what a program shows of itself.

mod guard;
mod impatient;
mod server;
mod token;

pub use server::{HttpListener, HttpReply, HttpServer, HttpService};
pub use token::read_http_token;
