//! A mail server that answers as a test tells it to, however wrong that is.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What it does on a line of its client; the empty line is the client's arrival, a dot the end of a message.
pub enum Reply {
    Say(String),
    /// Ends the connection without a word.
    Cut,
    /// Says nothing ever again.
    Hang,
}

type Manners = Box<dyn FnMut(&str) -> Reply + Send>;

#[derive(Default)]
struct Heard {
    lines: Vec<String>,
    messages: Vec<String>,
}

pub struct Clumsy {
    pub address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
    server: tokio::task::JoinHandle<()>,
}

pub fn say(text: &str) -> Reply {
    Reply::Say(text.to_owned())
}

/// What a server does with which nothing is wrong; it offers no TLS and takes any password.
pub fn usual(line: &str) -> Reply {
    say(match line.split([' ', ':']).next().unwrap() {
        "" => "220 mx.example ESMTP",
        "EHLO" => "250-mx.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
        "AUTH" => "235 2.7.0 Welcome",
        "DATA" => "354 Go on",
        "." => "250 2.0.0 Ok: 4XmT7c",
        "QUIT" => "221 2.0.0 Bye",
        _ => "250 2.1.0 Ok",
    })
}

impl Clumsy {
    pub async fn start(manners: impl FnMut(&str) -> Reply + Send + 'static) -> Clumsy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::<Mutex<Heard>>::default();
        let (log, manners) = (heard.clone(), Arc::new(Mutex::new(Box::new(manners) as Manners)));
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, manners.clone(), log.clone()));
            }
        });
        Clumsy { address, heard, server }
    }

    /// How often a line began so; the empty one: how many connections there were.
    pub fn count(&self, beginning: &str) -> usize {
        let heard = self.heard.lock().unwrap();
        let fits = |line: &&String| match beginning {
            "" => line.is_empty(),
            _ => line.starts_with(beginning),
        };
        heard.lines.iter().filter(fits).count()
    }

    /// Every line of the clients, messages aside.
    pub fn lines(&self) -> Vec<String> {
        self.heard.lock().unwrap().lines.clone()
    }

    /// The messages that were sent to their end.
    pub fn messages(&self) -> Vec<String> {
        self.heard.lock().unwrap().messages.clone()
    }
}

impl Drop for Clumsy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(stream: TcpStream, manners: Arc<Mutex<Manners>>, heard: Arc<Mutex<Heard>>) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    let mut message: Option<String> = None;
    loop {
        let ends = message.is_none() || line == ".";
        if ends {
            if let Some(message) = message.take() {
                heard.lock().unwrap().messages.push(message);
            }
            heard.lock().unwrap().lines.push(line.clone());
            let reply = manners.lock().unwrap()(&line);
            match reply {
                Reply::Cut => return,
                Reply::Hang => std::future::pending().await,
                Reply::Say(answer) => {
                    message = answer.starts_with("354").then(String::new);
                    let answer = format!("{answer}\r\n");
                    let said = stream.get_mut().write_all(answer.as_bytes()).await;
                    if said.is_err() || line == "QUIT" {
                        return;
                    }
                }
            }
        } else if let Some(message) = &mut message {
            message.push_str(line.strip_prefix('.').unwrap_or(&line));
            message.push_str("\r\n");
        }
        line.clear();
        match stream.read_line(&mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => line.truncate(line.trim_end_matches(['\r', '\n']).len()),
        }
    }
}
