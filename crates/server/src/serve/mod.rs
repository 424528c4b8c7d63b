//! Listening, and an end in which nobody is cut off.

mod connection;
mod crowd;
mod patience;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::app::Server;
use crate::tls::Tls;
use crowd::Crowd;

/// Requests that are under way when the server is told to stop have so long: less than what systems wait before they kill.
const GRACE: Duration = Duration::from_secs(15);

/// Connections at the same time; whoever comes when there are as many waits for one to end.
const CONNECTIONS: u32 = 4_096;

/// How often the files of the certificate are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// Where requests come in, and whether through TLS.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    tls: Option<Tls>,
}

impl Listening {
    /// With this certificate, where there is one.
    #[must_use]
    pub fn with(listener: TcpListener, tls: Option<Tls>) -> Self {
        Self { listener, tls }
    }
}

impl From<TcpListener> for Listening {
    fn from(listener: TcpListener) -> Self {
        Self { listener, tls: None }
    }
}

impl Server {
    /// Answers requests until `stop` is there, and those under way for a while longer.
    ///
    /// # Errors
    ///
    /// The system does not let it listen any more.
    pub async fn serve(
        &self,
        listening: impl Into<Listening>,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        self.answer(listening.into(), self.router(), stop).await
    }

    /// Tells whoever asks numbers about the server, at `/metrics`, until `stop` is there.
    ///
    /// # Errors
    ///
    /// The system does not let it listen any more.
    pub async fn serve_metrics(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        self.answer(listener.into(), self.metrics_router(), stop).await
    }

    async fn answer(
        &self,
        Listening { listener, tls }: Listening,
        router: Router,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let told = watch::Sender::new(false);
        let room = Arc::new(Semaphore::new(usize::try_from(CONNECTIONS).unwrap_or(usize::MAX)));
        let crowd = Crowd::new(self.is_behind_proxy());
        let door = Door { router, tls: tls.clone(), room: Arc::clone(&room), crowd };
        tokio::select! {
            accepted = door.open(&listener, &told) => return accepted,
            () = self.look_after(tls.as_ref()) => {}
            () = stop => {}
        }
        self.end_streams();
        told.send_replace(true);
        drop(listener);
        // All of the room is free once everybody has left.
        let left = tokio::time::timeout(GRACE, room.acquire_many(CONNECTIONS)).await;
        if left.is_err() {
            tracing::warn!("some requests took too long, and were cut off");
        }
        Ok(())
    }

    /// Looks at the certificate's files again and again, and whenever somebody sends SIGHUP, which ends no server, whether it has a certificate or not.
    /// Never returns.
    async fn look_after(&self, tls: Option<&Tls>) {
        let mut asked = hang_up();
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = asked.next() => {}
            }
            let Some(tls) = tls.cloned() else { continue };
            let now = self.now();
            // Files may be far away.
            if tokio::task::spawn_blocking(move || tls.look(now)).await.is_err() {
                tracing::error!("looking at the certificate failed; it is looked at again");
            }
        }
    }
}

/// Somebody's wish that files are read again.
struct HangUp(#[cfg(unix)] Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
fn hang_up() -> HangUp {
    HangUp(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok())
}

#[cfg(not(unix))]
fn hang_up() -> HangUp {
    HangUp()
}

impl HangUp {
    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}

/// Where connections come in.
struct Door {
    router: Router,
    tls: Option<Tls>,
    room: Arc<Semaphore>,
    crowd: Crowd,
}

impl Door {
    /// Lets connections in, each on its own: none waits for another's handshake.
    async fn open(&self, listener: &TcpListener, stopping: &watch::Sender<bool>) -> io::Result<()> {
        loop {
            let Ok(place) = Arc::clone(&self.room).acquire_owned().await else { return Ok(()) };
            let (stream, peer) = accept(listener).await?;
            // Whoever has too many finds the door closed, and keeps nobody waiting behind them.
            let Some(entered) = self.crowd.enter(peer.ip()) else { continue };
            let (router, tls) = (self.router.clone(), self.tls.as_ref().map(Tls::acceptor));
            let stopping = stopping.subscribe();
            tokio::spawn(async move {
                connection::answer(stream, peer, tls, router, stopping).await;
                drop((place, entered));
            });
        }
    }
}

/// The next connection. Those that ended before they began are passed over; when the system has no room for more, it is given time.
async fn accept(listener: &TcpListener) -> io::Result<(TcpStream, std::net::SocketAddr)> {
    loop {
        match listener.accept().await {
            Ok(accepted) => return Ok(accepted),
            Err(error) => match error.kind() {
                io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionRefused
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::Interrupted => {}
                io::ErrorKind::InvalidInput => return Err(error),
                _ => {
                    tracing::error!(%error, "a connection cannot be taken; it is tried again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            },
        }
    }
}
