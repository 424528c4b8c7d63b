//! What a session of live detection says, and to whom.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use yagura_server::Jobs;
use yagura_watch::{Listener, Taken};

use crate::commands::serve::stop::Stop;
use crate::commands::serve::telling::Telling;
use crate::terminal;

/// What is said again within this time is not printed again: sources are looked at every second.
const AGAIN: Duration = Duration::from_secs(600);

/// So many sentences are remembered.
const REMEMBERED: usize = 256;

/// Beats while something is read.
pub type Pulse = Arc<AtomicU64>;

/// Hears a session.
pub struct Ear {
    jobs: Jobs,
    telling: Arc<Telling>,
    stop: Stop,
    pulse: Pulse,
    said: HashMap<String, Instant>,
    last: Option<String>,
}

impl Ear {
    /// One that wakes who tells people, and ends the session with the server.
    pub fn new(jobs: Jobs, telling: Arc<Telling>, stop: Stop) -> Self {
        Self { jobs, telling, stop, pulse: Pulse::default(), said: HashMap::new(), last: None }
    }

    /// What beats while something is read.
    pub fn pulse(&self) -> Pulse {
        Arc::clone(&self.pulse)
    }

    /// What was said last, since it was asked last.
    pub fn take_last(&mut self) -> Option<String> {
        self.last.take()
    }
}

impl Listener for Ear {
    fn say(&mut self, line: &str) {
        self.last = Some(line.to_owned());
        let now = Instant::now();
        if self.said.get(line).is_some_and(|it| now.duration_since(*it) < AGAIN) {
            return;
        }
        if self.said.len() >= REMEMBERED {
            self.said.retain(|_, it| now.duration_since(*it) < AGAIN);
        }
        if self.said.len() < REMEMBERED {
            self.said.insert(line.to_owned(), now);
        }
        terminal::say(&format!("detection: {line}"));
    }

    fn lines(&mut self, _lines: &[u8]) -> std::io::Result<()> {
        Ok(())
    }

    fn taken(&mut self, taken: Taken) -> std::io::Result<()> {
        if !taken.findings.is_empty() {
            let (findings, incidents) = (taken.findings.len(), taken.incidents.len());
            terminal::say(&format!(
                "detection: {} new matches, {findings} findings and {incidents} incidents are new or have grown",
                taken.new
            ));
            self.telling.hurry();
            self.jobs.wake();
        }
        Ok(())
    }

    fn goes_on(&mut self) -> bool {
        self.pulse.fetch_add(1, Ordering::Relaxed);
        !self.stop.is_asked()
    }
}
