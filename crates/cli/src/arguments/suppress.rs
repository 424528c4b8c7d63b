//! `yagura suppress`: findings that are accepted.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use yagura_model::{Detector, FindingKind};

use super::StoredArguments;
use super::findings::{FindingsFormat, detector, kind};

/// `yagura suppress`.
#[derive(Debug, Subcommand)]
pub enum SuppressCommand {
    /// Every suppression, of files and made by command: how long it holds, and how many findings it hides now.
    List {
        /// For people, or JSON.
        #[arg(long, short, value_enum, default_value_t = FindingsFormat::Table)]
        output: FindingsFormat,
        #[command(flatten)]
        common: StoredArguments,
    },
    /// Accept findings, with a reason and an end.
    Add(Box<AddArguments>),
    /// Print Prowler's mutelists as a file of suppressions, with an approver and an end.
    Import(ImportMutelistArguments),
    /// Take a suppression away that was made by command; its findings come back.
    Remove {
        /// Its name.
        name: String,
        #[command(flatten)]
        common: StoredArguments,
    },
    /// Read the files of suppressions, tell every mistake, and how many findings each would hide; nothing is changed.
    Check {
        #[command(flatten)]
        common: StoredArguments,
    },
    /// Hide what suppressions hide, and let go what they no longer do. `scan` and `detect` do so too.
    Apply {
        #[command(flatten)]
        common: StoredArguments,
    },
}

/// `yagura suppress import`.
#[derive(Debug, Args)]
pub struct ImportMutelistArguments {
    /// Mutelists.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Why they are accepted, where an entry has no description.
    #[arg(long, default_value = "accepted in Prowler's mutelist", value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub agreed: AgreedArguments,
}

/// Who agreed to what is accepted, and until when.
#[derive(Debug, Args)]
pub struct AgreedArguments {
    /// Who asks for it [default: $USER].
    #[arg(
        long,
        env = "USER",
        default_value = "",
        hide_default_value = true,
        hide_env_values = true,
        value_name = "WHO"
    )]
    pub requester: String,
    /// Who agreed to it: somebody else.
    #[arg(long, value_name = "WHO")]
    pub approver: String,
    /// The last day on which it holds (UTC).
    #[arg(long, value_name = "DATE")]
    pub until: Date,
}

/// `yagura suppress add`.
#[derive(Debug, Args)]
pub struct AddArguments {
    /// What it is called.
    pub name: String,
    /// Rules: ids, globs, aliases.
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub rules: Vec<String>,
    /// The resource's id or ARN; a glob where one is written.
    #[arg(long, value_delimiter = ',', value_name = "ID|ARN")]
    pub resources: Vec<String>,
    /// Types of resources: `AWS::EC2::Instance`.
    #[arg(long, value_delimiter = ',', value_name = "TYPE")]
    pub types: Vec<String>,
    /// Tags of the resource: `key=value`.
    #[arg(long, value_delimiter = ',', value_name = "TAG")]
    pub tags: Vec<String>,
    /// Accounts: ids or names.
    #[arg(long, value_delimiter = ',', value_name = "ID|NAME")]
    pub accounts: Vec<String>,
    /// Paths of organisational units.
    #[arg(long, value_delimiter = ',', value_name = "OU")]
    pub ou: Vec<String>,
    /// Projects of the configuration.
    #[arg(long, visible_alias = "project", value_delimiter = ',', value_name = "NAME")]
    pub projects: Vec<String>,
    /// Regions.
    #[arg(long, value_delimiter = ',', value_name = "REGION")]
    pub regions: Vec<String>,
    /// Sorts of findings: configuration, threat, access, vulnerability, sensitive-data, other.
    #[arg(long, value_delimiter = ',', value_parser = kind, value_name = "KIND")]
    pub kinds: Vec<FindingKind>,
    /// Findings that one of these reports.
    #[arg(long, value_delimiter = ',', value_parser = detector, value_name = "WHO")]
    pub detectors: Vec<Detector>,
    /// Why they are accepted.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// What protects instead.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT")]
    pub compensating_control: String,
    #[command(flatten)]
    pub agreed: AgreedArguments,
    /// Hide so many findings, where there are more than 20: the number that was told.
    #[arg(long = "yes-hide", value_name = "N")]
    pub yes_hide: Option<u64>,
    #[command(flatten)]
    pub common: StoredArguments,
}
