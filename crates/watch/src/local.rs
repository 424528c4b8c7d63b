//! Files on this machine: once, or followed as they come and grow.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use yagura_logs::{FileKind, Found};
use yagura_store::ReadMark;

use crate::job::Job;
use crate::session::{Listener, Session, WatchError};

/// A file that was changed within this time may still be written.
const QUIET: Duration = Duration::from_secs(2);
/// So many files are read before what came of them is marked.
const AT_ONCE: usize = 256;
/// After so many tries a file is given up.
pub(crate) const TRIES: u32 = 5;

/// The things to read of files that were found, once: digests are none.
#[must_use]
pub fn jobs(files: &[Found]) -> Vec<Job> {
    let events = files.iter().filter(|it| it.kind == FileKind::Events);
    events.map(|it| Job::file(it.path.clone(), None)).collect()
}

/// Reads what is new below a path since the last time; returns how many files were read.
///
/// A file is known by its size and the time of its last change. A plain file of lines that has grown is read from where it ended.
///
/// # Errors
///
/// The store failed, or something could not be kept aside.
pub async fn follow_once<L: Listener>(
    session: &mut Session<'_, L>,
    root: &Path,
) -> Result<usize, WatchError> {
    let found = match yagura_logs::find(root) {
        Ok(found) => found,
        Err(error) => {
            session.listener.say(&format!("{}: cannot be read: {error}", root.display()));
            return Ok(0);
        }
    };
    let source = root.display().to_string();
    let mut new = Vec::new();
    for it in found.into_iter().filter(|it| it.kind == FileKind::Events) {
        let object = it.path.display().to_string();
        let Ok(seen) = Seen::of(&it.path) else { continue };
        let known = match session.watcher() {
            Some(watcher) => watcher.run().mark(&source, &object).await?,
            None => None,
        };
        if let Some(job) = job(&source, &object, it.path, &seen, known.as_ref()) {
            new.push((job, known.map_or(0, |it| it.tries)));
        }
    }
    let count = new.len();
    for some in new.chunks(AT_ONCE) {
        let jobs: Vec<Job> = some.iter().map(|(job, _)| job.clone()).collect();
        for end in session.read(&jobs).await? {
            let (job, tries) = &some[end.job];
            if let (Some(problem), Some(mark)) = (end.problem, &job.mark) {
                give_up_or_count(session, mark.clone(), *tries, &problem).await?;
            }
        }
    }
    Ok(count)
}

/// Counts a try that failed; the last one keeps the file aside.
pub(crate) async fn give_up_or_count<L: Listener>(
    session: &mut Session<'_, L>,
    mut mark: ReadMark,
    tries: u32,
    problem: &str,
) -> Result<(), WatchError> {
    mark.tries = tries + 1;
    mark.why = Some(problem.to_owned());
    if mark.tries >= TRIES {
        let (source, object) = (mark.source.clone(), mark.object.clone());
        let poison = crate::aside::Poison {
            source: &source,
            object: &object,
            why: problem,
            tries: mark.tries,
            body: None,
        };
        let kept = session.aside().poison(poison).map_err(WatchError::Aside)?;
        session.status.given_up += 1;
        let kept = kept.map(|it| format!("; what is known of it stands in {}", it.display()));
        session.listener.say(&format!("{object}: given up after {TRIES} tries{}", kept.unwrap_or_default()));
    }
    session.mark(vec![mark]).await
}

/// A file, as it is now.
struct Seen {
    size: u64,
    changed: SystemTime,
    ends_with_newline: bool,
    is_plain: bool,
}

impl Seen {
    fn of(path: &Path) -> std::io::Result<Self> {
        let mut file = std::fs::File::open(path)?;
        let metadata = file.metadata()?;
        let mut first = [0; 4];
        let read = file.read(&mut first)?;
        let is_plain = !matches!(&first[..read], [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd] | b"PAR1");
        let mut last = [0];
        if metadata.len() > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        Ok(Self {
            size: metadata.len(),
            changed: metadata.modified()?,
            ends_with_newline: last == *b"\n",
            is_plain,
        })
    }

    fn mark(&self) -> String {
        let changed = self.changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let lines = if self.is_plain && self.ends_with_newline { "lines" } else { "whole" };
        format!("{} {}.{:09} {lines}", self.size, changed.as_secs(), changed.subsec_nanos())
    }
}

/// What is to be read of a file, if anything.
fn job(source: &str, object: &str, path: PathBuf, seen: &Seen, known: Option<&ReadMark>) -> Option<Job> {
    let text = seen.mark();
    if known.is_some_and(|it| it.mark == text && (it.tries == 0 || it.tries >= TRIES)) {
        return None;
    }
    let is_quiet = seen.changed.elapsed().is_ok_and(|it| it >= QUIET);
    // A file of lines may be read while it grows; any other only when nobody writes to it any more.
    if !(is_quiet || seen.is_plain && seen.ends_with_newline) {
        return None;
    }
    let mark = Some(ReadMark {
        source: source.to_owned(),
        object: object.to_owned(),
        folder: String::new(),
        mark: text,
        tries: 0,
        why: None,
    });
    let ended = known.filter(|it| it.tries == 0 && it.mark.ends_with(" lines"));
    let ended: Option<u64> = ended.and_then(|it| it.mark.split(' ').next()?.parse().ok());
    Some(match ended.filter(|it| seen.is_plain && *it < seen.size) {
        Some(from) => Job::part(path, from, seen.size, mark),
        None => Job::file(path, mark),
    })
}
