//! `yagura export`: findings handed on to AWS.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `yagura export`.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Hand what `scan --output asff` writes to Security Hub, each finding in its own account and region.
    SecurityHub {
        /// The file; `-` reads standard input.
        file: PathBuf,
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
        common: ExportCommon,
    },
    /// Store what `scan --output ocsf` writes in Security Lake, as Parquet in the layout of a custom source.
    SecurityLake {
        /// The file; `-` reads standard input.
        file: PathBuf,
        /// Security Lake's bucket.
        #[arg(long, value_name = "NAME")]
        bucket: String,
        /// The folder of the custom source.
        #[arg(long, default_value = "ext/yagura", value_name = "PREFIX")]
        prefix: String,
        /// The bucket's region [default: the caller's].
        #[arg(long, value_name = "REGION")]
        region: Option<String>,
        #[command(flatten)]
        common: ExportCommon,
    },
}

/// What every export asks for.
#[derive(Debug, Args)]
pub struct ExportCommon {
    /// Directories laid over the built-in packs.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}
