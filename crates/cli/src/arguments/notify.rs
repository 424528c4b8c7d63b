//! `yagura notify`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use yagura_model::{Lang, Timestamp};
use yagura_notify::Look;

use super::ThreatFormat;

/// What to do about messages.
#[derive(Debug, Subcommand)]
pub enum NotifyCommand {
    /// Draw up messages about what happened to findings since the last time, and send what is due. For cron: it ends when nothing is due.
    Run {
        #[command(flatten)]
        common: NotifyCommon,
        /// Draw up messages, and send none.
        #[arg(long)]
        plan_only: bool,
        /// As if it were then (RFC 3339).
        #[arg(long, env = "YAGURA_NOW", value_name = "TIME")]
        now: Option<Timestamp>,
        /// Wait so many seconds at most for the rate limits of destinations.
        #[arg(long, value_name = "SECONDS", default_value_t = 300)]
        patience: u64,
    },
    /// Send a test message to a destination, at once.
    Test {
        /// Its name in the configuration.
        destination: String,
        /// As to the owners of this project.
        #[arg(long, value_name = "NAME")]
        project: Option<String>,
        #[command(flatten)]
        common: NotifyCommon,
    },
    /// What a message about a finding or an incident looks like. Nothing is sent.
    Preview {
        /// The id of the finding or the incident.
        #[arg(required_unless_present = "sample", value_name = "FINDING")]
        id: Option<String>,
        /// One as there might be.
        #[arg(
            long,
            conflicts_with = "id",
            value_enum,
            value_name = "OF",
            num_args = 0..=1,
            default_missing_value = "finding"
        )]
        sample: Option<SampleOf>,
        /// How it goes out.
        #[arg(long, short, value_enum, default_value_t = PreviewFormat::Text)]
        format: PreviewFormat,
        #[command(flatten)]
        common: NotifyCommon,
    },
    /// Send a message about one finding or incident to a destination: an issue of Jira or GitHub, a room, a mail.
    Send {
        /// The id of the finding or the incident.
        #[arg(value_name = "FINDING")]
        id: String,
        /// The destination's name in the configuration.
        destination: String,
        #[command(flatten)]
        common: NotifyCommon,
    },
    /// Messages, the newest first: those that wait, those that arrived, those that never will.
    Outbox {
        /// Only those that never will.
        #[arg(long)]
        dead: bool,
        /// Only those that wait.
        #[arg(long, conflicts_with = "dead")]
        waiting: bool,
        /// So many at most.
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
        /// For people, or JSON.
        #[arg(long, short, value_enum, default_value_t = ThreatFormat::Table)]
        output: ThreatFormat,
        #[command(flatten)]
        common: NotifyCommon,
    },
    /// Send messages again that never arrived: the next `notify run` tries them.
    Resend {
        /// Their numbers, as `notify outbox` shows them.
        #[arg(required = true, value_name = "NUMBER")]
        messages: Vec<i64>,
        #[command(flatten)]
        common: NotifyCommon,
    },
}

/// What every one of them takes.
#[derive(Debug, Args)]
pub struct NotifyCommon {
    /// The database of the scans [default: yagura.db in the user's data directory].
    #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// Directories laid over the built-in packs: `messages/`, `rules/`... of yours.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// The language of texts: en, ja [default: the project's, else English; of what is shown here from LANG].
    #[arg(long, env = "YAGURA_LANG", value_name = "LANG")]
    pub lang: Option<Lang>,
}

/// What an example is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SampleOf {
    /// A resource that is not set up as a rule wants it.
    Finding,
    /// An attack of two steps.
    Incident,
}

/// How a message is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PreviewFormat {
    /// The text of a mail.
    Text,
    /// The mail as it goes out, headers and all.
    Mail,
    /// The HTML of a mail.
    Html,
    /// Slack's blocks.
    Slack,
    /// Teams' card.
    Teams,
    /// What a webhook gets.
    Webhook,
}

impl From<PreviewFormat> for Look {
    fn from(format: PreviewFormat) -> Self {
        match format {
            PreviewFormat::Text => Self::Text,
            PreviewFormat::Mail => Self::Mail,
            PreviewFormat::Html => Self::Html,
            PreviewFormat::Slack => Self::Slack,
            PreviewFormat::Teams => Self::Teams,
            PreviewFormat::Webhook => Self::Webhook,
        }
    }
}

impl NotifyCommand {
    /// Whether it has to know the projects, whose tables may be far away.
    pub fn asks_for_projects(&self) -> bool {
        match self {
            Self::Run { .. } | Self::Send { .. } => true,
            Self::Test { project, .. } => project.is_some(),
            Self::Preview { sample, .. } => sample.is_none(),
            Self::Outbox { .. } | Self::Resend { .. } => false,
        }
    }
}
