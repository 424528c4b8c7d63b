//! The HTTP API as the binary serves it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::frameworks::{Place, says};
use crate::run::{run, yagura};

/// A server that is stopped with the test.
pub struct Serving {
    pub process: Child,
    pub address: String,
    /// What it said until it was ready.
    pub said: String,
    /// What it said since.
    pub log: Arc<Mutex<String>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// An answer of HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Value,
}

impl Answer {
    /// The headers that prove the session that was begun.
    pub fn session(&self) -> String {
        let cookie = self.head.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
        format!("cookie: {cookie}\r\nx-yagura-csrf: {}\r\n", self.body["Csrf"].as_str().unwrap())
    }
}

impl Serving {
    /// Starts one over this store; `lines` are to be said.
    fn start(store: &str, lines: usize) -> Self {
        Self::with(store, lines, |it| it)
    }

    /// Starts one, told more.
    pub fn with(store: &str, lines: usize, more: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let mut command = yagura();
        command.args(["serve", "--listen", "127.0.0.1:0", "--store", store]);
        more(&mut command);
        Self::begin(command, lines)
    }

    /// Starts this one.
    pub fn begin(mut command: Command, lines: usize) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut reader = BufReader::new(process.stderr.take().unwrap());
        let mut said = String::new();
        for _ in 0..lines {
            reader.read_line(&mut said).unwrap();
        }
        let address = said.split("http://").nth(1).unwrap_or_else(|| panic!("{said}"));
        let address = address.split('/').next().unwrap().to_owned();
        Self::heard(process, reader, address, said)
    }

    /// Starts this one, which is to answer at this address some time.
    pub fn at(mut command: Command, address: String) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let reader = BufReader::new(process.stderr.take().unwrap());
        Self::heard(process, reader, address, String::new())
    }

    fn heard(process: Child, reader: BufReader<ChildStderr>, address: String, said: String) -> Self {
        let log = Arc::new(Mutex::new(String::new()));
        let hearing = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                let mut heard = hearing.lock().unwrap();
                heard.push_str(&line);
                heard.push('\n');
            }
        });
        Self { process, address, said, log }
    }

    /// What it said since it was ready.
    pub fn later(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// The first administrator comes in; gives the headers that prove it.
    pub fn administrator(&self) -> String {
        let secret = self.said.split("\"Secret\":\"").nth(1).unwrap().split('"').next().unwrap();
        let body = json!({ "Secret": secret, "Name": "hanako", "Password": PASSWORD }).to_string();
        assert_eq!(self.call("POST", "/api/setup", "", &body).status, 201);
        self.sign_in()
    }

    /// Signs in again; gives the headers that prove it.
    pub fn sign_in(&self) -> String {
        let body = json!({ "Name": "hanako", "Password": PASSWORD }).to_string();
        self.call("POST", "/api/session", "", &body).session()
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Asks until the answer is as it should be.
    pub fn until(&self, path: &str, headers: &str, is_so: impl Fn(&Answer) -> bool) -> Answer {
        let since = Instant::now();
        loop {
            let answer = self.call("GET", path, headers, "");
            if is_so(&answer) {
                return answer;
            }
            assert!(since.elapsed() < Duration::from_secs(120), "{path}: {answer:?}\n{}", self.later());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Is told to stop, and does.
    #[cfg(unix)]
    pub fn stop(&mut self) -> Option<i32> {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.process.wait().unwrap().code()
    }

    pub fn call(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n{headers}\r\n{body}",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: serde_json::from_str(body).unwrap_or_default(),
        }
    }
}

const PASSWORD: &str = "correct horse battery staple";

#[test]
fn the_first_administrator_comes_in_and_sees_what_a_scan_found() {
    let place = Place::new();
    place.scan(&[]);
    let store = place.path("yagura.db").to_str().unwrap().to_owned();
    let serving = Serving::start(&store, 3);
    assert!(serving.said.contains("nobody can sign in yet"), "{}", serving.said);
    let secret = serving.said.split("\"Secret\":\"").nth(1).unwrap().split('"').next().unwrap();
    let body = json!({ "Secret": secret, "Name": "hanako", "Password": PASSWORD }).to_string();
    assert_eq!(serving.call("POST", "/api/setup", "", &body).status, 201);

    let body = json!({ "Name": "hanako", "Password": PASSWORD }).to_string();
    let signed = serving.call("POST", "/api/session", "", &body);
    let cookie = signed.head.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let cookie = format!("cookie: {cookie}\r\n");
    let counts = serving.call("GET", "/api/findings/counts", &cookie, "").body;
    let list = serving.call("GET", "/api/findings?severity=HIGH&limit=5", &cookie, "").body;
    assert!(counts["Total"].as_u64().unwrap() > 5, "{counts}");
    let first = &list["Findings"][0];
    let detail =
        serving.call("GET", &format!("/api/findings/{}", first["Id"].as_str().unwrap()), &cookie, "");
    assert_eq!(detail.body["Finding"], *first);
    assert!(!detail.body["Rule"]["Text"]["ja"]["title"].as_str().unwrap().is_empty(), "{}", detail.body);
    assert_eq!(serving.call("GET", "/api/accounts", "", "").status, 401);

    // The same file has one server.
    let second = run(&mut yagura(), &["serve", "--listen", "127.0.0.1:0", "--store", &store]);
    says(&second, 2, &["another `yagura serve` has", "stop that one first"]);
    let taken = run(&mut yagura(), &["serve", "--listen", &serving.address, "--store", "none"]);
    says(&taken, 2, &["nobody can listen on"]);
}

/// Who administers stays known, and what was under way is answered.
#[test]
#[cfg(unix)]
fn a_server_that_is_told_to_stop_stops_and_starts_again_without_an_invitation() {
    let place = Place::new();
    let store = place.path("yagura.db").to_str().unwrap().to_owned();
    let mut serving = Serving::start(&store, 3);
    let secret = serving.said.split("\"Secret\":\"").nth(1).unwrap().split('"').next().unwrap();
    let body = json!({ "Secret": secret, "Name": "hanako", "Password": PASSWORD }).to_string();
    assert_eq!(serving.call("POST", "/api/setup", "", &body).status, 201);
    assert_eq!(serving.stop(), Some(0));
    let again = Serving::start(&store, 1);
    assert_eq!(again.call("GET", "/api/setup", "", "").body, json!({ "IsNeeded": false }));
    assert!(!again.said.contains("nobody can sign in"), "{}", again.said);
}

#[test]
fn what_is_wrong_with_tls_is_told_before_anything_is_served() {
    let place = Place::new();
    let path = |name: &str| place.path(name).to_str().unwrap().to_owned();
    let (certificate, key) = (path("tls.crt"), path("tls.key"));
    std::fs::write(&certificate, "").unwrap();
    std::fs::write(&key, "").unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--store", "none", "--tls-certificate", &certificate];
    says(
        &run(&mut yagura(), &serve),
        2,
        &["a certificate and its key: the key is missing", "--tls-key FILE"],
    );
    let both = [&serve[..], &["--tls-key", &key]].concat();
    says(&run(&mut yagura(), &both), 2, &["TLS cannot be set up", "tls.crt` is empty"]);

    let config = path("yagura.toml");
    std::fs::write(&config, format!("[serve]\nlisten = \"127.0.0.1:0\"\ntls_key = '{key}'\n")).unwrap();
    let configured = ["serve", "--store", "none", "--config", &config];
    says(&run(&mut yagura(), &configured), 2, &["the certificate is missing"]);
    std::fs::write(&config, "[serve]\nlisten = \"here\"\n").unwrap();
    says(&run(&mut yagura(), &configured), 2, &["yagura.toml:2:10", "invalid socket address syntax"]);
}
