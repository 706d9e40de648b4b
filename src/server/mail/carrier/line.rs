//! A connection that is read line by line: what a meddler puts behind the answer to STARTTLS is then read as a part of the
//! handshake, which fails, and never as an answer that came encrypted (RFC 3207, section 6).

use lettre::transport::smtp::client::AsyncTokioStream;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What is read at once from the network.
const PIECE: usize = 4096;

#[derive(Debug)]
pub(super) struct LineByLine {
    stream: TcpStream,
    /// Read from the network, and how much of it was handed out.
    ahead: Vec<u8>,
    given: usize,
}

impl LineByLine {
    pub(super) fn new(stream: TcpStream) -> LineByLine {
        LineByLine { stream, ahead: Vec::new(), given: 0 }
    }
}

impl AsyncTokioStream for LineByLine {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncRead for LineByLine {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.given == self.ahead.len() {
            let mut piece = [0; PIECE];
            let mut read = ReadBuf::new(&mut piece);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut read))?;
            self.ahead = read.filled().to_vec();
            self.given = 0;
        }
        let rest = &self.ahead[self.given..];
        let line = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        let count = line.min(buffer.remaining());
        buffer.put_slice(&rest[..count]);
        self.given += count;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for LineByLine {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn one_reading_gives_one_line_however_much_has_come() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut peer, _) = listener.accept().await.unwrap();
        peer.write_all(b"220 go\r\n250 injected\r\nrest").await.unwrap();
        drop(peer);
        let (mut line, mut buffer) = (LineByLine::new(stream), [0; 8192]);
        let mut read = Vec::new();
        loop {
            match line.read(&mut buffer).await.unwrap() {
                0 => break,
                count => read.push(String::from_utf8_lossy(&buffer[..count]).into_owned()),
            }
        }
        assert_eq!(read, ["220 go\r\n", "250 injected\r\n", "rest"]);
    }
}
