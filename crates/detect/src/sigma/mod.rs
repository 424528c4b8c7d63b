//! Sigma's rules, unmodified: the `rsigma` library reads and evaluates them over our events; what it reads otherwise than the
//! specification is put right in `meaning`.
//!
//! Source: <https://sigmahq.io/docs/basics/rules.html>

mod asked;
pub mod correlation;
mod event;
mod filters;
mod load;
mod meaning;
pub(crate) mod origin;
pub(crate) mod pipelines;
pub(crate) mod required;
#[cfg(test)]
mod tests;
mod windash;

pub use correlation::{Correlation, CorrelationMatch, Correlations, Fed, Limits, State};
pub(crate) use event::{Fields, Named};
pub use load::{Loaded, Loader, Rule, load, rule_alone};
