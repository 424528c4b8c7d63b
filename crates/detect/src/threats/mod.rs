//! From matches to findings, and from findings to incidents.
//!
//! [`facts()`] reads who did what to whom out of an event that matched; [`group`] makes one finding of what one rule says about one
//! actor; [`join`] joins findings that are steps of one attack. Nothing here does I/O or reads a clock.

mod cloudtrail;
mod facts;
pub mod group;
pub mod join;
mod kubernetes;
mod links;
mod network;
mod reported;

pub use facts::{Facts, facts, is_public};
pub use links::{link, may_link};
