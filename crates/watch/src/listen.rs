//! Events that others send: the audit webhook of a Kubernetes API server, falcosidekick, anything that posts JSON.
//!
//! A request is answered when what it holds is stored, so that whoever sent it sends it again otherwise.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::job::Job;
use crate::session::{Listener, Session, WatchError};

/// The largest request: Kubernetes sends up to 10 MB, or what `--audit-webhook-batch-max-size` makes of it.
const LARGEST: usize = 64 << 20;
/// So many requests wait; others are told to come again.
const WAITING: usize = 64;

/// Why nothing can be received.
#[derive(Debug, Error)]
pub enum ListenError {
    /// The address cannot be used.
    #[error("`{address}` cannot be listened on")]
    Address {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Anybody could send events.
    #[error(
        "`{address}` can be reached from other machines: set a token that senders must know (YAGURA_LISTEN_TOKEN)"
    )]
    Open {
        /// Which.
        address: SocketAddr,
    },
}

/// A request that waits to be dealt with.
struct Posted {
    body: Bytes,
    done: oneshot::Sender<StatusCode>,
}

#[derive(Clone)]
struct Door {
    posted: mpsc::Sender<Posted>,
    /// Of the token, so that comparing takes equally long whatever is sent.
    token: Option<[u8; 32]>,
}

/// Receives requests, until it is dropped.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    posted: mpsc::Receiver<Posted>,
    server: JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Listening {
    /// Begins to listen. Without a token only addresses of this machine may be listened on.
    ///
    /// # Errors
    ///
    /// [`ListenError`].
    pub async fn open(address: SocketAddr, token: Option<&str>) -> Result<Self, ListenError> {
        if token.is_none() && !address.ip().is_loopback() {
            return Err(ListenError::Open { address });
        }
        let failed = |source| ListenError::Address { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (sender, posted) = mpsc::channel(WAITING);
        let door = Door { posted: sender, token: token.map(digest) };
        let router = Router::new()
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/", post(receive))
            .route("/{*path}", post(receive))
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(door);
        let server = tokio::spawn(async move {
            // It ends with the program, or with this.
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "no more events can be received");
            }
        });
        Ok(Self { address, posted, server })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits up to `wait` for requests, and deals with those that are there; returns how many.
    ///
    /// # Errors
    ///
    /// The store failed: the requests are told to come again.
    pub async fn take<L: Listener>(
        &mut self,
        session: &mut Session<'_, L>,
        wait: Duration,
    ) -> Result<usize, WatchError> {
        let Ok(Some(first)) = tokio::time::timeout(wait, self.posted.recv()).await else { return Ok(0) };
        let mut all = vec![first];
        while let Ok(more) = self.posted.try_recv() {
            all.push(more);
        }
        let shown = format!("a request to {}", self.address);
        let jobs: Vec<Job> = all.iter().map(|it| Job::bytes(shown.clone(), it.body.clone())).collect();
        let count = all.len();
        let ends = match session.read(&jobs).await {
            Ok(ends) => ends,
            Err(error) => {
                for it in all {
                    it.done.send(StatusCode::SERVICE_UNAVAILABLE).ok();
                }
                return Err(error);
            }
        };
        let mut answers: Vec<_> = all.into_iter().map(|it| Some(it.done)).collect();
        for end in ends {
            // What was no JSON is kept aside; sending it again would help nobody.
            let is_whole = end.problem.is_none() && end.broken == 0;
            let answer = if is_whole { StatusCode::OK } else { StatusCode::BAD_REQUEST };
            if let Some(done) = answers[end.job].take() {
                done.send(answer).ok();
            }
        }
        Ok(count)
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

async fn receive(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if let Some(expected) = door.token {
        let said = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
        let said = said.and_then(|it| it.strip_prefix("Bearer ")).map(digest);
        if said != Some(expected) {
            return StatusCode::UNAUTHORIZED;
        }
    }
    let (done, answer) = oneshot::channel();
    match door.posted.try_send(Posted { body, done }) {
        // Whoever sends may come again.
        Err(_) => StatusCode::TOO_MANY_REQUESTS,
        Ok(()) => answer.await.unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
    }
}
