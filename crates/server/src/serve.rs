//! Listening, and an end in which nobody is cut off.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::app::Server;

/// Requests that are under way when the server is told to stop have so long: less than what systems wait before they kill.
const GRACE: Duration = Duration::from_secs(15);

impl Server {
    /// Answers requests until `stop` is there, and those under way for a while longer.
    ///
    /// # Errors
    ///
    /// The system does not let it listen any more.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
        let router = self.router().into_make_service_with_connect_info::<SocketAddr>();
        let (told, stopping) = tokio::sync::oneshot::channel::<()>();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            // Whoever holds the other end lives as long as this.
            let _ = stopping.await;
        });
        let mut serving = std::pin::pin!(serving.into_future());
        tokio::select! {
            served = &mut serving => return served,
            () = stop => {}
        }
        self.end_streams();
        let _ = told.send(());
        match tokio::time::timeout(GRACE, serving).await {
            Ok(served) => served,
            Err(_) => Ok(()),
        }
    }
}
