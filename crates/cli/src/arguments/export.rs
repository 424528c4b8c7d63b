//! `yagura export`: findings handed on to AWS.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{FilterArguments, StoredArguments};
use crate::since::Since;

/// `yagura export`.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Hand findings to Security Hub, each in its own account and region: those of the store, or what `--output asff` has written.
    SecurityHub {
        /// A file of `--output asff`; `-` reads standard input. Without it, what the store holds is told.
        file: Option<PathBuf>,
        /// The role in other accounts that may call securityhub:BatchImportFindings. The scanning role may only read.
        #[arg(
            long,
            env = "YAGURA_EXPORT_ROLE_NAME",
            default_value = "YaguraFindingsImport",
            value_name = "NAME"
        )]
        role_name: String,
        /// The external ID that the role asks for.
        #[arg(long, env = "YAGURA_EXTERNAL_ID", value_name = "ID", hide_env_values = true)]
        external_id: Option<String>,
        #[command(flatten)]
        what: ExportArguments,
    },
    /// Store findings in Security Lake, as Parquet in the layout of custom sources: those of the store, or what `--output ocsf` has written.
    SecurityLake {
        /// A file of `--output ocsf`; `-` reads standard input. Without it, what the store holds is told.
        file: Option<PathBuf>,
        /// Security Lake's bucket.
        #[arg(long, value_name = "NAME")]
        bucket: String,
        /// The folder of the custom source of Compliance Findings. Those of other classes are called so too, with `-detection`,
        /// `-vulnerability` or `-data-security` behind.
        #[arg(long, default_value = "ext/yagura", value_name = "PREFIX")]
        prefix: String,
        /// The bucket's region [default: the caller's].
        #[arg(long, value_name = "REGION")]
        region: Option<String>,
        #[command(flatten)]
        what: ExportArguments,
    },
}

/// What is exported out of the store.
#[derive(Debug, Args)]
pub struct ExportArguments {
    #[command(flatten)]
    pub filter: FilterArguments,
    /// Of findings that ended, those that ended since then, so that the receiver hears of it: a day, a moment, or `7d`.
    #[arg(long, default_value = "30d", value_name = "TIME", help_heading = "Which findings")]
    pub ended_since: Since,
    #[command(flatten)]
    pub common: StoredArguments,
}
