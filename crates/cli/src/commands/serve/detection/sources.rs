//! The sources that are followed: each with its own pace, its own troubles and its own rests.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use yagura_aws::{Client, Target};
use yagura_logs::s3::{Bucket, LogFilter, S3Address};
use yagura_logs::sqs::{Queue, QueueAddress};
use yagura_server::SourceCondition;
use yagura_watch::listen::Listening;
use yagura_watch::queue::Reach;
use yagura_watch::{Session, WatchError, bucket, local, queue};

use super::Detection;
use super::ear::{Ear, Pulse};
use crate::arguments::DetectArguments;
use crate::commands::detect::{filter, is_queue};
use crate::commands::serve::runner::{chain, told};
use crate::commands::serve::setup::Setup;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// Directories are looked at so often.
const DIRECTORIES: Duration = Duration::from_secs(2);
/// Buckets are listed so often.
const BUCKETS: Duration = Duration::from_secs(60);
/// One waits so long for messages of the only source...
const ALONE: Duration = Duration::from_secs(20);
/// ...and so long where there are others.
const AMONG: Duration = Duration::from_secs(1);
/// One waits so long for what others post.
const POSTS: Duration = Duration::from_millis(200);
/// A queue that says nothing and reads nothing for so long does not answer.
const SILENT: Duration = Duration::from_secs(60);
/// A source that failed rests so long, then twice as long each time...
const FIRST_REST: Duration = Duration::from_secs(5);
/// ...up to so long.
const LONGEST_REST: Duration = Duration::from_secs(300);

/// Addresses that are listened on: they stay open when the configuration is read again.
#[derive(Default)]
pub struct Doors(BTreeMap<SocketAddr, Listening>);

impl Doors {
    /// Closes those that nobody names any more.
    pub fn keep(&mut self, sources: &[String]) {
        self.0.retain(|address, _| sources.iter().filter_map(|it| door(it)).any(|it| it == *address));
    }
}

fn door(source: &str) -> Option<SocketAddr> {
    source.strip_prefix("listen://")?.parse().ok()
}

enum Reader {
    Directory(PathBuf),
    Bucket(S3Address, Option<Bucket>),
    Queue(QueueAddress, Option<Queue>),
    Door(SocketAddr),
}

struct Source {
    name: String,
    reader: Reader,
    next: Instant,
    failures: u32,
}

/// What all of them share.
struct Shared<'a> {
    setup: &'a Setup,
    filter: LogFilter,
    buckets: Vec<String>,
    token: Option<String>,
    aws: Option<(Client, Target)>,
    doors: &'a mut Doors,
    wait: Duration,
}

/// The sources of a session.
pub struct Sources<'a> {
    all: Vec<Source>,
    shared: Shared<'a>,
}

impl<'a> Sources<'a> {
    /// As the configuration names them. None is opened yet.
    ///
    /// # Errors
    ///
    /// One of them is no source, or an account's id is none.
    pub fn new(
        arguments: &DetectArguments,
        setup: &'a Arc<Setup>,
        doors: &'a mut Doors,
    ) -> Result<Self, Failure> {
        let mut all = Vec::new();
        for name in &arguments.sources {
            let reader = reader(name)?;
            all.push(Source { name: name.clone(), reader, next: Instant::now(), failures: 0 });
        }
        let shared = Shared {
            setup,
            filter: filter(arguments)?,
            buckets: arguments.bucket.clone(),
            token: arguments.listen_token.clone(),
            aws: None,
            doors,
            wait: if all.len() == 1 { ALONE } else { AMONG },
        };
        Ok(Self { all, shared })
    }

    /// Whether events come over the network.
    pub fn are_remote(&self) -> bool {
        self.all.iter().any(|it| matches!(it.reader, Reader::Bucket(..) | Reader::Queue(..)))
    }

    /// Reads what is there of each source whose turn it is, and waits a little.
    ///
    /// # Errors
    ///
    /// The store failed, or the session is to stop.
    pub async fn round(
        &mut self,
        session: &mut Session<'_, Ear>,
        pulse: &Pulse,
        around: &Detection,
    ) -> Result<(), WatchError> {
        for it in &mut self.all {
            if Instant::now() < it.next {
                continue;
            }
            let (before, newest_before) = (session.status.events, session.status.newest.take());
            drop(session.listener.take_last());
            // Listing a large bucket is silent for long; a queue is not.
            let is_queue = matches!(it.reader, Reader::Queue(..));
            let read = {
                let reading = self.shared.read(it, session);
                tokio::select! {
                    read = reading => read?,
                    () = around.stop.asked() => return Err(WatchError::Stopped),
                    () = silence(pulse), if is_queue => Err("it has not answered for a minute".to_owned()),
                }
            };
            let newest = session.status.newest;
            session.status.newest = newest_before.max(newest);
            let events = session.status.events - before;
            it.ended(read, session.listener.take_last(), around, events, newest);
        }
        let next = self.all.iter().map(|it| it.next).min();
        let pause = next.map_or(AMONG, |it| it.saturating_duration_since(Instant::now())).min(AMONG);
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            () = around.stop.asked() => Err(WatchError::Stopped),
        }
    }
}

/// Returns when nothing was read for a while.
async fn silence(pulse: &Pulse) {
    loop {
        let before = pulse.load(Ordering::Relaxed);
        tokio::time::sleep(SILENT).await;
        if pulse.load(Ordering::Relaxed) == before {
            return;
        }
    }
}

fn reader(name: &str) -> Result<Reader, Failure> {
    let usage = |error: &dyn std::error::Error| Told::new(error.to_string()).usage();
    if name.starts_with("s3://") {
        return S3Address::parse(name).map(|it| Reader::Bucket(it, None)).map_err(|error| usage(&error));
    }
    if let Some(address) = door(name) {
        return Ok(Reader::Door(address));
    }
    if is_queue(name) {
        return QueueAddress::parse(name).map(|it| Reader::Queue(it, None)).map_err(|error| usage(&error));
    }
    Ok(Reader::Directory(PathBuf::from(name)))
}

impl Shared<'_> {
    /// Reads what is there of a source; the inner error is the source's own.
    async fn read(
        &mut self,
        it: &mut Source,
        session: &mut Session<'_, Ear>,
    ) -> Result<Result<(), String>, WatchError> {
        match &mut it.reader {
            Reader::Directory(path) => {
                if !path.exists() {
                    return Ok(Err(format!("there is nothing at `{}`", path.display())));
                }
                local::follow_once(session, path).await?;
            }
            Reader::Bucket(address, open) => {
                let (client, target) = match self.aws().await {
                    Ok(aws) => aws,
                    Err(told) => return Ok(Err(told)),
                };
                let bucket = open.get_or_insert_with(|| Bucket::new(&client, &target, address.clone()));
                let read = bucket::read(session, bucket, &it.name, &self.filter, true).await?;
                if read.unlisted > 0 {
                    let told = session.listener.take_last();
                    return Ok(Err(told.unwrap_or_else(|| "it cannot be listed".to_owned())));
                }
            }
            Reader::Queue(address, open) => {
                let (client, target) = match self.aws().await {
                    Ok(aws) => aws,
                    Err(told) => return Ok(Err(told)),
                };
                let queue = match open {
                    Some(queue) => queue,
                    None => match Queue::open(&client, &target, address).await {
                        Ok(queue) => open.insert(queue),
                        Err(error) => return Ok(Err(chain(&error))),
                    },
                };
                let reach = Reach { client: &client, target: &target, buckets: &self.buckets };
                // What was received and not dealt with comes again, so waiting may end at any time.
                if let Err(error) = queue::take(session, queue, &reach, self.wait).await? {
                    *open = None;
                    return Ok(Err(chain(&error)));
                }
            }
            Reader::Door(address) => {
                if !self.doors.0.contains_key(address) {
                    match Listening::open(*address, self.token.as_deref()).await {
                        Ok(it) => {
                            terminal::say(&format!("detection: listening on {}", it.address()));
                            self.doors.0.insert(*address, it);
                        }
                        Err(error) => return Ok(Err(chain(&error))),
                    }
                }
                if let Some(door) = self.doors.0.get_mut(address) {
                    door.take(session, POSTS).await?;
                }
            }
        }
        Ok(Ok(()))
    }

    /// AWS, as whoever runs the server.
    async fn aws(&mut self) -> Result<(Client, Target), String> {
        if self.aws.is_none() {
            let aws = source::as_caller(&self.setup.packs).await;
            self.aws = Some(aws.map_err(|failure| told(&failure))?);
        }
        self.aws.clone().ok_or_else(String::new)
    }
}

impl Source {
    /// Notes how a reading went, and when the next one is.
    fn ended(
        &mut self,
        read: Result<(), String>,
        said: Option<String>,
        around: &Detection,
        events: u64,
        newest: Option<yagura_model::Timestamp>,
    ) {
        let now = (around.clock)();
        let pace = match &self.reader {
            Reader::Directory(_) => DIRECTORIES,
            Reader::Bucket(..) => BUCKETS,
            Reader::Queue(..) | Reader::Door(_) => Duration::ZERO,
        };
        let rest = match &read {
            Ok(()) => {
                if self.failures > 0 {
                    terminal::say(&format!("detection: {} is read again", self.name));
                }
                self.failures = 0;
                pace
            }
            Err(told) => {
                let rest = (FIRST_REST * 2_u32.saturating_pow(self.failures.min(10))).min(LONGEST_REST);
                self.failures = self.failures.saturating_add(1);
                let seconds = rest.as_secs();
                terminal::say(&format!(
                    "detection: {}: {told}; it is tried again in {seconds} seconds",
                    self.name
                ));
                rest
            }
        };
        self.next = Instant::now() + rest;
        around.jobs.change_source(&self.name, |it| {
            it.events += events;
            if let Some(newest) = newest {
                it.newest_event = it.newest_event.max(Some(newest));
                it.lag_seconds = Some(now.duration_since(newest).as_secs().max(0));
            }
            match read {
                Ok(()) => {
                    (it.condition, it.looked, it.retry_at) = (SourceCondition::Following, Some(now), None);
                    // One record that cannot be read is no reason to stop, and one to look.
                    if let Some(said) = said {
                        (it.error, it.error_at) = (Some(said), Some(now));
                    }
                }
                Err(told) => {
                    it.condition = SourceCondition::Failing;
                    (it.error, it.error_at) = (Some(told), Some(now));
                    it.retry_at = now.checked_add(rest).ok();
                }
            }
        });
    }
}
