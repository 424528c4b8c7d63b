//! One connection: its handshake, its requests, and limits for those who take their time.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::ConnectInfo;
use futures::StreamExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::patience::{Held, Patient, UnderWay};

/// A handshake of TLS has so long.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The head of a request has so long, and so has a connection until the next one begins: longer than proxies keep connections that they do not use
/// (60 seconds, mostly), because one that is closed just when they use it is an error for somebody.
const HEAD: Duration = Duration::from_secs(75);

/// The body of a request has so long.
const BODY: Duration = Duration::from_secs(60);

/// How often a connection of HTTP/2 is asked whether somebody is there.
const PING: Duration = Duration::from_secs(30);

/// How long the answer to that may take.
const PONG: Duration = Duration::from_secs(20);

/// Whoever takes nothing of their answer for so long is cut off.
const TAKING: Duration = Duration::from_secs(60);

/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;

/// Requests at the same time on one connection of HTTP/2.
const STREAMS: u32 = 100;

#[derive(Debug, Error)]
#[error("the body took longer than {} seconds", BODY.as_secs())]
struct TooSlow;

/// Answers the requests of one connection until it ends, or the server is to stop and what is under way is answered.
pub(super) async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small, and wait for nothing.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else {
        http1(stream, peer, router, stopping).await;
        return;
    };
    let shaken = tokio::select! {
        shaken = timeout(HANDSHAKE, tls.accept(stream)) => shaken,
        () = told(&mut stopping) => return,
    };
    let Ok(Ok(stream)) = shaken else {
        tracing::debug!(%peer, "a handshake of TLS failed");
        return;
    };
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        http2(stream, peer, router, stopping).await;
    } else {
        http1(stream, peer, router, stopping).await;
    }
}

async fn http1<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let service = service_fn(move |request| respond(router.clone(), peer, request));
    let stream = Patient::new(stream, TAKING);
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LONGEST_HEAD);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended");
    }
}

async fn http2<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let under_way = UnderWay::default();
    let counted = under_way.clone();
    let service = service_fn(move |request| {
        let (counted, answering) = (counted.begin(), respond(router.clone(), peer, request));
        async move { answering.await.map(|it| it.map(|body| Held::new(body, counted))) }
    });
    let stream = Patient::new(stream, TAKING);
    let mut http = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    http.timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .keep_alive_timeout(PONG)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(LONGEST_HEAD).unwrap_or(u32::MAX));
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let over = async {
        tokio::select! {
            () = told(&mut stopping) => {}
            // Whoever answers pings and asks for nothing keeps no place either.
            () = under_way.idle(HEAD) => {}
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = over => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended");
    }
}

/// Waits until the server is to stop.
async fn told(stopping: &mut watch::Receiver<bool>) {
    // Whoever tells is there as long as the server.
    let _ = stopping.wait_for(|it| *it).await;
}

async fn respond(
    router: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let mut request = request.map(|body| hurried(Body::new(body)));
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}

/// A body that ends with an error when it takes too long: nobody holds a request open by sending it byte by byte.
fn hurried(body: Body) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let until = Instant::now() + BODY;
    let pieces = body.into_data_stream();
    Body::from_stream(futures::stream::unfold(Some(pieces), move |pieces| async move {
        let mut pieces = pieces?;
        let piece: Result<Bytes, axum::BoxError> = match timeout_at(until, pieces.next()).await {
            Ok(None) => return None,
            Ok(Some(Ok(piece))) => return Some((Ok(piece), Some(pieces))),
            Ok(Some(Err(error))) => Err(error.into()),
            Err(_) => Err(TooSlow.into()),
        };
        Some((piece, None))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_end_is_an_error_when_its_time_is_over() {
        let first = futures::stream::iter([Ok::<_, Infallible>(Bytes::from("{"))]);
        let endless = Body::from_stream(first.chain(futures::stream::pending()));
        let began = Instant::now();
        let read = axum::body::to_bytes(hurried(endless), 1_000).await;
        assert!(read.is_err());
        assert_eq!(began.elapsed(), BODY);
        let prompt = axum::body::to_bytes(hurried(Body::from("{}")), 1_000).await;
        assert_eq!(prompt.unwrap(), "{}");
    }
}
