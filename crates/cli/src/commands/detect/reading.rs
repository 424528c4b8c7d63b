//! Reads places: once, or again and again until somebody stops it.

use std::time::{Duration, Instant};

use yagura_geo::Files;
use yagura_logs::sqs::QueueError;
use yagura_watch::queue::Reach;
use yagura_watch::{Job, Listener as _, Session, WatchError, bucket, local, queue};

use super::output::{Output, status};
use super::places::Places;
use crate::terminal;

/// Directories are looked at so often.
const DIRECTORIES: Duration = Duration::from_secs(2);
/// Buckets are listed so often, and files about addresses looked at.
const BUCKETS: Duration = Duration::from_secs(60);
/// So long one waits for a queue's messages.
const MESSAGES: Duration = Duration::from_secs(20);
/// So long one waits for what others send, where nothing else is read.
const LISTENING: Duration = Duration::from_secs(5);
/// After a queue could not be used, it is asked again after so long.
const LATER: Duration = Duration::from_secs(30);
/// How the run goes is told so often.
const TELL: Duration = Duration::from_secs(10);

/// Reads everything.
pub(super) async fn all(
    session: &mut Session<'_, Output>,
    places: &mut Places,
    geography: &Files,
    follow: bool,
) -> Result<(), WatchError> {
    if follow { following(session, places, geography).await } else { once(session, places).await }
}

async fn once(session: &mut Session<'_, Output>, places: &mut Places) -> Result<(), WatchError> {
    let mut jobs = local::jobs(&places.files);
    jobs.extend(places.stdin.then(Job::stdin));
    session.read(&jobs).await?;
    for (source, it) in &places.buckets {
        let read = bucket::read(session, it, source, &places.filter, false).await?;
        places.problems += read.unlisted;
    }
    for it in &places.queues {
        let Some((client, target)) = &places.aws else { continue };
        let reach = Reach { client, target, buckets: &places.allowed_buckets };
        // Until nothing waits any more.
        loop {
            match queue::take(session, it, &reach, Duration::from_secs(1)).await? {
                Ok(read) if read.messages == 0 => break,
                Ok(_) => {}
                Err(error) => {
                    session.listener.say(&error.to_string());
                    places.problems += 1;
                    break;
                }
            }
        }
    }
    Ok(())
}

async fn following(
    session: &mut Session<'_, Output>,
    places: &mut Places,
    geography: &Files,
) -> Result<(), WatchError> {
    let stop = terminal::stopped();
    tokio::pin!(stop);
    let (mut next_bucket, mut next_status, mut next_queue) =
        (Instant::now(), Instant::now() + TELL, Instant::now());
    let mut before = (Instant::now(), 0);
    if places.stdin {
        session.read(&[Job::stdin()]).await?;
    }
    loop {
        for path in &places.paths {
            local::follow_once(session, path).await?;
        }
        if Instant::now() >= next_bucket {
            geography.refresh().iter().for_each(|it| session.listener.say(it));
            for (source, it) in &places.buckets {
                bucket::read(session, it, source, &places.filter, true).await?;
            }
            next_bucket = Instant::now() + BUCKETS;
        }
        let few = places.paths.is_empty() && places.buckets.is_empty();
        let only_queues = few && places.queues.len() == 1 && places.listening.is_empty();
        let only_listening = few && places.queues.is_empty() && places.listening.len() == 1;
        let wait = if only_queues { MESSAGES } else { Duration::from_secs(1) };
        if Instant::now() >= next_queue {
            for it in &places.queues {
                let Some((client, target)) = &places.aws else { continue };
                let reach = Reach { client, target, buckets: &places.allowed_buckets };
                // What was received and not dealt with comes again, so waiting may end at any time.
                let taken = tokio::select! {
                    taken = queue::take(session, it, &reach, wait) => taken?,
                    () = &mut stop => return Ok(()),
                };
                if let Err(error) = taken {
                    tell_lost(session, &error);
                    next_queue = Instant::now() + LATER;
                }
            }
        }
        for it in &mut places.listening {
            let wait = if only_listening { LISTENING } else { Duration::from_millis(100) };
            tokio::select! {
                taken = it.take(session, wait) => drop(taken?),
                () = &mut stop => return Ok(()),
            }
        }
        if Instant::now() >= next_status {
            let (since, events) = before;
            terminal::say(&status(session, session.status.events - events, since.elapsed()));
            before = (Instant::now(), session.status.events);
            next_status = Instant::now() + TELL;
        }
        let at_once = only_listening || only_queues && Instant::now() >= next_queue;
        let pause = if at_once { Duration::ZERO } else { DIRECTORIES };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = &mut stop => return Ok(()),
        }
    }
}

/// A queue that vanished may come back; nothing was acknowledged that was not stored.
fn tell_lost(session: &mut Session<'_, Output>, error: &QueueError) {
    session.listener.say(&format!("{error}; it is asked again in {} seconds", LATER.as_secs()));
}
