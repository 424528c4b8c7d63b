//! Receivers as they are in the world: one that takes JSON over HTTP and answers as a test says, and a real mail server.
#![allow(dead_code, reason = "two binaries share this module, and neither uses all of it")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};

use serde_json::Value;

/// What a receiver was given.
#[derive(Debug, Clone)]
pub struct Request {
    /// The path.
    pub path: String,
    /// The headers, in small letters.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a receiver answers.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A status, headers, a body.
    Say(u16, &'static str, String),
    /// Nothing, ever.
    Never,
}

/// A receiver of HTTP requests.
pub struct Receiver {
    address: String,
    seen: Arc<(Mutex<Vec<Request>>, Condvar)>,
}

impl Request {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Receiver {
    /// Begins to listen; `answer` is asked with the number of each request, from 0.
    pub fn start(answer: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<(Mutex<Vec<Request>>, Condvar)> = Arc::default();
        let (shared, answer) = (Arc::clone(&seen), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (shared, answer) = (Arc::clone(&shared), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &shared, &*answer));
            }
        });
        Self { address, seen }
    }

    /// One that takes everything.
    pub fn friendly() -> Self {
        Self::start(|_, _| Answer::Say(200, "", "ok".to_owned()))
    }

    /// `http://127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it was given so far.
    pub fn seen(&self) -> Vec<Request> {
        self.seen.0.lock().unwrap().clone()
    }

    /// Waits until so many requests have come.
    pub fn wait_for(&self, count: usize) {
        let (seen, came) = &*self.seen;
        let guard = seen.lock().unwrap();
        drop(came.wait_while(guard, |it| it.len() < count).unwrap());
    }
}

fn serve(
    stream: TcpStream,
    seen: &(Mutex<Vec<Request>>, Condvar),
    answer: &dyn Fn(usize, &Request) -> Answer,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|it| *it > 0)?;
        let path = line.split(' ').nth(1)?.to_owned();
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|it| *it > 0)?;
            let Some((name, value)) = line.trim().split_once(": ") else { break };
            headers.insert(name.to_lowercase(), value.to_owned());
        }
        let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
        reader.read_exact(&mut body).ok()?;
        let request = Request { path, headers, body };
        let number = {
            let mut all = seen.0.lock().unwrap();
            all.push(request.clone());
            seen.1.notify_all();
            all.len() - 1
        };
        match answer(number, &request) {
            Answer::Say(status, headers, body) => {
                let length = body.len();
                write!(stream, "HTTP/1.1 {status} x\r\n{headers}content-length: {length}\r\n\r\n{body}")
                    .ok()?;
            }
            Answer::Never => {
                // Until the other side hangs up.
                let _ = reader.read(&mut [0]);
                return None;
            }
        }
    }
}

/// A mail server of Python's.
pub struct MailServer {
    process: Child,
    stdin: Option<ChildStdin>,
    directory: tempfile::TempDir,
    /// Where it listens.
    pub port: u16,
}

impl MailServer {
    /// Begins to listen.
    pub fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut process = Command::new(python())
            .arg(script())
            .arg(directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = process.stdin.take();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value =
            serde_json::from_str(&line).expect("the mail server did not start; its error is above");
        let port = u16::try_from(told["port"].as_u64().unwrap()).unwrap();
        Self { process, stdin, directory, port }
    }

    /// The mails that arrived, in their order.
    pub fn mails(&self) -> Vec<PathBuf> {
        (1..).map(|n| self.directory.path().join(format!("{n}.eml"))).take_while(|it| it.exists()).collect()
    }

    /// Mails as Python's library decodes them.
    pub fn decoded(&self) -> Vec<Value> {
        let decode = |file: PathBuf| {
            let out = Command::new(python()).arg(script()).arg("--decode").arg(file).output().unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            serde_json::from_slice(&out.stdout).unwrap()
        };
        self.mails().into_iter().map(decode).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.process.wait();
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn python() -> PathBuf {
    let python = root().join(".venv/bin/python");
    assert!(python.exists(), "{} is missing; `make test` sets it up", python.display());
    python
}

fn script() -> PathBuf {
    root().join("tests/emulator/mail.py")
}
