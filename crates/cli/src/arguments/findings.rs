//! `yagura findings`: which findings are meant, and what is done about them.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use yagura_model::{Detector, FindingKind, RecordState, Severity, Workflow};
use yagura_report::ExportFormat;

use super::StoredArguments;
use crate::since::Since;

/// `yagura findings`.
#[derive(Debug, Subcommand)]
pub enum FindingsCommand {
    /// The worst first: what is open and has not been accepted, unless asked otherwise.
    List {
        #[command(flatten)]
        filter: FilterArguments,
        /// So many at most [default: 50; ocsf and asff hold all].
        #[arg(long, short = 'n', value_name = "N")]
        limit: Option<usize>,
        /// Behind this place: the last page tells it.
        #[arg(long, value_name = "PLACE")]
        after: Option<String>,
        /// Of equally severe ones, which come first [default: newest].
        #[arg(long, value_enum, value_name = "ORDER")]
        order: Option<Order>,
        /// For people, for machines, or in the formats of others.
        #[arg(long, short, value_enum, default_value_t = ListFormat::Table)]
        output: ListFormat,
        /// Where the output goes, instead of standard output.
        #[arg(long, value_name = "PATH")]
        out: Option<PathBuf>,
        #[command(flatten)]
        common: StoredArguments,
    },
    /// How many there are, by something.
    Count {
        #[command(flatten)]
        filter: FilterArguments,
        /// By what.
        #[arg(long, value_enum, default_value_t = CountBy::Severity)]
        by: CountBy,
        /// For people, or JSON.
        #[arg(long, short, value_enum, default_value_t = FindingsFormat::Table)]
        output: FindingsFormat,
        #[command(flatten)]
        common: StoredArguments,
    },
    /// Everything about one finding: what is wrong, what to do, what happened to it.
    Show {
        /// Its id, or how the id begins.
        finding: String,
        /// For people, or JSON.
        #[arg(long, short, value_enum, default_value_t = FindingsFormat::Table)]
        output: FindingsFormat,
        #[command(flatten)]
        common: StoredArguments,
    },
    /// Do something about findings: those named, or all that a filter lets through.
    Set {
        /// Ids, or how they begin; none: whatever the filter lets through.
        #[arg(value_name = "FINDING")]
        findings: Vec<String>,
        #[command(flatten)]
        filter: FilterArguments,
        /// The new state: new, notified, suppressed, resolved.
        #[arg(long, value_parser = workflow, value_name = "STATE", id = "set_workflow")]
        to: Option<Workflow>,
        /// Who takes care of it: a mail address or a name; `-` for nobody.
        #[arg(long, value_name = "WHO")]
        assign: Option<String>,
        /// The reason, or a comment by itself.
        #[arg(long, short = 'm', value_name = "TEXT")]
        comment: Option<String>,
        /// Do it, however many there are. Without it more than one finding is only counted.
        #[arg(long)]
        yes: bool,
        /// Who does it [default: $USER].
        #[arg(long = "as", env = "USER", value_name = "WHO", hide_env_values = true)]
        who: Option<String>,
        #[command(flatten)]
        common: StoredArguments,
    },
}

/// Which findings. No environment variable narrows them: what is done to many at once must stand in the command.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Which findings")]
pub struct FilterArguments {
    /// Active ones, ended ones, or all [default: active].
    #[arg(long, value_enum, value_name = "STATE")]
    pub status: Option<Status>,
    /// In these states of work: new, notified, suppressed, resolved [default: new,notified].
    #[arg(long, value_delimiter = ',', value_parser = workflow, value_name = "STATE")]
    pub workflow: Vec<Workflow>,
    /// At least so severe.
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<Severity>,
    /// Of these sorts: configuration, threat, access, vulnerability, sensitive-data, other.
    #[arg(long, value_delimiter = ',', value_parser = kind, value_name = "KIND")]
    pub kind: Vec<FindingKind>,
    /// Reported by these: yagura, security-hub, guardduty, aws-config...
    #[arg(long, value_delimiter = ',', value_parser = detector, value_name = "WHO")]
    pub detector: Vec<Detector>,
    /// In these accounts: ids, or globs over names.
    #[arg(long, value_delimiter = ',', value_name = "ID|NAME")]
    pub accounts: Vec<String>,
    /// In accounts of these projects of the configuration.
    #[arg(long, visible_alias = "project", value_delimiter = ',', value_name = "NAME")]
    pub projects: Vec<String>,
    /// In these regions.
    #[arg(long, value_delimiter = ',', value_name = "REGION")]
    pub regions: Vec<String>,
    /// Of these rules: ids, globs, aliases such as `security-hub:EC2.13`.
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub rules: Vec<String>,
    /// Of rules that serve these frameworks.
    #[arg(long, visible_alias = "framework", value_delimiter = ',', value_name = "FRAMEWORK")]
    pub frameworks: Vec<String>,
    /// About resources of these services: `ec2`, `s3`.
    #[arg(long, value_delimiter = ',', value_name = "SERVICE")]
    pub services: Vec<String>,
    /// About resources of these types: `AWS::EC2::Instance`.
    #[arg(long, value_delimiter = ',', value_name = "TYPE")]
    pub types: Vec<String>,
    /// About resources whose id, name or ARN holds this text.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// With one of these people.
    #[arg(long, value_delimiter = ',', value_name = "WHO")]
    pub assignee: Vec<String>,
    /// With nobody.
    #[arg(long, conflicts_with = "assignee")]
    pub unassigned: bool,
    /// Hidden by one of these suppressions.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    pub suppression: Vec<String>,
    /// Open since then or later: a day, a moment, or `7d`.
    #[arg(long, value_name = "TIME")]
    pub since: Option<Since>,
    /// Open since before then: a day, a moment, or `30d`.
    #[arg(long, value_name = "TIME")]
    pub before: Option<Since>,
    /// Open for longer than their severity allows: `[sla]` in yagura.toml.
    #[arg(long, conflicts_with = "before")]
    pub overdue: bool,
}

impl FilterArguments {
    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        let Self { status, workflow, severity, kind, detector, accounts, projects, regions, .. } = self;
        let Self {
            rules,
            frameworks,
            services,
            types,
            text,
            assignee,
            unassigned,
            suppression,
            since,
            before,
            overdue,
            ..
        } = self;
        let lists = [accounts, projects, regions, rules, frameworks, services, types, assignee, suppression];
        status.is_none()
            && workflow.is_empty()
            && severity.is_none()
            && kind.is_empty()
            && detector.is_empty()
            && lists.iter().all(|it| it.is_empty())
            && text.is_none()
            && !unassigned
            && since.is_none()
            && before.is_none()
            && !overdue
    }
}

/// Whether findings are about the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Status {
    /// It is so now.
    Active,
    /// It ended.
    Archived,
    /// Either.
    All,
}

impl Status {
    /// The states that are meant; none means all.
    pub fn states(self) -> Option<RecordState> {
        match self {
            Self::Active => Some(RecordState::Active),
            Self::Archived => Some(RecordState::Archived),
            Self::All => None,
        }
    }
}

/// Which of equally severe findings come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// Those that opened last.
    Newest,
    /// Those that are open for longest.
    Oldest,
}

/// By what findings are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CountBy {
    /// By severity.
    Severity,
    /// By state of work.
    Workflow,
    /// By sort.
    Kind,
    /// By account.
    Account,
    /// By project of the configuration.
    Project,
    /// By rule.
    Rule,
    /// By framework.
    Framework,
}

/// How a list of findings is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A page, for people.
    Table,
    /// A page, as one JSON document.
    Json,
    /// All of them, one a row, by account, region, type, id and rule: for Excel and its like.
    Csv,
    /// All of them, one JSON object a line, in the same order.
    Ndjson,
    /// All of them, in the Open Cybersecurity Schema Framework: an array in the same order.
    Ocsf,
    /// All of them, in the AWS Security Finding Format, in the same order.
    Asff,
}

impl ListFormat {
    /// The format of all of them, if it is one.
    pub fn export(self) -> Option<ExportFormat> {
        match self {
            Self::Table | Self::Json => None,
            Self::Csv => Some(ExportFormat::Csv),
            Self::Ndjson => Some(ExportFormat::Ndjson),
            Self::Ocsf => Some(ExportFormat::Ocsf),
            Self::Asff => Some(ExportFormat::Asff),
        }
    }
}

/// How findings are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FindingsFormat {
    /// For people.
    Table,
    /// One JSON document.
    Json,
}

fn workflow(word: &str) -> Result<Workflow, String> {
    let found = Workflow::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word));
    found.ok_or_else(|| format!("`{word}` is none of new, notified, suppressed, resolved"))
}

pub(super) fn kind(word: &str) -> Result<FindingKind, String> {
    let words: Vec<_> = FindingKind::ALL.iter().map(|it| it.as_str()).collect();
    let found = FindingKind::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word));
    found.ok_or_else(|| format!("`{word}` is none of {}", words.join(", ")))
}

pub(super) fn detector(word: &str) -> Result<Detector, String> {
    let words: Vec<_> = Detector::ALL.iter().map(|it| it.as_str()).collect();
    let found = Detector::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word));
    found.ok_or_else(|| format!("`{word}` is none of {}", words.join(", ")))
}
