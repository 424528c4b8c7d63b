//! What every command that tells of what is stored asks for.

use std::path::PathBuf;

use clap::Args;
use yagura_model::{Lang, Timestamp};

/// Which store, told how.
#[derive(Debug, Default, Clone, Args)]
pub struct StoredArguments {
    /// The database of the scans [default: yagura.db in the user's data directory].
    #[arg(long, env = "YAGURA_STORE", value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// As if it were then (RFC 3339): ages and due dates count to this time [default: now].
    #[arg(long, env = "YAGURA_NOW", value_name = "TIME")]
    pub now: Option<Timestamp>,
    /// Directories laid over the built-in packs.
    #[arg(long, env = "YAGURA_PACKS", value_delimiter = ',', value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// The language of texts: en, ja [default: of reports the project's, else from LANG].
    #[arg(long, env = "YAGURA_LANG", value_name = "LANG")]
    pub lang: Option<Lang>,
}
