//! What operators of a server see: its log, its numbers, its traces.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::frameworks::{Place, says};
use crate::run::{run, yagura};
use crate::serve::Serving;

/// A collector of traces that takes what comes; the path and body of each request.
fn collector() -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            loop {
                let mut head = Vec::new();
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                        break;
                    }
                    head.push(line);
                }
                let Some(first) = head.first() else { break };
                let path = first.split(' ').nth(1).unwrap().to_owned();
                let length = head
                    .iter()
                    .find_map(|it| it.to_lowercase().strip_prefix("content-length: ")?.trim().parse().ok());
                let mut body = vec![0; length.unwrap_or(0)];
                reader.read_exact(&mut body).unwrap();
                (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n").unwrap();
                let _ = sender.send((path, body));
            }
        }
    });
    (url, receiver)
}

fn holds(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|it| it == part)
}

#[test]
fn a_request_is_a_span_of_the_trace_that_it_names() {
    let (url, spans) = collector();
    let place = Place::new();
    let store = place.path("yagura.db").to_str().unwrap().to_owned();
    let serving = Serving::with(&store, 3, |it| {
        it.env("OTEL_EXPORTER_OTLP_ENDPOINT", &url).env("OTEL_BSP_SCHEDULE_DELAY", "50")
    });
    let parent = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
    serving.call("GET", "/api/setup?secret=s3cret", parent, "");
    let (path, body) = spans.recv_timeout(Duration::from_secs(30)).unwrap();
    assert_eq!(path, "/v1/traces");
    let trace = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes();
    let parent = 0xb7ad_6b71_6920_3331_u64.to_be_bytes();
    for part in
        [&trace[..], &parent, b"GET /api/setup", b"http.response.status_code", b"service.name", b"yagura"]
    {
        assert!(holds(&body, part), "{} is missing", String::from_utf8_lossy(part));
    }
    assert!(!holds(&body, b"s3cret"));
}

/// A collector that is gone holds up nobody.
#[test]
#[cfg(unix)]
fn a_server_without_its_collector_answers_and_stops() {
    let place = Place::new();
    let store = place.path("yagura.db").to_str().unwrap().to_owned();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut serving =
        Serving::with(&store, 3, |it| it.env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{gone}")));
    assert_eq!(serving.call("GET", "/api/setup", "", "").status, 200);
    assert_eq!(serving.stop(), Some(0));
}

#[test]
#[cfg(unix)]
fn requests_are_lines_of_json_and_numbers_are_told_where_they_may_be() {
    let place = Place::new();
    let store = place.path("yagura.db").to_str().unwrap().to_owned();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let numbers = free.to_string();
    let mut serving = Serving::with(&store, 3, |it| {
        it.env("YAGURA_METRICS_LISTEN", &numbers).env("YAGURA_LOG_FORMAT", "json")
    });
    let answer = serving.call("GET", "/api/setup?secret=s3cret", "", "");
    let id = answer.head.split("x-request-id: ").nth(1).unwrap().split('\r').next().unwrap().to_owned();
    let mut stream = TcpStream::connect(&numbers).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.contains("\nyagura_store_up 1\n") && text.contains("\nyagura_store_size_bytes "), "{text}");
    assert_eq!(serving.call("GET", "/api/metrics", "", "").status, 401);
    let taken = run(
        &mut yagura(),
        &["serve", "--listen", "127.0.0.1:0", "--store", "none", "--metrics-listen", &numbers],
    );
    says(&taken, 2, &["nobody can listen on", "`--metrics-listen ADDRESS:PORT` names another address"]);
    assert_eq!(serving.stop(), Some(0));
    let log = serving.log.lock().unwrap().clone();
    let lines: Vec<Value> = log.lines().filter_map(|it| serde_json::from_str(it).ok()).collect();
    let line = lines.iter().find(|it| it["span"]["request_id"] == *id).unwrap_or_else(|| panic!("{log}"));
    assert_eq!((&line["fields"]["status"], &line["span"]["http.route"]), (&200.into(), &"/api/setup".into()));
    assert!(!log.contains("s3cret"), "{log}");
}

#[test]
fn an_identity_provider_that_cannot_be_used_is_told_before_anything_is_served() {
    let place = Place::new();
    let config = place.path("yagura.toml").to_str().unwrap().to_owned();
    let write = |more: &str| {
        let text = format!(
            "[serve]\nlisten = \"127.0.0.1:0\"\n\n[serve.openid_connect]\nissuer = \"https://id.example\"\nclient_id = \"yagura\"\n\
             redirect_url = \"https://yagura.example\"\n{more}"
        );
        std::fs::write(&config, text).unwrap();
        run(&mut yagura(), &["serve", "--store", "none", "--config", &config])
    };
    let roles = "[[serve.openid_connect.roles]]\ngroups = [\"a\"]\nrole = ";
    says(&write(""), 2, &["people cannot sign in through the identity provider", "nobody could come in"]);
    says(&write("client_secret = \"hunter2\"\n"), 2, &["unknown field `client_secret`", "client_secret_env"]);
    says(&write("client_secret_env = \"YAGURA_NO_SUCH\"\n"), 2, &["`YAGURA_NO_SUCH` is not set"]);
    says(&write(&format!("{roles}\"boss\"\n")), 2, &["unknown variant `boss`", "administrator"]);
    says(
        &write(&format!("{roles}\"viewer\"\nprojects = [\"shop\"]\n")),
        2,
        &["the configuration defines no project `shop`"],
    );
    says(
        &write(&format!("{roles}\"project-member\"\n")),
        2,
        &["a project-member has projects, and nobody else does"],
    );
}
