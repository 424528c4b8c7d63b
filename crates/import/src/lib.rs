//! What other detectors say, as our findings; and our findings, for others.
//!
//! - [`files`]: from the bytes of a file. No I/O of its own.
//! - [`aws`]: from Security Hub, GuardDuty, AWS Config, Access Analyzer, Inspector, Macie and Trusted Advisor themselves.
//! - [`export`]: to Security Hub and to Security Lake.
//!
//! # Invariants
//!
//! - **One fact, one finding.** A check that a rule of ours means is called by our rule's id, and a resource by the key that our
//!   collectors give it, whoever tells of them.
//! - **A partial import ends nothing.** A reader says which accounts and regions it read completely; only what is missing there
//!   may end.
//! - **Nothing is lost in silence.** A finding that cannot be used is told with its place and the reason, and the rest goes on.
//! - **No details of resources are taken along**, in which secrets may stand.

pub mod aws;
pub mod export;
pub mod files;
mod resource;
mod rules;
mod shapes;
#[cfg(test)]
mod testing;
mod vocabulary;

pub use shapes::Elsewhere;
pub use vocabulary::Vocabulary;
