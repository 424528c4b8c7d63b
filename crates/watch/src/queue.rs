//! Queues: messages that announce objects, or are events themselves.
//!
//! A message is deleted when what it announces was read and what came of it is stored; never before. One that cannot be done comes again, and
//! after some times it is kept aside with the reason.

use std::collections::BTreeMap;
use std::time::Duration;

use yagura_aws::{Client, Target};
use yagura_logs::s3::{Bucket, S3Address};
use yagura_logs::sqs::{Announcement, Message, NewObject, Queue, QueueError, Receipt};

use crate::aside::Poison;
use crate::job::Job;
use crate::local::TRIES;
use crate::session::{Listener, Session, WatchError};

/// So many messages are taken before they are read: ten at a time come from SQS.
const AT_ONCE: usize = 100;
/// What failed comes again after so long, so that what only passes has passed.
const AGAIN: Duration = Duration::from_secs(30);
/// A queue hides messages for 30 seconds if nobody says otherwise; large objects take longer.
const KEEP_EVERY: Duration = Duration::from_secs(10);
const KEEP_FOR: Duration = Duration::from_secs(60);

/// How messages went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueRead {
    /// Messages that came.
    pub messages: u64,
    /// Messages that are done.
    pub done: u64,
    /// Messages that come again.
    pub again: u64,
    /// Messages that were kept aside.
    pub given_up: u64,
}

/// Where objects are read from.
#[derive(Debug, Clone)]
pub struct Reach<'r> {
    /// Calls AWS.
    pub client: &'r Client,
    /// Who asks.
    pub target: &'r Target,
    /// Buckets that may be read; empty means all. Whoever may write to the queue could name any.
    pub buckets: &'r [String],
}

/// Takes messages, up to a hundred, and deals with them; waits up to `wait` for the first ones.
///
/// # Errors
///
/// The outer one when the store failed: then no message was deleted. The inner one when the queue cannot be used.
pub async fn take<L: Listener>(
    session: &mut Session<'_, L>,
    queue: &Queue,
    reach: &Reach<'_>,
    wait: Duration,
) -> Result<Result<QueueRead, QueueError>, WatchError> {
    let mut messages: Vec<Message> = Vec::new();
    let mut wait = wait;
    while messages.len() < AT_ONCE {
        match queue.receive(wait).await {
            Ok(some) if some.is_empty() => break,
            Ok(some) => messages.extend(some),
            Err(error) if messages.is_empty() => return Ok(Err(error)),
            Err(error) => {
                session.listener.say(&error.to_string());
                break;
            }
        }
        // Those that are there already are taken with them, and nobody waits for more.
        wait = Duration::ZERO;
    }
    deal(session, queue, reach, messages).await.map(Ok)
}

/// A message, and what stands in the way of being done with it.
struct Open {
    receipt: Receipt,
    id: String,
    receive_count: u32,
    told: String,
    problem: Option<String>,
    /// Whether the problem passes by itself.
    is_passing: bool,
}

async fn deal<L: Listener>(
    session: &mut Session<'_, L>,
    queue: &Queue,
    reach: &Reach<'_>,
    messages: Vec<Message>,
) -> Result<QueueRead, WatchError> {
    let mut read = QueueRead { messages: messages.len() as u64, ..QueueRead::default() };
    let (mut open, mut jobs, mut of_job) = (Vec::new(), Vec::new(), Vec::new());
    let mut buckets: BTreeMap<String, Bucket> = BTreeMap::new();
    for message in messages {
        let number = open.len();
        let mut it = Open {
            receipt: message.receipt,
            id: message.id,
            receive_count: message.receive_count,
            told: String::new(),
            problem: None,
            is_passing: false,
        };
        match message.announces {
            Announcement::Objects(objects) => {
                for object in objects {
                    it.told.push_str(&format!("s3://{}/{} ", object.bucket, object.key));
                    match bucket(reach, &mut buckets, &object) {
                        Ok(bucket) => {
                            jobs.push(Job::object(bucket, &object.key, None));
                            of_job.push(number);
                        }
                        Err(problem) => it.problem = Some(problem),
                    }
                }
            }
            Announcement::Event(record) | Announcement::GuardDutyFinding(record) => {
                it.told.clone_from(&record);
                jobs.push(Job::record(format!("message {}", it.id), record));
                of_job.push(number);
            }
            Announcement::Nothing(_) => {}
            Announcement::Unknown { excerpt } => {
                it.problem = Some(format!("the message announces nothing that is known: {excerpt}"));
                it.told = excerpt;
            }
        }
        open.push(it);
    }
    let kept = queue.keep(open.iter().map(|it| &it.receipt), KEEP_EVERY, KEEP_FOR);
    let ends = session.read(&jobs).await?;
    drop(kept);
    for end in ends {
        if let Some(problem) = end.problem {
            let it = &mut open[of_job[end.job]];
            (it.problem, it.is_passing) = (Some(problem), end.is_passing);
        }
    }
    finish(session, queue, open, &mut read).await?;
    Ok(read)
}

/// The bucket of an object that may be read.
fn bucket<'b>(
    reach: &Reach<'_>,
    buckets: &'b mut BTreeMap<String, Bucket>,
    object: &NewObject,
) -> Result<&'b Bucket, String> {
    let name = &object.bucket;
    if !reach.buckets.is_empty() && !reach.buckets.contains(name) {
        return Err(format!("the bucket `{name}` is none of those that may be read (`--bucket`)"));
    }
    let address = S3Address { bucket: name.clone(), prefix: String::new() };
    Ok(buckets.entry(name.clone()).or_insert_with(|| Bucket::new(reach.client, reach.target, address)))
}

/// Deletes what is done, gives back what is not, keeps aside what came too often.
async fn finish<L: Listener>(
    session: &mut Session<'_, L>,
    queue: &Queue,
    open: Vec<Open>,
    read: &mut QueueRead,
) -> Result<(), WatchError> {
    let (mut done, mut again) = (Vec::new(), Vec::new());
    for it in open {
        let Some(problem) = &it.problem else {
            read.done += 1;
            done.push(it.receipt);
            continue;
        };
        // What cannot be kept is not given up: then only the queue's own dead-letter queue takes it.
        if it.receive_count < TRIES || it.is_passing || session.aside().directory().is_none() {
            read.again += 1;
            again.push(it.receipt);
            continue;
        }
        let poison = Poison {
            source: queue.url(),
            object: &it.id,
            why: problem,
            tries: it.receive_count,
            body: Some(it.told.trim()),
        };
        let kept = session.aside().poison(poison).map_err(WatchError::Aside)?;
        let kept = kept.map(|it| format!("; it is kept in {}", it.display())).unwrap_or_default();
        session
            .listener
            .say(&format!("message {}: given up after {} tries{kept}: {problem}", it.id, it.receive_count));
        session.status.given_up += 1;
        read.given_up += 1;
        done.push(it.receipt);
    }
    let problems = queue.delete(done).await.into_iter().chain(queue.release(again, AGAIN).await);
    for it in problems {
        // It comes again, and what came of it is known.
        session.listener.say(&it.error.to_string());
    }
    Ok(())
}
