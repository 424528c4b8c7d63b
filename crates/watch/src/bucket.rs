//! Buckets: everything once, or what is new since the last time.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use yagura_logs::s3::{Bucket, LogFilter, LogKind, LogObject, go_on_after};
use yagura_store::{ReadMark, Unmark};

use crate::job::Job;
use crate::local::{TRIES, count_try, is_done};
use crate::session::{Listener, Session, WatchError};

/// So many objects are read before what came of them is marked.
const AT_ONCE: usize = 256;
/// CloudTrail delivers files up to so much later than others of the same minute.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html> (about five minutes on average)
const LATE: SignedDuration = SignedDuration::from_hours(2);

/// How the reading of a bucket went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BucketRead {
    /// Objects that were read now.
    pub objects: u64,
    /// Digests, and what lies in an archive.
    pub passed_over: u64,
    /// Folders that could not be listed.
    pub unlisted: u64,
}

/// Reads the objects of a bucket: all that are wanted, or, when it is followed, those that were not read before.
///
/// # Errors
///
/// The store failed, or something could not be kept aside. What cannot be listed or read is told, and the rest is read.
pub async fn read<L: Listener>(
    session: &mut Session<'_, L>,
    bucket: &Bucket,
    source: &str,
    filter: &LogFilter,
    following: bool,
) -> Result<BucketRead, WatchError> {
    let mut done = BucketRead::default();
    let known = if following { begin(session, source).await? } else { BTreeMap::new() };
    let mut objects = bucket.objects(filter, known);
    let mut waiting: Vec<(LogObject, u32)> = Vec::new();
    loop {
        match objects.next().await {
            None => break,
            Some(Err(error)) => {
                done.unlisted += 1;
                session.listener.say(&error.to_string());
            }
            Some(Ok(object)) => {
                if object.archived {
                    done.passed_over += 1;
                    let key = &object.key;
                    session.listener.say(&format!(
                        "s3://{}/{key}: is archived: restore it before it can be read",
                        bucket.name()
                    ));
                } else if object.place.as_ref().is_some_and(|it| it.kind == LogKind::CloudTrailDigest) {
                    done.passed_over += 1;
                } else if !following {
                    waiting.push((object, 0));
                } else if let Some(tries) = wanted(session, source, &object).await? {
                    waiting.push((object, tries));
                }
            }
        }
        if waiting.len() >= AT_ONCE {
            done.objects += some(session, bucket, source, following, std::mem::take(&mut waiting)).await?;
        }
    }
    done.objects += some(session, bucket, source, following, waiting).await?;
    Ok(done)
}

/// Behind which keys to begin, by folder: a little before where the last time ended, and before what is to be tried again. What lies
/// before need not be marked any more.
async fn begin<L: Listener>(
    session: &mut Session<'_, L>,
    source: &str,
) -> Result<BTreeMap<String, String>, WatchError> {
    let Some(watcher) = session.watcher() else { return Ok(BTreeMap::new()) };
    let mut begin = BTreeMap::new();
    let mut unmark = Vec::new();
    for it in watcher.run().folders(source, TRIES).await? {
        let after = it.last.as_deref().and_then(|key| go_on_after(key, LATE));
        // A key begins with its folder's name, which comes before it.
        let again = it.again.as_deref().and_then(|key| Some(key.rsplit_once('/')?.0.to_owned()));
        let from = match (after, again) {
            (Some(after), Some(again)) => Some(after.min(again)),
            (after, again) => after.or(again),
        };
        if let Some(from) = from {
            unmark.push(Unmark {
                source: source.to_owned(),
                folder: it.folder.clone(),
                up_to: from.clone(),
                tries: TRIES,
            });
            begin.insert(it.folder, from);
        }
    }
    if !unmark.is_empty() {
        session.unmark(unmark).await?;
    }
    Ok(begin)
}

/// How often it was tried before; `None` when it was read, or given up.
async fn wanted<L: Listener>(
    session: &Session<'_, L>,
    source: &str,
    object: &LogObject,
) -> Result<Option<u32>, WatchError> {
    let Some(watcher) = session.watcher() else { return Ok(Some(0)) };
    let known = watcher.run().mark(source, &object.key).await?;
    Ok(match known {
        Some(it) if it.mark == content(object) && is_done(&it) => None,
        Some(it) if it.mark == content(object) => Some(it.tries),
        _ => Some(0),
    })
}

/// What tells this content of the object from another.
fn content(object: &LogObject) -> String {
    let modified = object.modified.map(|it| it.to_string()).unwrap_or_default();
    format!("{} {modified}", object.size)
}

async fn some<L: Listener>(
    session: &mut Session<'_, L>,
    bucket: &Bucket,
    source: &str,
    following: bool,
    objects: Vec<(LogObject, u32)>,
) -> Result<u64, WatchError> {
    let mark = |it: &LogObject| ReadMark {
        source: source.to_owned(),
        object: it.key.clone(),
        folder: it.partition.to_string(),
        mark: content(it),
        tries: 0,
        why: None,
    };
    // What is read once is read again when somebody asks again: with other rules, perhaps.
    let job = |it: &LogObject| Job::object(bucket, &it.key, following.then(|| mark(it)));
    let jobs: Vec<Job> = objects.iter().map(|(it, _)| job(it)).collect();
    let mut read = 0;
    for end in session.read(&jobs).await? {
        let (object, tries) = &objects[end.job];
        if end.problem.is_none() {
            read += 1;
        } else if following {
            count_try(session, mark(object), *tries, &end).await?;
        }
    }
    Ok(read)
}
