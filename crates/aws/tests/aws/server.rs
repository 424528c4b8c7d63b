//! A server that answers as a function says, and remembers what it was asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use yagura_aws::{Client, ClientBuilder, Credentials, EndpointConfig, RetryPolicy, Target};
use yagura_model::{AccountId, Region};

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Method and path.
    pub line: String,
    headers: String,
    pub body: String,
}

impl Asked {
    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.lines().filter_map(|line| line.split_once(": "));
        found.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

/// What the server says: a status, headers, a body; or it hangs up.
pub enum Say {
    Answer(u16, Vec<(&'static str, String)>, String),
    /// An answer that says how long it is and ends before.
    Cut(Vec<(&'static str, String)>, String, usize),
    HangUp,
}

/// An answer in JSON.
pub fn json(status: u16, body: &str) -> Say {
    Say::Answer(status, vec![("content-type", "application/x-amz-json-1.1".to_owned())], body.to_owned())
}

/// An answer in XML.
pub fn xml(status: u16, body: &str) -> Say {
    Say::Answer(status, vec![("content-type", "text/xml".to_owned())], body.to_owned())
}

type Script = dyn Fn(&Asked, usize) -> Say + Send + Sync;

/// The server.
pub struct Server {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// The most requests that were under way at once.
    pub most_at_once: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server that answers what `script` says, given the request and how many came before it.
    pub async fn start(script: impl Fn(&Asked, usize) -> Say + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { url, asked: Arc::default(), most_at_once: Arc::default() };
        let script: Arc<Script> = Arc::new(script);
        let (asked, most, now) =
            (server.asked.clone(), server.most_at_once.clone(), Arc::new(AtomicUsize::new(0)));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, asked, most, now) = (script.clone(), asked.clone(), most.clone(), now.clone());
                tokio::spawn(async move { converse(stream, &*script, &asked, &most, &now).await });
            }
        });
        server
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// A client of this server that does not wait between attempts.
    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// The same, not yet built.
    pub fn builder(&self) -> ClientBuilder {
        let hasty = std::time::Duration::ZERO;
        Client::builder()
            .endpoint(EndpointConfig { url: Some(self.url.clone()), ..EndpointConfig::default() })
            .credentials(Credentials::from_keys("AKIDEXAMPLE", "SECRETEXAMPLE", None))
            .retry(RetryPolicy { first_pause: hasty, longest_pause: hasty, ..RetryPolicy::default() })
    }
}

/// A target of the client's own credentials.
pub fn target(client: &Client, region: &str) -> Target {
    Target {
        account: AccountId::new("111122223333").unwrap(),
        region: Region::new(region),
        credentials: client.credentials().clone(),
    }
}

async fn converse(
    mut stream: TcpStream,
    script: &Script,
    asked: &Mutex<Vec<Asked>>,
    most: &AtomicUsize,
    now: &AtomicUsize,
) {
    let mut held = Vec::new();
    while let Some(request) = read(&mut stream, &mut held).await {
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let before = {
            let mut asked = asked.lock().unwrap();
            asked.push(request.clone());
            asked.len() - 1
        };
        let said = script(&request, before);
        now.fetch_sub(1, Ordering::SeqCst);
        let is_cut = matches!(said, Say::Cut(..));
        let (status, headers, body, length) = match said {
            Say::Answer(status, headers, body) => (status, headers, body.clone(), body.len()),
            Say::Cut(headers, body, length) => (200, headers, body, length),
            Say::HangUp => return,
        };
        let mut answer = format!("HTTP/1.1 {status} Said\r\ncontent-length: {length}\r\n");
        for (name, value) in headers {
            answer.push_str(&format!("{name}: {value}\r\n"));
        }
        let answer = format!("{answer}\r\n{body}");
        if stream.write_all(answer.as_bytes()).await.is_err() || is_cut {
            return;
        }
    }
}

async fn read(stream: &mut TcpStream, held: &mut Vec<u8>) -> Option<Asked> {
    loop {
        let text = String::from_utf8_lossy(held).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let (line, headers) = head.split_once("\r\n")?;
            let mut asked = Asked {
                line: line.replace(" HTTP/1.1", ""),
                headers: headers.to_owned(),
                body: body.to_owned(),
            };
            let length: usize = asked.header("content-length").parse().unwrap_or(0);
            if body.len() >= length {
                asked.body.truncate(length);
                held.drain(..head.len() + 4 + length);
                return Some(asked);
            }
        }
        if stream.read_buf(held).await.ok()? == 0 {
            return None;
        }
    }
}
