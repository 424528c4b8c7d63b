//! `--verify-digests`: whether the log files of a bucket are as CloudTrail wrote them.

use std::sync::atomic::{AtomicU64, Ordering};

use yagura_logs::digest::{Checked, DigestAnswer, FileAnswer, verify};
use yagura_logs::s3::S3Address;

use super::places::Places;
use crate::terminal;

/// Judges the digests of all buckets; returns how much is not as it should be. Everything that is not is told.
pub(super) async fn check(places: &Places) -> u64 {
    let Some((client, target)) = &places.aws else { return 0 };
    let (files, digests, wrong) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    for (source, _) in &places.buckets {
        let Ok(address) = S3Address::parse(source) else { continue };
        let mut tell = |checked: Checked| {
            let problem = match checked {
                Checked::Digest(it) => {
                    digests.fetch_add(1, Ordering::Relaxed);
                    of_digest(&it.answer).map(|what| format!("digest {}: {what}", it.key))
                }
                Checked::File(it) => {
                    files.fetch_add(1, Ordering::Relaxed);
                    of_file(&it.answer).map(|what| format!("s3://{}/{}: {what}", it.bucket, it.key))
                }
                Checked::Unlisted(error) => Some(error.to_string()),
            };
            if let Some(problem) = problem {
                wrong.fetch_add(1, Ordering::Relaxed);
                terminal::say(&problem);
            }
        };
        verify(client, target, &address, &places.filter, &mut tell).await;
    }
    let (files, digests, wrong) = (files.into_inner(), digests.into_inner(), wrong.into_inner());
    terminal::say(&format!(
        "{files} log files and {digests} digests were checked: {wrong} are not as CloudTrail wrote them"
    ));
    wrong
}

/// What is wrong with a digest.
fn of_digest(answer: &DigestAnswer) -> Option<String> {
    Some(match answer {
        DigestAnswer::Valid => return None,
        DigestAnswer::BadSignature => "it was changed, or CloudTrail did not sign it".to_owned(),
        DigestAnswer::UnknownKey { fingerprint } => format!("no key of CloudTrail's has the fingerprint {fingerprint}"),
        DigestAnswer::Moved { from } => format!("CloudTrail put it at {from}"),
        DigestAnswer::Gap { previous: Some(previous) } => format!("the one before it is missing or changed: {previous}"),
        DigestAnswer::Gap { previous: None } => {
            "the chain of digests begins here: logging or validation was switched off before, or digests were deleted".to_owned()
        }
        DigestAnswer::Unreadable { why } => format!("it cannot be read: {why}"),
    })
}

/// What is wrong with a log file. One that is younger than the last digest is not.
fn of_file(answer: &FileAnswer) -> Option<String> {
    Some(match answer {
        FileAnswer::Valid | FileAnswer::NotYet => return None,
        FileAnswer::Changed => "it was changed since CloudTrail wrote it".to_owned(),
        FileAnswer::Missing => "a digest names it, but it is gone".to_owned(),
        FileAnswer::NotCovered => {
            "no valid digest names it: it is not from CloudTrail, or its digest is gone".to_owned()
        }
        FileAnswer::Unreadable { why } => format!("it cannot be checked: {why}"),
    })
}
