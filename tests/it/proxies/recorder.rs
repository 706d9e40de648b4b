//! A server that writes down what reaches it, byte for byte, and always gives the same answer: the API behind a proxy, or a
//! Latchkey that is listened to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its first line and its header lines.
    pub head: String,
    pub body: String,
}

impl Heard {
    /// The first line: method, target, version.
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    /// Every value under this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let named = lines.filter(|(given, _)| given.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim()).collect()
    }
}

#[derive(Default)]
struct Book {
    heard: Vec<Heard>,
    connections: usize,
}

pub struct Recorder {
    pub address: SocketAddr,
    book: Arc<Mutex<Book>>,
}

impl Recorder {
    /// `answer`: the status line and the headers of every answer; its body is empty.
    pub async fn start(answer: &str) -> Recorder {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, book) = (listener.local_addr().unwrap(), Arc::new(Mutex::default()));
        let (answer, kept) =
            (Arc::new(format!("{answer}\r\ncontent-length: 0\r\n\r\n")), book.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let book: Arc<Mutex<Book>> = kept.clone();
                book.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, book, answer.clone()));
            }
        });
        Recorder { address, book }
    }

    /// What came since it was last asked.
    pub fn take(&self) -> Vec<Heard> {
        std::mem::take(&mut self.book.lock().unwrap().heard)
    }

    /// How many connections were opened to it.
    pub fn connections(&self) -> usize {
        self.book.lock().unwrap().connections
    }
}

/// Request after request, until the other side has had enough.
async fn serve(mut stream: TcpStream, book: Arc<Mutex<Book>>, answer: Arc<String>) {
    let mut bytes = Vec::new();
    loop {
        if let Some((heard, rest)) = taken(&bytes) {
            bytes = rest;
            book.lock().unwrap().heard.push(heard);
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        } else if !matches!(stream.read_buf(&mut bytes).await, Ok(read) if read > 0) {
            return;
        }
    }
}

/// The first whole request in these bytes, and what comes after it.
fn taken(bytes: &[u8]) -> Option<(Heard, Vec<u8>)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end - 4]).into_owned();
    let mut heard = Heard { head, body: String::new() };
    let length = heard.all("content-length").first().map_or(0, |length| length.parse().unwrap());
    let body = bytes.get(end..end + length)?;
    heard.body = String::from_utf8_lossy(body).into_owned();
    Some((heard, bytes[end + length..].to_vec()))
}
