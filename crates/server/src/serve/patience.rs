//! Where patience with the other side of a connection ends: one that takes nothing of its answer, and one on which nothing is asked for.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Sleep, timeout};

/// A connection whose other side has to take something of what is written within this time.
pub(super) struct Patient<S> {
    inner: S,
    patience: Duration,
    /// Until when, while a write waits.
    until: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    pub(super) fn new(inner: S, patience: Duration) -> Self {
        Self { inner, patience, until: None }
    }

    /// What a write came to, or an error when it waits for too long.
    fn waited<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.until = None;
            return written;
        }
        let patience = self.patience;
        let until = self.until.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(until.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the other side takes nothing")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.waited(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        self.waited(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.waited(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.waited(cx, shut)
    }
}

/// How many requests of a connection are under way.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<Counted>);

#[derive(Debug, Default)]
struct Counted {
    requests: AtomicUsize,
    changed: Notify,
}

/// A request that is under way, until its answer is sent or given up.
#[derive(Debug)]
pub(super) struct Request(Arc<Counted>);

impl UnderWay {
    /// One more.
    pub(super) fn begin(&self) -> Request {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        self.0.changed.notify_one();
        Request(Arc::clone(&self.0))
    }

    /// Waits until nothing was under way for so long.
    pub(super) async fn idle(&self, patience: Duration) {
        loop {
            let changed = self.0.changed.notified();
            if self.0.requests.load(Ordering::Relaxed) > 0 {
                changed.await;
            } else if timeout(patience, changed).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Ordering::Relaxed);
        self.0.changed.notify_one();
    }
}

/// An answer's body, whose request is under way as long as it lives.
pub(super) struct Held {
    body: Body,
    _request: Request,
}

impl Held {
    pub(super) fn new(body: Body, request: Request) -> Self {
        Self { body, _request: request }
    }
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use tokio::time::Instant;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_of_an_answer_is_cut_off_and_who_is_slow_is_not() {
        let (ours, mut theirs) = tokio::io::duplex(8);
        let mut patient = Patient::new(ours, PATIENCE);
        let reading = tokio::spawn(async move {
            let mut taken = 0;
            while taken < 40 {
                tokio::time::sleep(PATIENCE / 2).await;
                taken += theirs.read(&mut [0; 8]).await.unwrap();
            }
            theirs
        });
        patient.write_all(&[0; 48]).await.unwrap();
        let began = Instant::now();
        let _theirs = reading.await.unwrap();
        let error = patient.write_all(&[0; 16]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(began.elapsed() >= PATIENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_idle_when_nothing_is_under_way() {
        let under_way = UnderWay::default();
        let request = under_way.begin();
        assert!(timeout(PATIENCE * 10, under_way.idle(PATIENCE)).await.is_err());
        drop(request);
        let began = Instant::now();
        under_way.idle(PATIENCE).await;
        assert!(began.elapsed() >= PATIENCE && began.elapsed() < PATIENCE * 3);
    }
}
