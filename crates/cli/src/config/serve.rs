//! `[serve]` in yagura.toml: how the server is reached, what it does by itself, and when.

use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use yagura_import::aws::Source;
use yagura_logs::s3::S3Address;
use yagura_logs::sqs::QueueAddress;
use yagura_posture::Schedule;

use super::openid::OpenIdConnect;
use crate::commands::detect::is_queue;
use crate::report_settings::{all_parsed, maybe_parsed, zone};
use crate::since::Since;

/// How the server is reached, and what it does by itself.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeSettings {
    /// Where it listens.
    pub listen: Option<SocketAddr>,
    /// Whether a proxy with TLS is before it.
    pub behind_tls: bool,
    /// Where numbers are told to whoever asks.
    pub metrics_listen: Option<SocketAddr>,
    /// The certificate and its chain.
    pub tls_certificate: Option<PathBuf>,
    /// Its key.
    pub tls_key: Option<PathBuf>,
    /// An identity provider that people may sign in through.
    pub openid_connect: Option<OpenIdConnect>,
    /// The time zone of the schedules here; this machine's when left out.
    #[serde(deserialize_with = "zone")]
    time_zone: Option<TimeZone>,
    /// Scans.
    pub scan: ScanSettings,
    /// Imports.
    pub import: ImportSettings,
    /// Sources of events that are followed.
    pub detect: DetectSettings,
}

/// When it scans, and what. The keys at the top of the file say the rest.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScanSettings {
    /// When; only when somebody asks when left out.
    #[serde(deserialize_with = "maybe_parsed")]
    pub schedule: Option<Schedule>,
    /// A snapshot that is judged instead of AWS.
    pub snapshot: Option<PathBuf>,
}

/// When it imports, and from where.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportSettings {
    /// When; only when somebody asks when left out.
    #[serde(deserialize_with = "maybe_parsed")]
    pub schedule: Option<Schedule>,
    /// Files, or directories of them.
    pub paths: Vec<PathBuf>,
    /// Detectors of AWS.
    #[serde(deserialize_with = "all_parsed")]
    pub from: Vec<Source>,
    /// The region that Security Hub or the aggregator of AWS Config gathers in.
    pub aggregation_region: Option<String>,
    /// The aggregator of AWS Config.
    pub config_aggregator: Option<String>,
    /// Only what changed since then.
    #[serde(deserialize_with = "maybe_parsed")]
    pub since: Option<Since>,
}

/// What is followed, past which rules.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DetectSettings {
    /// Directories, buckets, queues, addresses to listen on.
    pub sources: Vec<String>,
    /// Rule files of Falco and Sigma, or directories of them, beside the built-in detections.
    pub rules: Vec<PathBuf>,
    /// Whether the built-in detections are left out.
    pub only_rules: bool,
    /// Processing pipelines of pySigma.
    pub pipeline: Vec<PathBuf>,
    /// Of buckets, only these accounts.
    pub accounts: Vec<String>,
    /// Of buckets, only these regions.
    pub regions: Vec<String>,
    /// Of buckets, only from this day on.
    #[serde(deserialize_with = "maybe_parsed")]
    pub since: Option<Date>,
    /// Buckets that the messages of queues may name.
    pub bucket: Vec<String>,
}

impl ServeSettings {
    /// The time zone of the schedules.
    pub fn zone(&self) -> TimeZone {
        self.time_zone.clone().unwrap_or_else(TimeZone::system)
    }

    /// The keys that a server goes by from its start on, and that say something else in `other`.
    pub fn changed_for_the_next_start(&self, other: &Self) -> Vec<&'static str> {
        [
            ("listen", self.listen == other.listen),
            ("behind_tls", self.behind_tls == other.behind_tls),
            ("metrics_listen", self.metrics_listen == other.metrics_listen),
            ("tls_certificate", self.tls_certificate == other.tls_certificate),
            ("tls_key", self.tls_key == other.tls_key),
        ]
        .into_iter()
        .filter_map(|(key, is_same)| (!is_same).then_some(key))
        .collect()
    }

    /// What cannot be used: the path of the key, and why.
    pub(super) fn mistakes(&self) -> Vec<(String, String)> {
        let mut told = Vec::new();
        let ImportSettings { schedule, paths, from, .. } = &self.import;
        if schedule.is_some() && paths.is_empty() && from.is_empty() {
            let message = "nothing is imported: `from` names detectors of AWS, `paths` files".to_owned();
            told.push(("serve.import".to_owned(), message));
        }
        for (n, source) in self.detect.sources.iter().enumerate() {
            if let Err(message) = check(source) {
                told.push((format!("serve.detect.sources.{n}"), message));
            } else if self.detect.sources.iter().take(n).any(|it| it == source) {
                told.push((format!("serve.detect.sources.{n}"), format!("`{source}` stands here twice")));
            }
        }
        told
    }
}

/// Whether a source can be followed.
fn check(source: &str) -> Result<(), String> {
    if source == "-" {
        return Err("a server has no standard input to follow".to_owned());
    }
    if source.starts_with("s3://") {
        return S3Address::parse(source).map(|_| ()).map_err(|error| error.to_string());
    }
    if let Some(address) = source.strip_prefix("listen://") {
        let wrong = || format!("`{source}` is no address to listen on: write `listen://127.0.0.1:2801`");
        return address.parse::<std::net::SocketAddr>().map(|_| ()).map_err(|_| wrong());
    }
    if is_queue(source) {
        return QueueAddress::parse(source).map(|_| ()).map_err(|error| error.to_string());
    }
    Ok(())
}
