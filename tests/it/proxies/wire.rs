//! A client that writes its bytes itself: what no proper client library would send.

use crate::caller::Answer;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than anything may take that is refused in time.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request without a body, with these header lines just as they are.
pub fn request(method: &str, target: &[u8], lines: &[&[u8]]) -> Vec<u8> {
    let mut bytes =
        [method.as_bytes(), b" ", target, b" HTTP/1.1\r\nHost: api.example\r\n"].concat();
    if !lines.iter().any(|line| line.to_ascii_lowercase().starts_with(b"connection:")) {
        bytes.extend(b"Connection: close\r\n");
    }
    for line in lines {
        bytes.extend([line, b"\r\n".as_slice()].concat());
    }
    bytes.extend(b"\r\n");
    bytes
}

/// Sends it, and reads the answer up to the end of the connection.
pub async fn send(to: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut bytes = Vec::new();
    // A server that answers before it has read everything may reset the connection after its answer.
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "no end of the answer: {}", String::from_utf8_lossy(&bytes));
    parsed(&bytes, request)
}

fn parsed(bytes: &[u8], request: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| {
        panic!("no answer: {text:?} to {}", String::from_utf8_lossy(request));
    });
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, HeaderValue::from_str(value.trim()).unwrap());
    }
    Answer { status: status.parse().unwrap(), headers, body: body.to_owned() }
}
