//! Where events are read from: paths, buckets, queues, standard input.

use std::collections::BTreeSet;
use std::path::PathBuf;

use yagura_aws::{Client, Target};
use yagura_logs::s3::{Bucket, LogFilter, S3Address};
use yagura_logs::sqs::{Queue, QueueAddress};
use yagura_logs::{FileKind, Found};
use yagura_model::{AccountId, Region};
use yagura_watch::listen::Listening;

use crate::arguments::DetectArguments;
use crate::commands::configured_packs;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// Everything that a run reads.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) paths: Vec<PathBuf>,
    /// The files of the paths, when they are read once.
    pub(super) files: Vec<Found>,
    pub(super) stdin: bool,
    /// How it was written, and what it is.
    pub(super) buckets: Vec<(String, Bucket)>,
    pub(super) queues: Vec<Queue>,
    pub(super) filter: LogFilter,
    pub(super) listening: Vec<Listening>,
    /// Buckets that messages may name; empty means all.
    pub(super) allowed_buckets: Vec<String>,
    pub(super) aws: Option<(Client, Target)>,
    /// Folders and queues that could not be gone through, and what digests tell to be wrong.
    pub(super) problems: u64,
}

impl Places {
    /// Finds out what the arguments mean; AWS is only asked when something of it is named.
    pub(super) async fn open(arguments: &DetectArguments, config: &Config) -> Result<Self, Failure> {
        let mut places = Self {
            paths: Vec::new(),
            files: Vec::new(),
            stdin: false,
            buckets: Vec::new(),
            queues: Vec::new(),
            listening: Vec::new(),
            filter: filter(arguments)?,
            allowed_buckets: arguments.bucket.clone(),
            aws: None,
            problems: 0,
        };
        if arguments.matches {
            refuse_what_forgets(&arguments.sources)?;
        }
        for source in &arguments.sources {
            if source == "-" {
                places.stdin = true;
            } else if source.starts_with("s3://") {
                let address =
                    S3Address::parse(source).map_err(|error| Told::new(error.to_string()).usage())?;
                let (client, target) = places.aws(arguments, config).await?;
                places.buckets.push((source.clone(), Bucket::new(&client, &target, address)));
            } else if let Some(address) = source.strip_prefix("listen://") {
                places.listening.push(listen(source, address, arguments).await?);
            } else if is_queue(source) {
                let address =
                    QueueAddress::parse(source).map_err(|error| Told::new(error.to_string()).usage())?;
                let (client, target) = places.aws(arguments, config).await?;
                let queue = Queue::open(&client, &target, &address).await;
                places.queues.push(
                    queue.map_err(|error| Told::new("the queue cannot be used").because(error).other())?,
                );
            } else {
                places.paths.push(PathBuf::from(source));
            }
        }
        if !arguments.follow {
            places.files = files(&places.paths)?;
        } else if let Some(missing) = places.paths.iter().find(|it| !it.exists()) {
            return Err(Told::new(format!("there is nothing at `{}` to follow", missing.display())).usage());
        }
        Ok(places)
    }

    async fn aws(
        &mut self,
        arguments: &DetectArguments,
        config: &Config,
    ) -> Result<(Client, Target), Failure> {
        if let Some((client, target)) = &self.aws {
            return Ok((client.clone(), target.clone()));
        }
        let aws = source::as_caller(&configured_packs(&arguments.common.packs, config)?).await?;
        self.aws = Some(aws.clone());
        Ok(aws)
    }

    /// Whether events come over the network.
    pub(super) fn are_remote(&self) -> bool {
        !self.buckets.is_empty() || !self.queues.is_empty()
    }

    /// Digest files among those that were found.
    pub(super) fn digests(&self) -> u64 {
        self.files.iter().filter(|it| it.kind == FileKind::Digest).count() as u64
    }
}

/// `--matches` stores nothing, so what only comes once would be lost.
fn refuse_what_forgets(sources: &[String]) -> Result<(), Failure> {
    let Some(queue) = sources.iter().find(|it| is_queue(it)) else { return Ok(()) };
    Err(Told::new(format!("`--matches` would take the messages of `{queue}` away and store nothing of them"))
        .help("leave `--matches` away, or name the bucket, with `--since` and `--until`")
        .usage())
}

/// Receives what others send. That only makes sense for a program that goes on.
async fn listen(source: &str, address: &str, arguments: &DetectArguments) -> Result<Listening, Failure> {
    let wrong = || {
        Told::new(format!("`{source}` is no address to listen on"))
            .help("write `listen://127.0.0.1:2801`")
            .usage()
    };
    if !arguments.follow {
        return Err(Told::new(format!("`{source}` only makes sense with `--follow`")).usage());
    }
    let address = address.parse().map_err(|_| wrong())?;
    let listening = Listening::open(address, arguments.listen_token.as_deref()).await;
    let listening =
        listening.map_err(|error| Told::new("no events can be received").because(error).usage())?;
    terminal::say(&format!("listening on {}", listening.address()));
    Ok(listening)
}

/// Whether a source is a queue.
pub fn is_queue(source: &str) -> bool {
    source.starts_with("sqs://")
        || source.starts_with("arn:") && source.contains(":sqs:")
        || source.starts_with("https://")
        || source.starts_with("http://")
}

/// What is wanted of buckets.
///
/// # Errors
///
/// An account's id is none.
pub fn filter(arguments: &DetectArguments) -> Result<LogFilter, Failure> {
    let accounts = arguments
        .accounts
        .iter()
        .map(|it| AccountId::new(it.as_str()).map_err(|error| Told::new(error.to_string()).usage()));
    Ok(LogFilter {
        kinds: BTreeSet::new(),
        accounts: accounts.collect::<Result<_, _>>()?,
        regions: arguments.regions.iter().map(|it| Region::from(it.as_str())).collect(),
        since: arguments.since,
        until: arguments.until,
    })
}

/// The files of paths: logs, and what stands beside them.
fn files(paths: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let found = yagura_logs::find(path).map_err(|error| {
            Told::new(format!("cannot read the events in `{}`", path.display())).because(error).usage()
        })?;
        if found.is_empty() {
            return Err(Told::new(format!("there is no log in the directory `{}`", path.display()))
                .help("files called *.json, *.jsonl, *.ndjson, *.log or *.parquet are read, also with .gz or .zst behind; any other when it is named itself")
                .usage());
        }
        files.extend(found);
    }
    Ok(files)
}
