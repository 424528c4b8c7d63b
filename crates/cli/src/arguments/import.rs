//! `yagura import`: where findings of other detectors come from.

use std::path::PathBuf;

use clap::Args;
use yagura_import::aws::Source;
use yagura_model::{AccountId, Region, Timestamp};

use super::TargetArguments;
use crate::since::Since;

/// `yagura import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Files, or directories of them: ASFF, OCSF, GuardDuty, Prowler, Trivy, Grype, Falco; plain, gzip or zstd.
    #[arg(value_name = "PATH", required_unless_present = "from")]
    pub paths: Vec<PathBuf>,
    /// Detectors of AWS: security-hub, guardduty, aws-config, access-analyzer, inspector, macie, trusted-advisor.
    #[arg(long, env = "YAGURA_IMPORT_FROM", value_delimiter = ',', value_name = "DETECTOR")]
    pub from: Vec<Source>,
    /// The region that Security Hub or the aggregator of AWS Config gathers in [default: the caller's].
    #[arg(long, env = "YAGURA_AGGREGATION_REGION", value_name = "REGION")]
    pub aggregation_region: Option<String>,
    /// The aggregator of AWS Config to ask instead of each account.
    #[arg(long, env = "YAGURA_CONFIG_AGGREGATOR", value_name = "NAME")]
    pub config_aggregator: Option<String>,
    /// Only what changed since then: `7d`, or a date. Nothing ends by being absent.
    #[arg(long, value_name = "TIME")]
    pub since: Option<Since>,
    /// The account of what is in files and names none: images outside ECR, hosts.
    #[arg(long, value_name = "ID", value_parser = account)]
    pub account: Option<AccountId>,
    /// The region of the same.
    #[arg(long, value_name = "REGION", value_parser = region)]
    pub region: Option<Region>,
    /// Where results are kept [default: the user's own store].
    #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// The time that the import is of [default: now].
    #[arg(long, value_name = "TIME")]
    pub now: Option<Timestamp>,
    #[command(flatten)]
    pub target: TargetArguments,
}

fn account(text: &str) -> Result<AccountId, yagura_model::AccountIdError> {
    AccountId::new(text)
}

#[expect(clippy::unnecessary_wraps, reason = "what clap asks for")]
fn region(text: &str) -> Result<Region, std::convert::Infallible> {
    Ok(Region::from(text))
}
