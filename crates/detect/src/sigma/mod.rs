//! Sigma's rules, unmodified: the `rsigma` library reads and evaluates them over our events.
//!
//! Source: <https://sigmahq.io/docs/basics/rules.html>

mod event;
mod load;
pub(crate) mod origin;
pub(crate) mod required;
#[cfg(test)]
mod tests;

pub(crate) use event::{Fields, Named};
pub use load::{Loaded, Rule, load};
