use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::mock::Mock;

/// An HTTP request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    head: String,
    body: String,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case; values as received.
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// A request for a path.
pub(crate) fn rest(method: &str, path: &str) -> Request {
    Request {
        head: format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"),
        body: String::new(),
    }
}

impl Request {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.head += &format!("{name}: {value}\r\n");
        self
    }

    /// Sets a body of JSON.
    pub(crate) fn json(self, body: &str) -> Self {
        self.body("application/json", body)
    }

    pub(crate) fn body(mut self, content_type: &str, body: &str) -> Self {
        body.clone_into(&mut self.body);
        let len = body.len().to_string();
        self.header("Content-Type", content_type)
            .header("Content-Length", &len)
    }

    /// Sends the request to the program on a new connection.
    pub(crate) fn send(&self, mock: &Mock) -> Response {
        let mut stream = TcpStream::connect(mock.listener("http")).expect("HTTP listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream
            .write_all(format!("{}\r\n{}", self.head, self.body).as_bytes())
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        Response::read(&answer)
    }
}

impl Response {
    fn read(answer: &str) -> Self {
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(": ").expect("a header");
            (name.to_ascii_lowercase(), value.to_owned())
        });
        let response = Self {
            status: status.parse().expect("a status"),
            headers: headers.filter(|(name, _)| name != "date").collect(),
            body: body.to_owned(),
        };
        assert_eq!(
            response.header("transfer-encoding"),
            None,
            "a body of a known length"
        );
        response
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(found, _)| found == name);
        header.map(|(_, value)| value.as_str())
    }
}
