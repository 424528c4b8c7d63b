//! Fetches digests, keys and log files from a bucket, and judges them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io::Read;

use futures::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;
use yagura_aws::{Client, ObjectError, Target};
use yagura_model::Region;

use super::chain::home_region;
use super::{Chain, Digest, DigestAnswer, FileAnswer, LogFile, PublicKeys, hex, judge_file};
use crate::s3::{Bucket, ListError, LogFilter, LogKind, LogObject, ObjectReader, S3Address};

/// The largest digest: some hundred thousand log files.
const MOST_OF_DIGEST: u64 = 64 << 20;
/// So many log files of a digest are fetched at once: they are small, and each takes the way to S3 and back.
const AT_ONCE: usize = 16;
/// The largest log file, packed.
const MOST_OF_FILE: u64 = 4 << 30;

/// What was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// A digest.
    Digest(CheckedDigest),
    /// A log file.
    File(CheckedFile),
    /// A folder that could not be listed.
    Unlisted(ListError),
}

/// A digest, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedDigest {
    /// Its key.
    pub key: String,
    /// What is known.
    pub answer: DigestAnswer,
}

/// A log file, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFile {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// What is known.
    pub answer: FileAnswer,
}

/// Judges the digests of a place that the filter takes, the log files that they name, and the log files that none names.
/// Each answer is told as soon as it is known, folder by folder. Memory holds the names of one folder's files at most.
///
/// A log file that is missing or changed is told by its digest; of digests that are not valid, the files are not believed.
pub async fn verify(
    client: &Client,
    target: &Target,
    place: &S3Address,
    filter: &LogFilter,
    tell: &mut (dyn FnMut(Checked) + Send),
) {
    let mut check = Check {
        client,
        target,
        bucket: Bucket::new(client, target, place.clone()),
        keys: HashMap::new(),
        hasher: RandomState::new(),
        tell,
    };
    let digests = LogFilter { kinds: [LogKind::CloudTrailDigest].into(), ..filter.clone() };
    let mut found = check.bucket.objects(&digests, BTreeMap::new());
    let mut folder: Option<Folder> = None;
    while let Some(object) = found.next().await {
        let object = match object {
            Ok(object) => object,
            Err(error) => {
                (check.tell)(Checked::Unlisted(error));
                continue;
            }
        };
        if folder.as_ref().is_none_or(|folder| folder.partition != *object.partition) {
            if let Some(done) = folder.take() {
                check.uncovered(&done, filter).await;
            }
            folder = Some(Folder::new(&object));
        }
        if let Some(folder) = &mut folder {
            check.digest(&object, folder).await;
        }
    }
    if let Some(done) = folder {
        check.uncovered(&done, filter).await;
    }
}

/// The digests of one account and region.
struct Folder {
    partition: String,
    region: Option<Region>,
    chain: Chain,
    /// The log files that valid digests name, by a number that stands for the key.
    covered: HashSet<u64>,
    newest: Option<Timestamp>,
}

impl Folder {
    fn new(first: &LogObject) -> Self {
        Self {
            partition: first.partition.to_string(),
            region: first.place.as_ref().and_then(|place| place.region.clone()),
            chain: Chain::default(),
            covered: HashSet::new(),
            newest: None,
        }
    }
}

struct Check<'a> {
    client: &'a Client,
    target: &'a Target,
    bucket: Bucket,
    keys: HashMap<(Region, i64), PublicKeys>,
    hasher: RandomState,
    tell: &'a mut (dyn FnMut(Checked) + Send),
}

impl Check<'_> {
    async fn digest(&mut self, object: &LogObject, folder: &mut Folder) {
        let key = object.key.clone();
        let (answer, digest) = match self.read(&key).await {
            Ok((digest, signature)) => {
                let answer = self.judge(&digest, &key, signature.as_deref(), folder).await;
                (answer, Some(digest))
            }
            Err(why) => (DigestAnswer::Unreadable { why }, None),
        };
        let believed = matches!(answer, DigestAnswer::Valid | DigestAnswer::Gap { .. });
        (self.tell)(Checked::Digest(CheckedDigest { key, answer }));
        let Some(digest) = digest.filter(|_| believed) else { return };
        folder.newest = folder.newest.max(Some(digest.end));
        for file in &digest.log_files {
            folder.covered.insert(self.hasher.hash_one((&file.bucket, &file.object)));
        }
        let (client, target) = (self.client, self.target);
        let mut judged = stream::iter(&digest.log_files)
            .map(|file| async move { (file, judge_named(client, target, file).await) })
            .buffered(AT_ONCE);
        while let Some((file, answer)) = judged.next().await {
            let (bucket, key) = (file.bucket.clone(), file.object.clone());
            (self.tell)(Checked::File(CheckedFile { bucket, key, answer }));
        }
    }

    async fn read(&self, key: &str) -> Result<(Digest, Option<String>), String> {
        let object = self.bucket.open(key, MOST_OF_DIGEST).await.map_err(|error| error.to_string())?;
        let signature = object.metadata().get("signature").cloned();
        let packed = object.bytes().await.map_err(|error| error.to_string())?;
        let size = packed.len() as u64;
        let mut bytes = Vec::new();
        crate::unpack(std::io::Cursor::new(packed), Some(size))
            .map_err(|error| error.to_string())?
            .take(MOST_OF_DIGEST)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        Ok((Digest::parse(&bytes).map_err(|error| error.to_string())?, signature))
    }

    async fn judge(
        &mut self,
        digest: &Digest,
        key: &str,
        signature: Option<&str>,
        folder: &mut Folder,
    ) -> DigestAnswer {
        let bucket = self.bucket.name().to_owned();
        let mut answer = DigestAnswer::UnknownKey { fingerprint: digest.fingerprint.clone() };
        // The trail's home region signs.
        let home = home_region(&digest.object).map(Region::new);
        let mut asked = Vec::new();
        for region in [home, folder.region.clone()].into_iter().flatten() {
            if asked.contains(&region) {
                continue;
            }
            match self.keys(&region, digest).await {
                Ok(keys) => answer = digest.judge(&bucket, key, signature, keys),
                Err(why) => return DigestAnswer::Unreadable { why },
            }
            if !matches!(answer, DigestAnswer::UnknownKey { .. }) {
                break;
            }
            asked.push(region);
        }
        match (answer, signature) {
            (DigestAnswer::Valid, Some(signature)) => folder.chain.link(digest, signature),
            (answer, _) => answer,
        }
    }

    /// The keys of a region around the time of a digest.
    async fn keys(&mut self, region: &Region, digest: &Digest) -> Result<&PublicKeys, String> {
        const DAY: i64 = 24 * 60 * 60;
        let day = digest.end.as_second().div_euclid(DAY);
        let key = (region.clone(), day);
        if !self.keys.contains_key(&key) {
            let begin = Timestamp::from_second(day.saturating_mul(DAY)).unwrap_or(digest.start);
            let spread = SignedDuration::from_hours(25);
            let input = json!({
                "StartTime": begin.checked_sub(spread).unwrap_or(begin).to_string(),
                "EndTime": begin.checked_add(spread).unwrap_or(begin).to_string(),
            });
            let target = self.target.in_region(region.clone());
            let answer = self.client.call_all(&target, "cloudtrail.ListPublicKeys", &input).await;
            let mut keys = PublicKeys::default();
            keys.add_answer(&answer.map_err(|error| error.to_string())?);
            // Folders are gone through one by one: what another region or day needed is not needed again soon.
            if self.keys.len() >= 100 {
                self.keys.clear();
            }
            self.keys.insert(key.clone(), keys);
        }
        self.keys.get(&key).ok_or_else(|| "no keys".to_owned())
    }

    /// Log files beside the digests that none of them names.
    async fn uncovered(&mut self, folder: &Folder, filter: &LogFilter) {
        let (digests, files) = (LogKind::CloudTrailDigest.folder(), LogKind::CloudTrail.folder());
        let Some((before, behind)) = folder.partition.rsplit_once(digests) else { return };
        let prefix = format!("{before}{files}{behind}");
        let place = S3Address { bucket: self.bucket.name().to_owned(), prefix };
        let wanted = LogFilter { kinds: [LogKind::CloudTrail].into(), ..filter.clone() };
        let mut found =
            Bucket::new(self.client, self.target, place.clone()).objects(&wanted, BTreeMap::new());
        while let Some(object) = found.next().await {
            let object = match object {
                Ok(object) => object,
                Err(error) => {
                    (self.tell)(Checked::Unlisted(error));
                    continue;
                }
            };
            if folder.covered.contains(&self.hasher.hash_one((&place.bucket, &object.key))) {
                continue;
            }
            let is_young = folder.newest.is_none_or(|newest| object.modified.is_some_and(|it| it > newest));
            let answer = if is_young { FileAnswer::NotYet } else { FileAnswer::NotCovered };
            let (bucket, key) = (place.bucket.clone(), object.key);
            (self.tell)(Checked::File(CheckedFile { bucket, key, answer }));
        }
    }
}

/// What is known of a log file that a digest names.
async fn judge_named(client: &Client, target: &Target, file: &LogFile) -> FileAnswer {
    match hash_of(client, target, file).await {
        Ok(sha256) => judge_file(file, &sha256),
        Err(Unread::Gone) => FileAnswer::Missing,
        // What cannot be unpacked is not what CloudTrail wrote.
        Err(Unread::Broken) => FileAnswer::Changed,
        Err(Unread::Failed(why)) => FileAnswer::Unreadable { why },
    }
}

/// The hash of what a log file holds.
async fn hash_of(client: &Client, target: &Target, file: &LogFile) -> Result<String, Unread> {
    let object = client.object(target, &file.bucket, &file.object, MOST_OF_FILE).await?;
    let reader = ObjectReader::new(object, Handle::current());
    let hashing = tokio::task::spawn_blocking(move || hash(reader));
    hashing.await.map_err(|error| Unread::Failed(error.to_string()))?
}

/// Why a log file has no hash.
enum Unread {
    Gone,
    Broken,
    Failed(String),
}

impl From<ObjectError> for Unread {
    fn from(error: ObjectError) -> Self {
        match error {
            ObjectError::Gone(_) => Self::Gone,
            error => Self::Failed(error.to_string()),
        }
    }
}

fn hash(reader: ObjectReader) -> Result<String, Unread> {
    let size = reader.size();
    let failed = |error: std::io::Error| match ObjectReader::cause(&error) {
        Some(cause) => Unread::from(cause.clone()),
        None => Unread::Broken,
    };
    let crate::CompressionError::Io(error) = match crate::unpack(reader, size) {
        Ok(mut input) => {
            let mut hasher = Sha256::new();
            let mut buffer = vec![0; 64 << 10];
            loop {
                match input.read(&mut buffer).map_err(failed)? {
                    0 => return Ok(hex(&hasher.finalize())),
                    read => hasher.update(&buffer[..read]),
                }
            }
        }
        Err(error) => error,
    };
    Err(failed(error))
}
