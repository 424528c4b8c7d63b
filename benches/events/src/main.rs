//! What detection is measured with: CloudTrail events of an organisation, the same for the same numbers, and the least that
//! reading them can cost.
//!
//! `generate` writes them as CloudTrail writes them to S3, and as lines of JSON for programs that read no more than that;
//! `limit` only unpacks files and checks that they are JSON.

mod calls;
mod identities;
mod limit;
mod random;
mod trail;

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The allocator of the program that is measured, so that the limit is held to the same means.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Makes CloudTrail events, and measures the least that reading them costs.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes events: below `OUT/AWSLogs` as CloudTrail does, and one a line in `OUT/events.ndjson`.
    Generate {
        /// How many.
        #[arg(long, default_value_t = 200_000)]
        events: u64,
        /// Other numbers, other events.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Where they go; the directory must not exist.
        #[arg(long)]
        out: PathBuf,
    },
    /// Unpacks files and checks that they are JSON: what no reader can do without.
    Limit {
        /// Files, or directories of them.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
}

fn main() -> io::Result<()> {
    let told = match Arguments::parse().command {
        Command::Generate { events, seed, out } => {
            serde_json::to_string(&trail::generate(events, seed, &out)?)?
        }
        Command::Limit { paths } => serde_json::to_string(&limit::read(&paths)?)?,
    };
    writeln!(io::stdout(), "{told}")
}
