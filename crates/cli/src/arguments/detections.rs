//! The arguments of `yagura detect` and `yagura detections`.

use std::path::PathBuf;

use crate::since::Since;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use yagura_detect::Source;
use yagura_model::{Lang, Severity, Timestamp};
use yagura_report::ExportFormat;

/// Which detections are used.
#[derive(Debug, Default, Args)]
pub struct DetectionsCommon {
    /// Rule files of Falco and Sigma, or directories of them, beside the built-in detections.
    #[arg(long, env = "YAGURA_DETECTION_RULES", value_delimiter = ',', value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// Leave the built-in detections out.
    #[arg(long, env = "YAGURA_ONLY_RULES", requires = "rules")]
    pub only_rules: bool,
    /// Processing pipelines of pySigma, which change Sigma's rules before they are used: names of fields, placeholders.
    #[arg(long, env = "YAGURA_PIPELINES", value_delimiter = ',', value_name = "FILE")]
    pub pipeline: Vec<PathBuf>,
    /// Directories laid over the built-in packs.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// The language of texts: en, ja [default: the environment's].
    #[arg(long, env = "YAGURA_LANG", value_name = "LANG")]
    pub lang: Option<Lang>,
}

/// `yagura detect`.
#[derive(Debug, Args)]
pub struct DetectArguments {
    /// Files of events or directories of them, `s3://BUCKET/PREFIX`, a queue (`sqs://NAME`, its URL or ARN),
    /// `listen://ADDRESS:PORT` for what others post (the audit webhook of Kubernetes, falcosidekick), `-` for standard input.
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<String>,
    /// What the events are, whatever they look like.
    #[arg(long, value_enum, default_value_t = EventSource::Auto, value_name = "SOURCE")]
    pub source: EventSource,
    /// Go on as events come, until the program is stopped.
    #[arg(long, conflicts_with = "matches")]
    pub follow: bool,
    /// Of buckets, only these accounts.
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub accounts: Vec<String>,
    /// Of buckets, only these regions.
    #[arg(long, value_delimiter = ',', value_name = "REGION")]
    pub regions: Vec<String>,
    /// Of buckets, only from this day on (UTC): `2026-01-31`.
    #[arg(long, value_name = "DAY")]
    pub since: Option<Date>,
    /// Of buckets, only up to this day (UTC).
    #[arg(long, value_name = "DAY")]
    pub until: Option<Date>,
    /// Of buckets, check first that CloudTrail's files are as it wrote them, by its digests.
    #[arg(long)]
    pub verify_digests: bool,
    /// Buckets that a queue's messages may name [default: all that can be read].
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    pub bucket: Vec<String>,
    /// What senders to `listen://` must know: `Authorization: Bearer TOKEN`.
    #[arg(long, env = "YAGURA_LISTEN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub listen_token: Option<String>,
    /// A directory for what cannot be read: broken records, files and messages that failed five times [default: beside the
    /// store, called as it is with `-aside` behind].
    #[arg(long, env = "YAGURA_KEEP_ASIDE", value_name = "DIR")]
    pub aside: Option<PathBuf>,
    #[command(flatten)]
    pub common: DetectionsCommon,
    /// Print every match as a line of JSON: `rule`, `event_id`, `time`. Nothing is stored.
    #[arg(long)]
    pub matches: bool,
    /// Only learn what is usual, from logs of the past: no findings, and nothing counts as read.
    #[arg(long, conflicts_with_all = ["matches", "follow"])]
    pub prime: bool,
    /// Where findings are kept: a file, or `none` [default: the user's own store].
    #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// For people, for machines, or in the formats of others.
    #[arg(long, short, value_enum, default_value_t = DetectFormat::Table, conflicts_with = "matches")]
    pub output: DetectFormat,
    /// Only findings of at least this severity are shown.
    #[arg(long, env = "YAGURA_SEVERITY", value_name = "SEVERITY")]
    pub severity: Option<Severity>,
    /// The time of the run, instead of the clock's.
    #[arg(long, value_name = "TIME")]
    pub now: Option<Timestamp>,
    /// Threads that read files [default: one for each core].
    #[arg(long, env = "YAGURA_THREADS", value_name = "N")]
    pub threads: Option<usize>,
    /// Where the output goes, instead of standard output.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
}

/// `yagura incidents`.
#[derive(Debug, Subcommand)]
pub enum IncidentsCommand {
    /// One line for each incident, the newest first.
    List {
        #[command(flatten)]
        common: IncidentsCommon,
        /// Only incidents of at least this severity.
        #[arg(long, env = "YAGURA_SEVERITY", value_name = "SEVERITY")]
        severity: Option<Severity>,
        /// Only incidents with events since then: a day, a moment, or `7d`.
        #[arg(long, value_name = "TIME")]
        since: Option<Since>,
        /// Only incidents in this account.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
    },
    /// The story of one incident: who, from where, what happened stage by stage, what to do first.
    Show {
        /// Its id, or how the id begins.
        incident: String,
        #[command(flatten)]
        common: IncidentsCommon,
    },
}

/// Where incidents are read from, and how they are told.
#[derive(Debug, Args)]
pub struct IncidentsCommon {
    /// The store [default: the user's own].
    #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// For people, or JSON.
    #[arg(long, short, value_enum, default_value_t = ThreatFormat::Table)]
    pub output: ThreatFormat,
    /// The language of texts: en, ja [default: the environment's].
    #[arg(long, env = "YAGURA_LANG", value_name = "LANG")]
    pub lang: Option<Lang>,
    /// Directories laid over the built-in packs.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}

/// How findings of detections and incidents are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ThreatFormat {
    /// For people.
    Table,
    /// One JSON document.
    Json,
}

/// How a run of detections is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DetectFormat {
    /// For people.
    Table,
    /// One JSON document.
    Json,
    /// Detection Findings of the Open Cybersecurity Schema Framework, an array.
    Ocsf,
    /// The AWS Security Finding Format, an array.
    Asff,
}

impl DetectFormat {
    /// The format of others, if it is one.
    pub fn export(self) -> Option<ExportFormat> {
        match self {
            Self::Table | Self::Json => None,
            Self::Ocsf => Some(ExportFormat::Ocsf),
            Self::Asff => Some(ExportFormat::Asff),
        }
    }
}

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EventSource {
    /// As each record looks.
    Auto,
    /// CloudTrail.
    Cloudtrail,
    /// The audit log of a Kubernetes cluster.
    KubernetesAudit,
    /// VPC Flow Logs.
    VpcFlow,
    /// Route 53 Resolver query logs.
    Dns,
    /// Alerts of Falco.
    Runtime,
    /// Findings of GuardDuty.
    Guardduty,
}

impl EventSource {
    /// The kind that everything is taken for, if one is asked for.
    pub fn forced(self) -> Option<Source> {
        match self {
            Self::Auto => None,
            Self::Cloudtrail => Some(Source::CloudTrail),
            Self::KubernetesAudit => Some(Source::KubernetesAudit),
            Self::VpcFlow => Some(Source::VpcFlow),
            Self::Dns => Some(Source::Dns),
            Self::Runtime => Some(Source::Runtime),
            Self::Guardduty => Some(Source::GuardDuty),
        }
    }
}

/// `yagura detections`.
#[derive(Debug, Subcommand)]
pub enum DetectionsCommand {
    /// One line for each built-in detection.
    List {
        #[command(flatten)]
        common: DetectionsCommon,
    },
    /// Everything about a built-in detection: what it means, what to do, the rule.
    Show {
        /// Its name or id.
        detection: String,
        #[command(flatten)]
        common: DetectionsCommon,
    },
    /// Run the examples of detections: the built-in ones, or those of files and directories.
    Test {
        /// Files, or directories of them.
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        common: DetectionsCommon,
    },
    /// Show why a rule matches an event, or does not: every part of its condition with its value.
    Explain {
        /// The rule: a Falco name, a Sigma id, or the name of a built-in detection.
        rule: String,
        /// A file with the event.
        #[arg(value_name = "PATH")]
        events: PathBuf,
        /// The event's id [default: the first event of the file].
        #[arg(long, value_name = "ID")]
        event_id: Option<String>,
        /// What the events are.
        #[arg(long, value_enum, default_value_t = EventSource::Cloudtrail, value_name = "SOURCE")]
        source: EventSource,
        /// As JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        common: DetectionsCommon,
    },
    /// Load rule files of Falco and Sigma and tell every error and warning; exit status 2 when there is an error.
    Check {
        /// Files, in the order in which they are loaded, or directories of them.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// For people, or one JSON object for each error and warning.
        #[arg(long, short, value_enum, default_value_t = CheckFormat::Table)]
        output: CheckFormat,
        #[command(flatten)]
        common: DetectionsCommon,
    },
    /// Print the syntax tree of a Falco condition as JSON. No fields are known: only the grammar is asked.
    Parse {
        /// The condition.
        condition: String,
    },
}

/// How `detections check` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people.
    Table,
    /// One JSON object a line.
    Ndjson,
}
