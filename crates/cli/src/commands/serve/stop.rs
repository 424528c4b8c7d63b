//! The end of a server, or of its configuration: who is told, and how long they have.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// What is under way when the end is wished for has so long: less than what the system waits before it kills.
const LAST_WORDS: Duration = Duration::from_secs(12);

/// Wishes for the end.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    asked: Arc<watch::Sender<bool>>,
}

impl Stop {
    /// Wishes for it.
    pub fn ask(&self) {
        self.asked.send_replace(true);
    }

    /// Whether somebody did.
    pub fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Waits until somebody does.
    pub async fn asked(&self) {
        let mut asked = self.asked.subscribe();
        // The sender lives as long as this.
        let _ = asked.wait_for(|it| *it).await;
    }

    /// Waits until there is no more time.
    pub async fn over(&self) {
        self.asked().await;
        tokio::time::sleep(LAST_WORDS).await;
    }
}
