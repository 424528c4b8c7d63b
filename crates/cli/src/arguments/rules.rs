//! The arguments of `yagura rules`, and what commands about rules share.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use yagura_model::{Lang, Timestamp};

/// `yagura rules`.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// One line for each rule.
    List {
        /// Ids, globs or aliases; all when left out.
        patterns: Vec<String>,
        #[command(flatten)]
        common: RulesCommon,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Everything about a rule: what it asks for, why, how to put it right, what that may break.
    Show {
        /// An id or alias.
        rule: String,
        #[command(flatten)]
        common: RulesCommon,
    },
    /// Run the examples inside the rules.
    Test {
        /// Ids, globs or aliases; all when left out.
        patterns: Vec<String>,
        #[command(flatten)]
        common: RulesCommon,
    },
    /// Show how a rule comes to its answer about one resource: every part of its conditions with its value.
    Explain(ExplainArguments),
    /// Begin a rule: a file with everything to fill in.
    New {
        /// The new rule's id in kebab-case.
        id: String,
        /// The type of resource it judges: `AWS::S3::Bucket`.
        #[arg(long, value_name = "TYPE")]
        resource: String,
        /// Where to put the file [default: ID.yaml in this directory].
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Write pages about every rule, framework and type of resource: to read in a browser, with no network and no server.
    Docs(DocsArguments),
}

/// `yagura rules docs`.
#[derive(Debug, Args)]
pub struct DocsArguments {
    /// The directory that receives the pages: one that is empty, is not there yet, or holds pages of an earlier run.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Directories laid over the built-in packs.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// Only the pages of one language: en, ja [default: both].
    #[arg(long, value_name = "LANG")]
    pub lang: Option<Lang>,
}

/// `yagura rules explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The rule: an id or alias.
    pub rule: String,
    /// The resource: its id, ARN or name.
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub resource: String,
    /// The account, where several hold such a resource: its id, or its name.
    #[arg(long, value_name = "ID|NAME")]
    pub account: Option<String>,
    /// The region, where there is such a resource in several; `global` for those without one.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Look into a snapshot made by `yagura collect --save` instead of the last scan.
    #[arg(long, env = "YAGURA_SNAPSHOT", value_name = "DIR", conflicts_with = "store")]
    pub snapshot: Option<PathBuf>,
    /// The database of the scan [default: yagura.db in the user's data directory].
    #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// Accept what these mutelists of Prowler's mute.
    #[arg(long, env = "YAGURA_MUTELIST", value_delimiter = ',', value_name = "FILE")]
    pub mutelist: Vec<PathBuf>,
    /// Judge as if it were then (RFC 3339), instead of when it was read.
    #[arg(long, env = "YAGURA_NOW", value_name = "TIME")]
    pub now: Option<Timestamp>,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub common: RulesCommon,
}

/// What every `rules` and `frameworks` command takes.
#[derive(Debug, Args)]
pub struct RulesCommon {
    /// Directories laid over the built-in packs.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// The language of texts: en, ja [default: from LANG].
    #[arg(long, env = "YAGURA_LANG", value_name = "LANG")]
    pub lang: Option<Lang>,
}
