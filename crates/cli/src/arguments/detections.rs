//! The arguments of `yagura detect` and `yagura detections`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use yagura_model::Lang;

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
    /// Files of events, or directories of them: JSON, plain or compressed with gzip or zstd.
    #[arg(required = true, value_name = "PATH")]
    pub sources: Vec<PathBuf>,
    /// What the events are.
    #[arg(long, value_enum, default_value_t = EventSource::Cloudtrail, value_name = "SOURCE")]
    pub source: EventSource,
    #[command(flatten)]
    pub common: DetectionsCommon,
    /// Print every match as a line of JSON: `rule`, `event_id`, `time`.
    #[arg(long)]
    pub matches: bool,
    /// Threads that read files [default: one for each core].
    #[arg(long, env = "YAGURA_THREADS", value_name = "N")]
    pub threads: Option<usize>,
    /// Where the output goes, instead of standard output.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
}

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EventSource {
    /// CloudTrail.
    Cloudtrail,
    /// The audit log of a Kubernetes cluster.
    KubernetesAudit,
}

impl From<EventSource> for yagura_detect::Source {
    fn from(source: EventSource) -> Self {
        match source {
            EventSource::Cloudtrail => Self::CloudTrail,
            EventSource::KubernetesAudit => Self::KubernetesAudit,
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
