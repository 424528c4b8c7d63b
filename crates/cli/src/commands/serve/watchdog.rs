//! Whether the store that is served is still there, and takes what is written.

use std::time::{Duration, Instant};

use yagura_server::{Clock, Jobs};
use yagura_store::{Presence, Store, Successor};

use super::runner::chain;
use super::stop::Stop;
use crate::terminal;

/// It is looked so often whether the file is there.
const LOOK: Duration = Duration::from_secs(2);

/// Something is written so often; after trouble each time.
const WRITE: Duration = Duration::from_secs(30);

/// Under which name it is written.
const ALIVE: &str = "serve/alive";

/// A file that took the store's place and does not change any more when it was looked at so often is whole.
const WHOLE: u32 = 3;

/// Looks until the server is stopped, or another store lies where this one was.
pub async fn watch(store: Store, jobs: Jobs, clock: Clock, stop: Stop) {
    let mut written = Instant::now();
    let (mut successor, mut unchanged) = (None, 0);
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.asked() => return,
        }
        match store.presence() {
            Presence::Here => {}
            Presence::Gone => {
                told(
                    &jobs,
                    format!(
                        "the store `{}` is gone: put it, or a backup of it, where it was; nothing is written until then",
                        store.place()
                    ),
                );
                continue;
            }
            Presence::Replaced => {
                let now = store.successor();
                unchanged = if now == successor { unchanged + 1 } else { 0 };
                successor = now;
                match &successor {
                    Some(Successor { log: Some(log), .. }) => told(
                        &jobs,
                        format!(
                            "another file lies where the store `{}` was, with a log beside it that may be the other's: move `{}` away, and it is served",
                            store.place(),
                            log.display()
                        ),
                    ),
                    // Whoever copies it may not be done.
                    Some(it) if it.size > 0 && unchanged >= WHOLE => return,
                    _ => told(&jobs, format!("another file comes where the store `{}` was", store.place())),
                }
                continue;
            }
        }
        let is_troubled = jobs.trouble().is_some();
        if !is_troubled && written.elapsed() < WRITE {
            continue;
        }
        written = Instant::now();
        match store.remember(ALIVE, clock().to_string().as_bytes()).await {
            Ok(()) => {
                if is_troubled && jobs.set_trouble(None) {
                    terminal::say("the store answers again");
                    jobs.wake();
                }
            }
            Err(error) => told(&jobs, chain(&error)),
        }
    }
}

fn told(jobs: &Jobs, trouble: String) {
    if jobs.set_trouble(Some(trouble.clone())) {
        terminal::say(&trouble);
    }
}
