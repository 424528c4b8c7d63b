//! The command line. Every option of `scan` is also a key of `yagura.toml`, but `--projects`, whose key defines them; and an environment variable `YAGURA_*`.

mod detections;
mod export;
mod findings;
mod import;
mod notify;
mod reports;
mod rules;
mod serve;
mod stored;
mod suppress;
mod users;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use yagura_model::{Lang, Outcome, Severity, Timestamp};

use crate::output::OutputSpec;
use crate::since::Since;
pub use detections::{
    CheckFormat, DetectArguments, DetectFormat, DetectionsCommand, DetectionsCommon, EventSource,
    IncidentsCommand, IncidentsCommon, ThreatFormat,
};
pub use export::{ExportArguments, ExportCommand};
pub use findings::{CountBy, FilterArguments, FindingsCommand, FindingsFormat, ListFormat, Order, Status};
pub use import::ImportArguments;
pub use notify::{NotifyCommand, NotifyCommon, SampleOf};
pub use reports::{
    BucketPolicyArguments, Lifetime, MakeArguments, ProgressArguments, ReportArguments, ReportCommand,
    ReportFormat,
};
pub use rules::{DocsArguments, ExplainArguments, RulesCommand, RulesCommon};
pub use serve::{ReachArguments, ServeArguments};
pub use stored::StoredArguments;
pub use suppress::{AddArguments, ImportMutelistArguments, SuppressCommand};
pub use users::UsersCommand;
use yagura_report::FrameworkFormat;

/// Defends AWS organisations: takes stock of every account and region and judges it.
#[derive(Debug, Parser)]
#[command(name = "yagura", version, arg_required_else_help = true, max_term_width = 110)]
pub struct Arguments {
    /// The configuration file; `yagura.toml` in this directory when there is one.
    #[arg(long, global = true, env = "YAGURA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub logging: Logging,
    #[command(subcommand)]
    pub command: Command,
}

/// What goes to standard error.
#[derive(Debug, Args)]
pub struct Logging {
    /// Says more; twice says every call.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Logs for people or for machines.
    #[arg(long, global = true, env = "YAGURA_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take stock of the whole organisation if the caller may list it, else of this account, and judge it.
    Scan(Box<ScanArguments>),
    /// Take stock only, and save it for `scan --snapshot`.
    Collect(Box<CollectArguments>),
    /// Look at rules, test them, begin a new one.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Look at frameworks (CIS, PCI DSS, NIST...), and at how far the last scan's accounts meet one.
    #[command(subcommand)]
    Frameworks(FrameworksCommand),
    /// Find attacks in audit logs, by Falco and Sigma rules on one engine.
    Detect(DetectArguments),
    /// Look at detections, check rule files of Falco and Sigma.
    #[command(subcommand)]
    Detections(DetectionsCommand),
    /// Look at incidents: attacks, each told as one story.
    #[command(subcommand)]
    Incidents(IncidentsCommand),
    /// Look at findings, whoever reports them; accept, assign and comment them.
    #[command(subcommand)]
    Findings(Box<FindingsCommand>),
    /// Bring in what other detectors found: from files, and from AWS's own.
    Import(Box<ImportArguments>),
    /// Hand findings on: to Security Hub, to Security Lake.
    #[command(subcommand)]
    Export(Box<ExportCommand>),
    /// Accept findings, with a reason and an end.
    #[command(subcommand)]
    Suppress(SuppressCommand),
    /// What AWS has to be told before Yagura can read it.
    #[command(subcommand)]
    Onboard(OnboardCommand),
    /// The score of the last scan and how it came about: over time, by function, account or framework.
    Score(ScoreArguments),
    /// The projects of the configuration, with their accounts; accounts in no project, or in several.
    Projects(ProjectsArguments),
    /// Tell people what was found: mail, Slack, Teams, SNS, PagerDuty, webhooks, issues.
    #[command(subcommand)]
    Notify(NotifyCommand),
    /// Write a report about each project: a workbook, CSV, a page, PDF or JSON, to a directory or to S3.
    Report(Box<ReportArguments>),
    /// How it goes on: open findings week by week, how long they take, what is overdue, what came back.
    Progress(ProgressArguments),
    /// Answer the HTTP API.
    Serve(ServeArguments),
    /// Who may sign in at the console, and a way back in for who is locked out.
    #[command(subcommand)]
    Users(UsersCommand),
    /// Judge a recorded organisation: no AWS, no network.
    Demo(DemoArguments),
}

/// Which accounts, regions and services, and as whom.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What to read")]
pub struct TargetArguments {
    /// Only these accounts: ids, or globs over names.
    #[arg(long, env = "YAGURA_ACCOUNTS", value_delimiter = ',', value_name = "ID|NAME")]
    pub accounts: Vec<String>,
    /// All but these accounts.
    #[arg(long, env = "YAGURA_EXCLUDE_ACCOUNTS", value_delimiter = ',', value_name = "ID|NAME")]
    pub exclude_accounts: Vec<String>,
    /// Only accounts below these organisational units: ids, or globs over paths such as `Root/Workloads/*`.
    #[arg(long, env = "YAGURA_ORGANIZATIONAL_UNITS", value_delimiter = ',', value_name = "OU")]
    pub organizational_units: Vec<String>,
    /// All but accounts below these organisational units.
    #[arg(long, env = "YAGURA_EXCLUDE_ORGANIZATIONAL_UNITS", value_delimiter = ',', value_name = "OU")]
    pub exclude_organizational_units: Vec<String>,
    /// Only accounts of these projects of the configuration.
    #[arg(
        long,
        visible_alias = "project",
        env = "YAGURA_PROJECTS",
        value_delimiter = ',',
        value_name = "NAME"
    )]
    pub projects: Vec<String>,
    /// Only these regions.
    #[arg(long, env = "YAGURA_REGIONS", value_delimiter = ',', value_name = "REGION")]
    pub regions: Vec<String>,
    /// All but these regions.
    #[arg(long, env = "YAGURA_EXCLUDE_REGIONS", value_delimiter = ',', value_name = "REGION")]
    pub exclude_regions: Vec<String>,
    /// Only these services, as the AWS command line names them: `ec2`, `s3`.
    #[arg(long, env = "YAGURA_SERVICES", value_delimiter = ',', value_name = "SERVICE")]
    pub services: Vec<String>,
    /// All but these services.
    #[arg(long, env = "YAGURA_EXCLUDE_SERVICES", value_delimiter = ',', value_name = "SERVICE")]
    pub exclude_services: Vec<String>,
    /// Only the account of the caller, even if there is an organisation.
    #[arg(long, env = "YAGURA_THIS_ACCOUNT")]
    pub this_account: bool,
    /// The role to assume in other accounts [default: YaguraReadOnly].
    #[arg(long, env = "YAGURA_ROLE_NAME", value_name = "NAME")]
    pub role_name: Option<String>,
    /// The external ID that the role asks for.
    #[arg(long, env = "YAGURA_EXTERNAL_ID", value_name = "ID", hide_env_values = true)]
    pub external_id: Option<String>,
    /// The session name that CloudTrail shows in other accounts [default: yagura].
    #[arg(long, env = "YAGURA_SESSION_NAME", value_name = "NAME")]
    pub session_name: Option<String>,
    /// Accounts read at the same time [default: 8].
    #[arg(long, env = "YAGURA_ACCOUNTS_AT_ONCE", value_name = "N")]
    pub accounts_at_once: Option<usize>,
    /// Calls in flight at the same time [default: 256].
    #[arg(long, env = "YAGURA_CALLS_AT_ONCE", value_name = "N")]
    pub calls_at_once: Option<usize>,
    /// Use FIPS endpoints.
    #[arg(long, env = "YAGURA_FIPS")]
    pub fips: bool,
    /// Use dual-stack (IPv4 and IPv6) endpoints.
    #[arg(long, env = "YAGURA_DUAL_STACK")]
    pub dual_stack: bool,
    /// Directories laid over the built-in packs: `collectors/`, `rules/`... of yours.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}

/// `yagura scan`.
#[derive(Debug, Args)]
pub struct ScanArguments {
    #[command(flatten)]
    pub target: TargetArguments,
    /// Judge a snapshot made by `yagura collect --save` instead of AWS.
    #[arg(long, env = "YAGURA_SNAPSHOT", value_name = "DIR")]
    pub snapshot: Option<PathBuf>,
    #[command(flatten)]
    pub judge: JudgeArguments,
}

/// How to judge and how to tell.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "How to judge and tell")]
pub struct JudgeArguments {
    /// Only these rules: ids, globs, or aliases such as `security-hub:EC2.13`, `prowler:ID`, `aws-config:NAME`.
    #[arg(long, env = "YAGURA_RULES", value_delimiter = ',', value_name = "RULE")]
    pub rules: Vec<String>,
    /// Only the rules of these frameworks, and how far they are met: ids, globs, or aliases such as `prowler:cis_5.0_aws`.
    #[arg(long, env = "YAGURA_FRAMEWORK", value_delimiter = ',', value_name = "FRAMEWORK")]
    pub framework: Vec<String>,
    /// Only rules and findings of at least this severity.
    #[arg(long, env = "YAGURA_SEVERITY", value_name = "SEVERITY")]
    pub severity: Option<Severity>,
    /// Only these answers in the output: compliant, non-compliant, not-applicable, insufficient-data.
    #[arg(long, env = "YAGURA_STATUS", value_delimiter = ',', value_name = "STATUS")]
    pub status: Vec<Outcome>,
    /// Accept what these mutelists of Prowler's mute.
    #[arg(long, env = "YAGURA_MUTELIST", value_delimiter = ',', value_name = "FILE")]
    pub mutelist: Vec<PathBuf>,
    /// Exit with status 3 when there is a violation of at least this severity.
    #[arg(long, env = "YAGURA_FAIL_ON", value_name = "SEVERITY")]
    pub fail_on: Option<Severity>,
    /// Judge as if it were then (RFC 3339); ages count to this time.
    #[arg(long, env = "YAGURA_NOW", value_name = "TIME")]
    pub now: Option<Timestamp>,
    /// The database; `none` keeps nothing [default: yagura.db in the user's data directory].
    #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// Begin anew even if an interrupted scan of the same kind could be taken up.
    #[arg(long, env = "YAGURA_FRESH")]
    pub fresh: bool,
    /// table, json, ndjson, csv, ocsf, asff, sarif, junit, html; `FORMAT=PATH` writes a file. May be repeated.
    #[arg(long, short, env = "YAGURA_OUTPUT", value_delimiter = ',', value_name = "FORMAT[=PATH]")]
    pub output: Vec<OutputSpec>,
    /// Where the output goes, instead of standard output.
    #[arg(long, env = "YAGURA_OUT", value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// The language of texts: en, ja [default: from LANG].
    #[arg(long, env = "YAGURA_LANG", value_name = "LANG")]
    pub lang: Option<Lang>,
}

/// `yagura collect`.
#[derive(Debug, Args)]
pub struct CollectArguments {
    #[command(flatten)]
    pub target: TargetArguments,
    /// The directory that receives the snapshot; it must not exist or be a snapshot that may be replaced.
    #[arg(long, value_name = "DIR")]
    pub save: PathBuf,
    /// The time written into the snapshot (RFC 3339), instead of now.
    #[arg(long, env = "YAGURA_NOW", value_name = "TIME")]
    pub now: Option<Timestamp>,
}

/// `yagura demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    #[command(flatten)]
    pub judge: JudgeArguments,
    /// Afterwards serves the console there, with a sign-in that is told, until it is stopped: an address of this machine alone.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<std::net::SocketAddr>,
}

/// `yagura frameworks`.
#[derive(Debug, Subcommand)]
pub enum FrameworksCommand {
    /// One line for each framework: how many requirements it has, and how many of them rules can answer.
    List {
        #[command(flatten)]
        common: RulesCommon,
        /// As JSON, with everything about each.
        #[arg(long)]
        json: bool,
    },
    /// A framework's requirements, with their rules and with what a person must check.
    Show {
        /// An id or alias: `cis-aws-5.0`, `prowler:cis_5.0_aws`.
        framework: String,
        #[command(flatten)]
        common: RulesCommon,
    },
    /// How far the accounts of an earlier scan meet a framework: the last that looked at all of its rules, or `--scan`.
    Report {
        /// An id or alias: `cis-aws-5.0`, `prowler:cis_5.0_aws`.
        framework: String,
        #[command(flatten)]
        common: RulesCommon,
        /// The database of the scan [default: yagura.db in the user's data directory].
        #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
        store: Option<PathBuf>,
        /// This scan, by its number, if it is still kept.
        #[arg(long, value_name = "ID")]
        scan: Option<i64>,
        /// Only this account: its id, or its name.
        #[arg(long, value_name = "ID|NAME")]
        account: Option<String>,
        /// Only the accounts of this project of the configuration.
        #[arg(long, value_name = "NAME", conflicts_with = "account")]
        project: Option<String>,
        /// table, json or csv.
        #[arg(long, short, value_name = "FORMAT", default_value_t = FrameworkFormat::Table)]
        output: FrameworkFormat,
        /// Where the output goes, instead of standard output.
        #[arg(long, value_name = "PATH")]
        out: Option<PathBuf>,
    },
}

/// `yagura score`.
#[derive(Debug, Args)]
pub struct ScoreArguments {
    /// How far to look back from the last scan: `90d`, `12w`, or a date; every comparable scan when left out.
    #[arg(long, env = "YAGURA_SINCE", value_name = "SPAN|DATE")]
    pub since: Option<Since>,
    /// The parts to show: functions on a terminal and everything in JSON when left out.
    #[arg(long, value_enum)]
    pub by: Option<ScoreBy>,
    /// The database of the scans [default: yagura.db in the user's data directory].
    #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// table or json.
    #[arg(long, short, value_enum, default_value_t = ScoreFormat::Table)]
    pub output: ScoreFormat,
    /// Where the output goes, instead of standard output.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Directories laid over the built-in packs.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// The language of texts: en, ja [default: from LANG].
    #[arg(long, env = "YAGURA_LANG", value_name = "LANG")]
    pub lang: Option<Lang>,
}

/// `yagura projects`.
#[derive(Debug, Args)]
pub struct ProjectsArguments {
    /// The database of the scans, whose last one tells which accounts there are [default: yagura.db in the user's data directory].
    #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// For people, or JSON.
    #[arg(long, short, value_enum, default_value_t = ThreatFormat::Table)]
    pub output: ThreatFormat,
    /// Exit status 3 when an account is in no project, or in several.
    #[arg(long)]
    pub fail: bool,
    /// The language of texts: en, ja [default: from LANG].
    #[arg(long, env = "YAGURA_LANG", value_name = "LANG")]
    pub lang: Option<Lang>,
}

/// The parts that a score is shown by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScoreBy {
    /// Each account.
    Account,
    /// Each project of the configuration.
    Project,
    /// Each function of the NIST Cybersecurity Framework.
    Function,
    /// Each framework, over the rules that serve it.
    Framework,
}

/// How a score is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScoreFormat {
    /// For a person at a terminal.
    Table,
    /// One JSON document.
    Json,
}

/// What there is to prepare.
#[derive(Debug, Subcommand)]
pub enum OnboardCommand {
    /// The permissions that the role in each account needs, and no more, made from the collectors.
    Policy(PolicyArguments),
}

/// What the permissions are for.
#[derive(Debug, Args)]
pub struct PolicyArguments {
    /// Only what these rules need: ids, globs, aliases.
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub rules: Vec<String>,
    /// Only these services.
    #[arg(long, value_delimiter = ',', value_name = "SERVICE")]
    pub services: Vec<String>,
    /// All but these services.
    #[arg(long, value_delimiter = ',', value_name = "SERVICE")]
    pub exclude_services: Vec<String>,
    /// Directories with rules and collectors of your own.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// Writes documents that each fit into a managed policy into this directory.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
