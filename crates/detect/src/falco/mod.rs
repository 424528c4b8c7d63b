//! Falco's rules, unmodified: their conditions, their files, and what they say of an event.

pub mod condition;
mod fields;
pub mod output;
pub mod rules;
mod yaml;

pub use fields::{FieldTable, FieldType};
