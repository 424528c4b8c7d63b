//! A server that answers AWS requests at once from a recording, for any number of accounts and regions.
//!
//! The emulator answers some hundred calls a second; measuring a scan against it measures the emulator. This
//! server plays back what the emulator answered for one account, as the answers of each of `--accounts` accounts.
//! What was not recorded gets an empty answer and is counted (`unrecorded`).
//!
//! It prints one JSON line when it is ready, and stops when its standard input closes. It keeps no state, checks no
//! signature and listens on the loopback interface alone.

mod organization;
mod recording;
mod request;

use std::convert::Infallible;
use std::io::{self, Read as _, Write as _};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clap::Parser;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::organization::Organization;
use crate::recording::{Answer, Recording};
use crate::request::Asked;

/// Answers recorded AWS pages at once.
#[derive(Parser)]
struct Arguments {
    /// How many accounts the organisation has.
    #[arg(long, default_value_t = 100)]
    accounts: u32,
    /// What `tests/emulator/serve.py --record` wrote; without it every answer is empty.
    #[arg(long)]
    recording: Option<PathBuf>,
    /// The recorded account that is played back.
    #[arg(long, default_value = "345678901234")]
    account: String,
    /// Its name, which the names of its buckets begin with.
    #[arg(long, default_value = "hinode-shop-prod")]
    name: String,
    /// The recorded region whose answers stand for those of regions that were not recorded.
    #[arg(long, default_value = "us-east-1")]
    template_region: String,
    /// How long each answer waits, as a real network would make it.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

struct Stub {
    organization: Organization,
    recording: Recording,
    latency: Duration,
    requests: AtomicU64,
    unrecorded: AtomicU64,
    connections: AtomicU64,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let recording = match &arguments.recording {
        Some(path) => Recording::load(path, &arguments.account, &arguments.name, &arguments.template_region)?,
        None => Recording::default(),
    };
    let stub = Arc::new(Stub {
        organization: Organization::new(arguments.accounts),
        recording,
        latency: Duration::from_millis(arguments.latency_ms),
        requests: AtomicU64::new(0),
        unrecorded: AtomicU64::new(0),
        connections: AtomicU64::new(0),
    });
    // One thread: the measured program is to have the other core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve(stub, arguments.port))
}

async fn serve(stub: Arc<Stub>, port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    writeln!(io::stdout(), "{}", stub.organization.told(&format!("http://{address}")))?;
    let closed = tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new()));
    let accept = async {
        loop {
            let (stream, _) = listener.accept().await?;
            stub.connections.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(converse(Arc::clone(&stub), stream));
        }
    };
    tokio::select! {
        _ = closed => Ok(()),
        failed = accept => failed,
    }
}

async fn converse(stub: Arc<Stub>, stream: TcpStream) {
    // A connection without this waits 40 ms for the peer's acknowledgement of each small answer.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let stub = Arc::clone(&stub);
        async move { Ok::<_, Infallible>(stub.respond(request).await) }
    });
    // A client that goes away in the middle of a request is none of our business.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

impl Stub {
    async fn respond(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        if let Some(path) = head.uri.path().strip_prefix("/__yagura__/") {
            return respond(&self.private(path));
        }
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        self.requests.fetch_add(1, Ordering::Relaxed);
        let answer = self.answer(&Asked::read(&head, &body));
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        respond(&answer)
    }

    fn answer(&self, asked: &Asked<'_>) -> Answer {
        if let Some(answer) = self.organization.answer(asked) {
            return answer;
        }
        if let Some(answer) = self.recording.answer(asked) {
            return answer;
        }
        self.unrecorded.fetch_add(1, Ordering::Relaxed);
        asked.empty_answer()
    }

    fn private(&self, path: &str) -> Answer {
        let counts = [&self.requests, &self.unrecorded, &self.connections];
        if path == "reset" {
            counts.iter().for_each(|count| count.store(0, Ordering::Relaxed));
        }
        let [requests, unrecorded, connections] = counts.map(|count| count.load(Ordering::Relaxed));
        let text = serde_json::json!({
            "requests": requests, "unrecorded": unrecorded, "connections": connections,
            "missing": self.recording.missing(),
        });
        Answer::json(text.to_string())
    }
}

fn respond(answer: &Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(answer.body.clone()));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(kind) = HeaderValue::from_str(&answer.content_type) {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    if let Some(Ok(kind)) = answer.error_type.as_deref().map(HeaderValue::from_str) {
        response.headers_mut().insert("x-amzn-errortype", kind);
    }
    response
}
