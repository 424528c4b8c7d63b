//! Falco's rules, unmodified: their conditions, their files, and what they say of an event.

mod cloudtrail;
pub mod condition;
mod fields;
pub mod output;
pub mod rules;
pub(crate) mod test;
mod value;

pub use fields::{FieldTable, FieldType};
